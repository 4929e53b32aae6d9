#include "tests/faults/message_reader.h"

#include <catch2/catch.hpp>
#include <vector>

using namespace pgpm::tests;

namespace {

std::string int32(std::int32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
  return bytes;
}

std::string packet(std::int32_t code, const std::string& rest = {}) {
  return int32(static_cast<std::int32_t>(8 + rest.size())) + int32(code) + rest;
}

std::string typed(char type, const std::string& body) {
  return type + int32(static_cast<std::int32_t>(4 + body.size())) + body;
}

struct Seen {
  char type;
  std::int32_t code;
  std::string bytes;
  bool operator==(const Seen&) const = default;
};

std::vector<Seen> read_in_pieces(From from, const std::string& all, std::size_t piece) {
  MessageReader reader(from);
  std::vector<Seen> seen;
  for (std::size_t at = 0; at < all.size(); at += piece) {
    reader.add(std::string_view(all).substr(at, piece));
    while (auto message = reader.next())
      seen.push_back({message->type, message->code, message->bytes});
  }
  CHECK(reader.waiting() == 0);
  return seen;
}

}  // namespace

TEST_CASE("messages are found however the bytes arrive") {
  const std::string ssl = packet(ssl_request), gss = packet(gss_request);
  const std::string startup = packet(196608, std::string("user\0x\0\0", 8));
  const std::string query = typed('Q', std::string("SELECT 1\0", 9)), end = typed('X', "");
  const std::string client = ssl + gss + startup + query + end;
  const std::string key = typed('K', int32(4711) + int32(-1)), ready = typed('Z', "I");
  const std::string server = key + ready;
  for (const std::size_t piece :
       {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, client.size()}) {
    CAPTURE(piece);
    CHECK(read_in_pieces(From::client, client, piece) == std::vector<Seen>{{0, ssl_request, ssl},
                                                                           {0, gss_request, gss},
                                                                           {0, 196608, startup},
                                                                           {'Q', 0, query},
                                                                           {'X', 0, end}});
    CHECK(read_in_pieces(From::server, server, piece) ==
          std::vector<Seen>{{'K', 0, key}, {'Z', 0, ready}});
  }
}

TEST_CASE("a cancel request is a packet of its own") {
  const std::string cancel = packet(cancel_request, int32(4711) + int32(99));
  CHECK(read_in_pieces(From::client, cancel, 5) == std::vector<Seen>{{0, cancel_request, cancel}});
}

TEST_CASE("an incomplete message waits") {
  MessageReader reader(From::server);
  reader.add(typed('Z', "I").substr(0, 5));
  CHECK_FALSE(reader.next());
  CHECK(reader.waiting() == 5);
  reader.add("I");
  CHECK(reader.next());
}

TEST_CASE("a length that cannot be is refused") {
  MessageReader server(From::server), client(From::client);
  server.add(std::string("Z\0\0\0\3", 5));
  CHECK_THROWS(server.next());
  client.add(std::string("\0\0\0\4", 4));
  CHECK_THROWS(client.next());
}
