// Wherever a password stands in a connection string, in whatever text around it, it is not in the
// redacted text; and no message about a malformed string shows it. The input is the text around,
// and the password's end.
#include <string>
#include <string_view>

#include "engine/db/conninfo.h"
#include "pgpm/error.h"
#include "pgpm/target.h"
#include "tests/fuzz/property.h"

namespace pgpm::fuzz {
namespace {

constexpr const char* password = "S3cr3tOfTheFuzzer";

bool shows(std::string_view text) {
  return text.find(password) != std::string_view::npos;
}

void check_text(const std::string& noise) {
  const Secret uri(std::string("postgresql://user:") + password + "@host:5432/db?sslmode=disable");
  const Secret pairs(std::string("host=h user='u v' password='") + password + "' dbname=d");
  for (const Secret* dsn : {&uri, &pairs}) {
    require(!shows(redact(noise + dsn->reveal(), *dsn)), "no password behind other text");
    require(!shows(redact(dsn->reveal() + noise, *dsn)), "no password before other text");
    require(!shows(redact(noise + password, *dsn)), "no password of the dsn alone");
  }
  require(!shows(redact(noise + " " + uri.reveal())), "no password of a URI not known");
}

void check_malformed(const std::string& noise) {
  Target target;
  target.dsn = Secret(std::string("postgresql://user:") + password + noise);
  try {
    db::connection_parameters(target);
  } catch (const pgpm::Error& error) {
    require(!shows(error.what()) && !shows(error.hint()), "no password in a message");
  }
}

}  // namespace
}  // namespace pgpm::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace pgpm::fuzz;
  const std::string noise(text_of(bytes, size));
  if (shows(noise)) return 0;  // libFuzzer learns the word from comparisons
  check_text(noise);
  check_malformed(noise);
  pgpm::redact(noise, pgpm::Secret(noise));
  return 0;
}
