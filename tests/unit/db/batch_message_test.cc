// Messages of batches and the way back from positions, without a server.
#include "engine/db/batch_message.h"

#include <catch2/catch.hpp>

using namespace pgpm;
using namespace pgpm::db;

namespace {

std::shared_ptr<const sql::Script> script(std::string text) {
  return sql::Script::parse("deploy/x.sql", std::move(text));
}

std::vector<Message> messages(const Batch& batch, std::size_t limit = 1U << 20U) {
  MessageBuilder builder(batch, CopyData::left_out, limit);
  std::vector<Message> all;
  while (auto message = builder.next()) all.push_back(std::move(*message));
  return all;
}

std::string joined(const std::vector<Message>& parts) {
  std::string text;
  for (const Message& part : parts) text += part.text;
  return text;
}

}  // namespace

TEST_CASE("fragments share a message and keep their slots", "[batch]") {
  Batch batch;
  batch.add("BEGIN", 0);
  batch.add_script(script("CREATE TABLE a ();\nCREATE TABLE b () -- the end"), 1);
  batch.add("SELECT 1; SELECT 2", 1, 2);
  batch.add_commit(2);
  const auto all = messages(batch);
  REQUIRE(all.size() == 1);
  CHECK(all[0].text ==
        "BEGIN;\nCREATE TABLE a ();\nCREATE TABLE b () -- the end\n;\nSELECT 1; SELECT "
        "2;\nCOMMIT;\n");
  REQUIRE(all[0].slots.size() == 6);
  CHECK(all[0].slots[2].fragment == 1);
  CHECK(all[0].slots[2].statement == 1);
  CHECK(all[0].slots[4].statement == 1);
  CHECK(all[0].slots[5].fragment == 3);
  CHECK(batch.fragments()[3].must_commit);
}

TEST_CASE("a character position leads to the byte of the fragment it is in", "[batch]") {
  Batch batch;
  batch.add("SELECT 'äöü'", 0);
  batch.add_script(script("-- ünï\r\nSELECT 'ß', wrong"), 1);
  const Message message = messages(batch).front();
  // SELECT 'äöü';\n is 14 characters, so the script begins at the 15th.
  CHECK(place_of(message, 1).fragment == 0);
  CHECK(place_of(message, 15).fragment == 1);
  CHECK(place_of(message, 15).offset == 0);
  // -- ünï\r\nSELECT 'ß', is 20 characters and 23 bytes.
  const Place place = place_of(message, 15 + 20);
  CHECK(batch.fragments()[1].script->source().bytes().substr(place.offset) == "wrong");
  const SourceLocation where = batch.fragments()[1].script->source().location(place.offset);
  CHECK(where.line == 2);
  CHECK(where.column == 13);
  // Our own separator, and what is beyond everything, is the end of the script.
  const std::size_t size = batch.fragments()[1].script->source().bytes().size();
  CHECK(place_of(message, 15 + 26).offset == size);
  CHECK(place_of(message, 1000).offset == size);
}

TEST_CASE("a parenthesis that stays open is closed by no other script", "[batch]") {
  Batch batch;
  batch.add("BEGIN", 0);
  batch.add_script(script("CREATE RULE r AS ON UPDATE TO t DO (DELETE FROM t"), 1);
  batch.add_script(script("DELETE FROM t)"), 2);
  const auto all = messages(batch);
  REQUIRE(all.size() == 2);
  CHECK(all[0].text == "BEGIN;\nCREATE RULE r AS ON UPDATE TO t DO (DELETE FROM t\n;\n");
}

TEST_CASE("a message that would be too long is cut between statements only", "[batch]") {
  std::string text;
  for (int i = 0; i < 20; ++i) text += "SELECT 'statement ; " + std::to_string(i) + "';\n";
  Batch batch;
  batch.add("BEGIN", 0);
  batch.add_script(script(text), 0);
  batch.add_commit(0);
  const auto whole = messages(batch);
  const auto cut = messages(batch, 100);
  REQUIRE(whole.size() == 1);
  REQUIRE(cut.size() > 5);
  CHECK(joined(cut) == joined(whole));
  std::size_t slots = 0;
  for (const Message& part : cut) {
    CHECK(part.text.size() <= 100 + 3);
    slots += part.slots.size();
  }
  CHECK(slots == whole[0].slots.size());
  CHECK(cut[1].text.substr(0, 6) == "SELECT");
  const Place place = place_of(cut[1], 1);
  CHECK(statement_at(*batch.fragments()[1].script, place.offset) == cut[1].slots[0].statement);
}

TEST_CASE("scripts that refuse transactions go alone, statement by statement", "[batch]") {
  const auto refusing = script("CREATE INDEX CONCURRENTLY i ON t (a);\nVACUUM t;\n");
  REQUIRE_FALSE(refusing->transactional());
  Batch batch;
  batch.add("SELECT 1", 0);
  batch.add_script(refusing, 0);
  batch.add("SELECT 2", 0);
  const auto all = messages(batch);
  REQUIRE(all.size() == 4);
  CHECK(all[1].text == "CREATE INDEX CONCURRENTLY i ON t (a);\n");
  CHECK(all[2].text == "VACUUM t;\n\n;\n");
  CHECK(all[2].slots[0].statement == 1);
}

TEST_CASE("a single statement of a script is a fragment too", "[batch]") {
  const auto two = script("SELECT 1;\n/* second */ SELECT wrong;\n");
  Batch batch;
  batch.add("SELECT 0", 0);
  batch.add_statement(two, 1, 7);
  const auto all = messages(batch);
  REQUIRE(all.size() == 2);
  CHECK(all[1].text == "SELECT wrong;\n\n;\n");
  CHECK(place_of(all[1], 8).offset == two->source().bytes().find("wrong"));
  REQUIRE(all[1].slots.size() == 1);
  CHECK(all[1].slots[0].statement == 1);
  CHECK(batch.fragments()[1].label == 7);
}

TEST_CASE("COPY data is left out of messages and shown in renderings", "[batch]") {
  const std::string text = "COPY t FROM STDIN;\n1\tä\n2\tb\n\\.\nSELECT wrong;\n";
  Batch batch;
  batch.add_script(script(text), 0);
  const Message message = messages(batch).front();
  CHECK(message.text == "COPY t FROM STDIN;\nSELECT wrong;\n\n;\n");
  CHECK(place_of(message, message.text.find("wrong") + 1).offset == text.find("wrong"));
  REQUIRE(render_batch(batch).size() == 1);
  CHECK(render_batch(batch).front() == text + "\n;\n");
}

TEST_CASE("an outer transaction is blank in the message, with offsets kept", "[batch]") {
  const std::string text = "BEGIN;\nSELECT 1;\nCOMMIT;\n";
  Batch batch;
  batch.add_script(script(text), 0);
  const Message message = messages(batch).front();
  CHECK(message.text == "      \nSELECT 1;\n       \n\n;\n");
  CHECK(message.slots.size() == 1);
}

TEST_CASE("a script of comments only has no slots", "[batch]") {
  Batch batch;
  batch.add_script(script("-- nothing here"), 0);
  batch.add("SELECT 1", 0);
  const Message message = messages(batch).front();
  CHECK(message.text == "-- nothing here\n;\nSELECT 1;\n");
  REQUIRE(message.slots.size() == 1);
  CHECK(message.slots[0].fragment == 1);
}
