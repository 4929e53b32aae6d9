#include "engine/session/secrets.h"

#include <catch2/catch.hpp>

#include "tests/support/recording_observer.h"

using namespace pgpm;

namespace {

/// Everything a message can say, each field with `text` in it.
ServerMessage full_of(const std::string& text) {
  ServerMessage message;
  message.severity = "ERROR";
  message.message = message.detail = message.hint = message.context = message.internal_query =
      message.schema = message.table = message.column = message.data_type = message.constraint =
          text;
  return message;
}

std::string all_of(const ServerMessage& m) {
  return m.message + m.detail + m.hint + m.context + m.internal_query + m.schema + m.table +
         m.column + m.data_type + m.constraint;
}

bool holds(const std::string& text, const std::string& word) {
  return text.find(word) != std::string::npos;
}

}  // namespace

TEST_CASE("values of parameters that sound secret are taken out of texts") {
  const Secrets secrets({{"db_password", "hunter2x"},
                         {"env", "production"},
                         {"api_token", "abc"},
                         {"use_key", "true"},
                         {"auth_header", "Basic eHl6"},
                         {"db_pass", "pass-the-salt"}},
                        {});
  CHECK(secrets.without("hunter2x in production: abc hunter2xhunter2x, true") ==
        "*** in production: abc ******, true");
  CHECK(secrets.without("'Basic eHl6' pass-the-salt") == "'***' ***");
  CHECK(secrets.without(std::string()).empty());
}

TEST_CASE("a parameter can be named secret") {
  const SessionParameters parameters{{"licence", "A-1234-B"}};
  CHECK(Secrets(parameters, {}).without("A-1234-B") == "A-1234-B");
  CHECK(Secrets(parameters, {"Licence"}).without("A-1234-B") == "***");
  CHECK(Secrets(parameters, {"other"}).without("A-1234-B") == "A-1234-B");
}

TEST_CASE("a secret is known in every form a server writes it in") {
  const std::string value = "it's a \\\"long\" secret of many words, more than a server shows";
  const Secrets secrets({{"secret", value}}, {});
  for (const std::string& text : std::vector<std::string>{
           value, "it''s a \\\"long\" secret of many words, more than a server shows",
           "it''s a \\\\\"long\" secret of many words, more than a server shows",
           "it's a \\\\\\\"long\\\" secret of many words, more than a server shows"}) {
    INFO(text);
    CHECK(secrets.without("<" + text + ">") == "<***>");
    CHECK(secrets.without("<" + text + "> <" + value + ">") == "<***> <***>");
    CHECK(secrets.without("Failing row contains (1, " + text.substr(0, 40) + "...)") ==
          "Failing row contains (1, ***...)");
  }
  CHECK(secrets.without("it's a") == "it's a");
}

TEST_CASE("of two secrets with the same beginning both are gone") {
  const Secrets secrets({{"token_a", "sixteen-bytes-and"}, {"token_b", "sixteen-bytes-and-more"}},
                        {});
  CHECK(secrets.without("sixteen-bytes-and, sixteen-bytes-and-more") == "***, ***");
}

TEST_CASE("no event and no error holds a secret") {
  const std::string value = "hunter2-hunter2";
  const Secrets secrets({{"password", value}}, {});
  tests::RecordingObserver told;
  DiscreetObserver observer(told, secrets);
  observer.on_event(NoticeRaised{"a", "b", full_of(value)});
  observer.on_event(
      WarningRaised{{}, {}, {Severity::warning, {"f", 1, 2}, value, value, "not " + value}});
  CheckFinished check;
  check.name = "name";
  check.message = value;
  check.server = full_of(value);
  check.findings.push_back({Severity::error, {}, value, value, value});
  observer.on_event(check);
  REQUIRE(told.events.size() == 3);
  CHECK_FALSE(holds(all_of(told.all<NoticeRaised>()[0].message), value));
  CHECK(told.all<NoticeRaised>()[0].message.table == "***");
  CHECK(told.all<WarningRaised>()[0].diagnostic.hint == "not ***");
  const CheckFinished seen = told.all<CheckFinished>()[0];
  CHECK_FALSE(holds(seen.message + all_of(seen.server) + seen.findings[0].message +
                        seen.findings[0].source_line + seen.findings[0].hint,
                    value));
  CHECK(seen.name == "name");

  Error error(ErrorCode::sql, "what " + value);
  error.at({"f.sql", 3, 4}, "line " + value)
      .hint("hint " + value)
      .from_server(full_of(value))
      .with({{Severity::error, {}, value, value, value}})
      .add_context("frame " + value)
      .leaving("nothing was changed");
  const Error shown = secrets.without(error);
  CHECK(shown.code() == ErrorCode::sql);
  CHECK(shown.what() == std::string("what ***"));
  CHECK(shown.where() == error.where());
  CHECK(shown.source_line() == "line ***");
  CHECK(shown.hint() == "hint ***");
  CHECK(shown.context() == std::vector<std::string>{"frame ***"});
  CHECK_FALSE(holds(all_of(*shown.server()), value));
  CHECK(shown.diagnostics()[0].message == "***");
  CHECK(shown.database_state() == "nothing was changed");
}
