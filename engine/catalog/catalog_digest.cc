// One digest over all objects of a snapshot. Knows nothing of where they came from.
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "engine/text/digest.h"
#include "pgpm/catalog.h"

namespace pgpm {

namespace {

// Lengths go along, so that no two different snapshots are the same bytes.
class LengthsAndTexts {
 public:
  void add_text(std::string_view text) {
    add_number(text.size(), ':');
    digest_.update(text);
  }
  void add_number(std::size_t number, char end) {
    const fmt::format_int digits(number);
    digest_.update({digits.data(), digits.size()});
    digest_.update({&end, 1});
  }
  std::string finish_hex() { return digest_.finish_hex(); }

 private:
  Sha256 digest_;
};

}  // namespace

std::string catalog_digest(const std::vector<CatalogObject>& objects) {
  LengthsAndTexts all;
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
