// What is sent has the script's length and lines; comments and blanks in front leave the
// fingerprint alone.
#include <string>
#include <string_view>

#include "engine/sql/fingerprint.h"
#include "engine/sql/script.h"
#include "engine/text/utf8.h"
#include "tests/fuzz/property.h"

namespace pgpm::fuzz {
namespace {

bool ends_line(char c) {
  return c == '\n' || c == '\r';
}

void check_sendable(const sql::Script& script) {
  const std::string_view source = script.source().bytes(), sent = script.sendable();
  require(source.size() == sent.size(), "sent text is as long as its source");
  for (std::size_t i = 0; i < sent.size(); ++i)
    require(sent[i] == source[i] || (sent[i] == ' ' && !ends_line(source[i])),
            "a byte is sent as written, or blanked");
}

void check_fingerprint(const std::string& text) {
  const std::string print = sql::fingerprint(text);
  require(print.size() == 64, "a fingerprint is 64 digits");
  if (byte_order_mark(text) != 0) return;
  require(sql::fingerprint("-- a comment\n \t" + text) == print, "comments do not count");
  require(sql::fingerprint("/* a /* b */ */\r\n" + text) == print, "block comments neither");
}

}  // namespace
}  // namespace pgpm::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace pgpm::fuzz;
  const std::string text(text_of(bytes, size));
  const auto script = pgpm::sql::Script::parse("deploy/fuzz.sql", text);
  check_sendable(*script);
  check_fingerprint(text);
  return 0;
}
