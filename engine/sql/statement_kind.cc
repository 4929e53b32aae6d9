// Recognition by leading words, a chain of take() per grammar rule. The list of statements that
// refuse transactions is the server's: those that call PreventInTransactionBlock, up to version 18.
#include "engine/sql/statement_kind.h"

#include <algorithm>
#include <array>
#include <optional>

#include "engine/sql/words.h"
#include "engine/text/ascii.h"

namespace pgpm::sql {
namespace {

bool means_off(std::string_view value) {
  constexpr std::array<std::string_view, 6> offs{"false", "off", "0", "'false'", "'off'", "'0'"};
  return std::any_of(offs.begin(), offs.end(),
                     [&](std::string_view off) { return iequals(value, off); });
}

/// An option of a list in parentheses, anywhere in the rest: (name), (name = value), (name value).
std::optional<bool> option(Words words, std::string_view name) {
  bool may_begin = false;
  for (; !words.at_end(); words.advance()) {
    if (may_begin && words.take(name)) {
      if (words.text() == "=") words.advance();
      return !means_off(words.text());
    }
    may_begin = words.at(TokenKind::open_parenthesis) || words.text() == ",";
  }
  return std::nullopt;
}

std::string_view refused_create(Words words) {
  if (words.at("database")) return "CREATE DATABASE";
  if (words.at("tablespace")) return "CREATE TABLESPACE";
  if (words.at("subscription")) {
    // It creates a slot on the publisher unless told not to, or not to connect at all.
    const bool creates_slot =
        option(words, "create_slot").value_or(option(words, "connect").value_or(true));
    return creates_slot ? "CREATE SUBSCRIPTION" : "";
  }
  words.take("unique");
  return words.take("index") && words.at("concurrently") ? "CREATE INDEX CONCURRENTLY" : "";
}

std::string_view refused_drop(Words words) {
  if (words.at("database")) return "DROP DATABASE";
  if (words.at("tablespace")) return "DROP TABLESPACE";
  // Allowed only after its slot was set to NONE, which the text does not tell; alone it works
  // either way.
  if (words.at("subscription")) return "DROP SUBSCRIPTION";
  return words.take("index") && words.at("concurrently") ? "DROP INDEX CONCURRENTLY" : "";
}

std::string_view refused_alter_subscription(Words words) {
  words.advance();  // its name
  if (words.take("refresh") && words.at("publication")) return "ALTER SUBSCRIPTION ... REFRESH";
  const bool sets = words.take("set");
  if (sets && words.at(TokenKind::open_parenthesis)) {
    const bool moves_slot = option(words, "failover") || option(words, "two_phase");
    return moves_slot ? "ALTER SUBSCRIPTION ... SET (failover, two_phase)" : "";
  }
  const bool publications =
      (sets || words.take("add") || words.take("drop")) && words.at("publication");
  return publications && option(words, "refresh").value_or(true) ? "ALTER SUBSCRIPTION with refresh"
                                                                 : "";
}

std::string_view refused_alter(Words words) {
  if (words.at("system")) return "ALTER SYSTEM";
  if (words.take("subscription")) return refused_alter_subscription(words);
  if (words.take("database")) {
    words.advance();  // its name
    if (!words.take("set")) words.take("with");
    return words.at("tablespace") ? "ALTER DATABASE SET TABLESPACE" : "";
  }
  if (!words.take("table") || !words.find("detach")) return "";
  words.advance();
  const bool concurrently = words.at("partition") && words.find("concurrently");
  return concurrently ? "ALTER TABLE ... DETACH PARTITION CONCURRENTLY" : "";
}

std::string_view refused_reindex(Words words) {
  if (option(words, "concurrently").value_or(false)) return "REINDEX CONCURRENTLY";
  words.skip_parentheses();
  if (words.at("schema")) return "REINDEX SCHEMA";
  if (words.at("database")) return "REINDEX DATABASE";
  if (words.at("system")) return "REINDEX SYSTEM";
  words.advance();  // INDEX or TABLE
  return words.at("concurrently") ? "REINDEX CONCURRENTLY" : "";
}

std::string_view refused_cluster(Words words) {
  words.skip_parentheses();
  words.take("verbose");
  return words.at_end() ? "CLUSTER without a table" : "";
}

bool is_copy(std::string_view statement, std::string_view direction) {
  Words words(statement);
  if (!words.take("copy")) return false;
  while (!words.at_end() && !words.at("from") && !words.at("to")) words.step();
  // The grammar takes either word in either direction.
  return words.take(direction) && (words.at("stdin") || words.at("stdout"));
}

TransactionVerb unless_chained(Words& words, TransactionVerb verb) {
  if (!words.take("and")) return verb;
  return words.at("chain") ? TransactionVerb::chain : verb;
}

TransactionStatement begin_statement(Words& words) {
  TransactionStatement begin{TransactionVerb::begin, {}, {}};
  if (!words.at_end()) begin.modes = words.rest();
  return begin;
}

TransactionStatement end_statement(Words& words, TransactionVerb verb) {
  if (words.take("prepared")) return {TransactionVerb::two_phase, {}, {}};
  if (!words.take("work")) words.take("transaction");
  if (verb == TransactionVerb::rollback && words.take("to")) {
    words.take("savepoint");
    return {TransactionVerb::savepoint, words.text(), {}};
  }
  return {unless_chained(words, verb), {}, {}};
}

}  // namespace

std::string_view refusal_name(std::string_view statement) {
  Words words(statement);
  if (words.take("create")) return refused_create(words);
  if (words.take("drop")) return refused_drop(words);
  if (words.take("alter")) return refused_alter(words);
  if (words.take("reindex")) return refused_reindex(words);
  if (words.take("vacuum")) return "VACUUM";
  if (words.take("cluster")) return refused_cluster(words);
  if (words.take("discard") && words.at("all")) return "DISCARD ALL";
  return "";
}

bool refuses_transaction(std::string_view statement) {
  return !refusal_name(statement).empty();
}

bool creates_routine(std::string_view text, std::size_t begin) {
  Words words(text, begin);
  if (!words.take("create")) return false;
  if (words.take("or") && !words.take("replace")) return false;
  return words.at("function") || words.at("procedure");
}

Statement::Kind statement_kind(std::string_view statement) {
  if (transaction_statement(statement).verb != TransactionVerb::none) {
    return Statement::Kind::transaction;
  }
  if (is_copy(statement, "from")) return Statement::Kind::copy_in;
  if (is_copy(statement, "to")) return Statement::Kind::copy_out;
  return Statement::Kind::ordinary;
}

TransactionStatement transaction_statement(std::string_view statement) {
  Words words(statement);
  if (words.take("begin")) {
    if (!words.take("work")) words.take("transaction");
    return begin_statement(words);
  }
  if (words.take("start") && words.take("transaction")) return begin_statement(words);
  if (words.take("commit") || words.take("end"))
    return end_statement(words, TransactionVerb::commit);
  if (words.take("rollback") || words.take("abort")) {
    return end_statement(words, TransactionVerb::rollback);
  }
  if (words.take("savepoint")) return {TransactionVerb::savepoint, words.text(), {}};
  if (words.take("release")) {
    words.take("savepoint");
    return {TransactionVerb::savepoint, words.text(), {}};
  }
  // PREPARE transaction AS ... prepares a statement of that name.
  const bool two_phase =
      words.take("prepare") && words.take("transaction") && words.at(TokenKind::string);
  return {two_phase ? TransactionVerb::two_phase : TransactionVerb::none, {}, {}};
}

}  // namespace pgpm::sql
