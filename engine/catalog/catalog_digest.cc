// One digest over all objects of a snapshot. Knows nothing of where they came from.
#include <fmt/compile.h>
#include <fmt/format.h>

#include <iterator>
#include <string>
#include <string_view>

#include "engine/text/digest.h"
#include "pgpm/catalog.h"

namespace pgpm {

namespace {

/// Hashes what is collected in big pieces: there are some hundred thousand small texts.
class Collected {
 public:
  // Lengths go along, so that no two different snapshots are the same bytes.
  void add_text(std::string_view text) {
    add_number(text.size(), ':');
    buffer_ += text;
    if (buffer_.size() >= flush_size) flush();
  }
  void add_number(std::size_t number, char end) {
    fmt::format_to(std::back_inserter(buffer_), FMT_COMPILE("{}{}"), number, end);
  }
  std::string finish_hex() {
    flush();
    return digest_.finish_hex();
  }

 private:
  static constexpr std::size_t flush_size = std::size_t{64} * 1024;
  void flush() {
    digest_.update(buffer_);
    buffer_.clear();
  }

  Sha256 digest_;
  std::string buffer_;
};

}  // namespace

std::string catalog_digest(const std::vector<CatalogObject>& objects) {
  Collected all;
  for (const CatalogObject& object : objects) {
    all.add_text(object.kind);
    all.add_text(object.identity);
    all.add_text(object.within);
    all.add_number(object.facts.size(), ';');
    for (const CatalogFact& fact : object.facts) {
      all.add_text(fact.name);
      all.add_text(fact.value);
    }
  }
  return all.finish_hex();
}

}  // namespace pgpm
