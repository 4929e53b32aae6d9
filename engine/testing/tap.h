// The Test Anything Protocol as pgTAP's functions return it in result sets: "ok 1 - ...",
// "not ok 2 - ...", "1..N", "# diagnostics", directives SKIP and TODO. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pgpm {

struct TapFailure {
  std::size_t number = 0;   ///< of the assertion, from 1
  std::string description;  ///< "" if it has none
  std::string diagnostics;  ///< what stands behind it, without the "# ", lines joined by "; "
  std::size_t place = 0;    ///< the caller's: where the line came from
};

/// Reads lines in the order in which they came.
class TapReader {
 public:
  /// One row's text; `place` is remembered with a failure. Text that is no TAP is passed over.
  void read(std::string_view text, std::size_t place);

  /// Whether there was any line of a plan, an assertion, or "Bail out!".
  bool has_tap() const { return planned_.has_value() || assertions_ > 0 || bail_out_.has_value(); }
  std::size_t assertions() const { return assertions_; }
  /// Assertions that failed and are not TODO.
  const std::vector<TapFailure>& failures() const { return failures_; }
  /// What is wrong as a whole, "" if nothing: no plan, another number of assertions than planned,
  /// "Bail out!".
  std::string complaint() const;
  /// The reason of a plan "1..0 # SKIP reason": the whole test is to be skipped.
  const std::optional<std::string>& skipped() const { return skipped_; }

 private:
  void read_line(std::string_view line, std::size_t place);
  void read_assertion(std::string_view rest, bool ok, std::size_t place);
  bool read_plan(std::string_view line);

  std::optional<std::size_t> planned_;
  std::size_t assertions_ = 0;
  std::vector<TapFailure> failures_;
  bool in_failure_ = false;  // "#" lines belong to the last failure
  std::optional<std::string> skipped_, bail_out_;
};

}  // namespace pgpm
