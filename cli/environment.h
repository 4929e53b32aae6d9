// The environment variables, read in one place so that tests can give their own.
#pragma once

#include <map>
#include <string>

namespace pgpm::cli {

class Environment {
 public:
  /// The process's own.
  Environment() = default;
  /// Exactly these, whatever the process has.
  explicit Environment(std::map<std::string, std::string> only)
      : only_(std::move(only)), is_given_(true) {}

  /// "" if it is unset or empty: libpq makes no difference either.
  std::string get(const char* name) const;
  bool has(const char* name) const { return !get(name).empty(); }

 private:
  std::map<std::string, std::string> only_;
  bool is_given_ = false;
};

}  // namespace pgpm::cli
