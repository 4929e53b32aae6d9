// MessageReader: the same messages, however the stream is cut into pieces.
#include "tests/faults/message_reader.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace pgpm::faults;

namespace {

std::string number(unsigned value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xffU);
  return bytes;
}

std::string untyped(unsigned code, const std::string& rest = {}) {
  return number(static_cast<unsigned>(8 + rest.size())) + number(code) + rest;
}

std::string typed(char type, const std::string& rest = {}) {
  return type + number(static_cast<unsigned>(4 + rest.size())) + rest;
}

/// "type:size" of each message, fed in pieces of `piece` bytes.
std::string read(Sender sender, const std::string& stream, std::size_t piece) {
  MessageReader reader(sender);
  std::string seen;
  for (std::size_t at = 0; at < stream.size(); at += piece)
    reader.feed(std::string_view(stream).substr(at, piece), [&](const WireMessage& message) {
      const std::string type = message.type == '\0' ? "start" : std::string(1, message.type);
      seen += type + ":" + std::to_string(message.bytes.size()) + " ";
    });
  return seen;
}

}  // namespace

TEST_CASE("a client's messages: requests and start-up without a type, then typed ones") {
  const std::string stream = untyped(ssl_request) + untyped(gss_request) +
                             untyped(196608, "user\0x\0\0") + typed('Q', "SELECT 1;") + typed('X');
  const std::size_t piece = GENERATE(1U, 2U, 3U, 7U, 16U, 1000U);
  CHECK(read(Sender::client, stream, piece) == "start:8 start:8 start:12 Q:14 X:5 ");
}

TEST_CASE("a server's messages are typed from the first on") {
  const std::string stream =
      typed('R', number(0)) + typed('Z', "I") + typed('D', std::string(70000, 'x'));
  const std::size_t piece = GENERATE(1U, 5U, 4096U, 100000U);
  CHECK(read(Sender::server, stream, piece) == "R:9 Z:6 D:70005 ");
}

TEST_CASE("an unfinished message is none") {
  CHECK(read(Sender::server, typed('Z', "I").substr(0, 5), 1).empty());
  CHECK(read(Sender::client, untyped(ssl_request).substr(0, 3), 1).empty());
}

TEST_CASE("what a client asks for before it starts is told apart") {
  MessageReader reader(Sender::client);
  std::vector<int> codes;
  reader.feed(untyped(ssl_request) + untyped(cancel_request, number(1)),
              [&](const WireMessage& message) { codes.push_back(message.code()); });
  CHECK(codes == std::vector<int>{ssl_request, cancel_request});
}
