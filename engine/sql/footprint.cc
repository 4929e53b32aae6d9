#include "engine/sql/footprint.h"

#include "engine/sql/statement_kind.h"
#include "engine/sql/words.h"
#include "engine/text/ascii.h"

namespace pgpm::sql {

namespace {

void skip_existence(Words& words) {
  if (!words.take("if")) return;
  words.take("not");
  words.take("exists");
}

/// name or schema.name, as written.
std::string take_name(Words& words) {
  std::string name(words.text());
  words.advance();
  while (words.text() == ".") {
    words.advance();
    name += "." + std::string(words.text());
    words.advance();
  }
  return name;
}

/// CREATE [UNIQUE] INDEX CONCURRENTLY [[IF NOT EXISTS] name] ON [ONLY] table ...
Footprint of_index(Words& words) {
  words.take("unique");
  if (!words.take("index") || !words.take("concurrently")) return {};
  skip_existence(words);
  Footprint found{Footprint::Kind::builds_index, {}, {}, {}};
  if (!words.at("on")) found.name = take_name(words);
  if (!words.take("on")) return {};
  words.take("only");
  found.table = take_name(words);
  return found;
}

Footprint named(Footprint::Kind kind, Words& words) {
  skip_existence(words);
  return {kind, take_name(words), {}, {}};
}

Footprint of_create(Words& words) {
  if (words.take("database")) return named(Footprint::Kind::creates_database, words);
  if (words.take("tablespace")) return named(Footprint::Kind::creates_tablespace, words);
  if (words.take("subscription")) return named(Footprint::Kind::creates_subscription, words);
  return of_index(words);
}

Footprint of_drop(Words& words) {
  if (words.take("database")) return named(Footprint::Kind::drops_database, words);
  if (words.take("tablespace")) return named(Footprint::Kind::drops_tablespace, words);
  if (words.take("subscription")) return named(Footprint::Kind::drops_subscription, words);
  if (words.take("index") && words.take("concurrently"))
    return named(Footprint::Kind::drops_index, words);
  return {};
}

/// ALTER TYPE name ADD VALUE [IF NOT EXISTS] 'label' ...
Footprint of_alter_type(Words& words) {
  Footprint found{Footprint::Kind::adds_enum_value, take_name(words), {}, {}};
  if (!words.take("add") || !words.take("value")) return {};
  skip_existence(words);
  if (!words.at(TokenKind::string)) return {};
  found.label = words.text();
  return found;
}

/// ALTER TABLE [IF EXISTS] [ONLY] table DETACH PARTITION name CONCURRENTLY
Footprint of_alter_table(Words& words) {
  skip_existence(words);
  words.take("only");
  Footprint found{Footprint::Kind::detaches_partition, {}, take_name(words), {}};
  if (!words.take("detach") || !words.take("partition")) return {};
  found.name = take_name(words);
  return words.at("concurrently") ? found : Footprint{};
}

}  // namespace

Footprint footprint(std::string_view statement) {
  Words words(statement);
  if (words.take("create")) return of_create(words);
  if (words.take("drop")) return of_drop(words);
  if (words.at("reindex") && refusal_name(statement) == "REINDEX CONCURRENTLY")
    return {Footprint::Kind::rebuilds_index, {}, {}, {}};
  if (!words.take("alter")) return {};
  if (words.take("type")) return of_alter_type(words);
  return words.take("table") ? of_alter_table(words) : Footprint{};
}

std::string catalog_name(std::string_view written) {
  if (!written.starts_with('"')) return lower_case(written);
  std::string name;
  for (std::size_t i = 1; i + 1 < written.size(); ++i) {
    name += written[i];
    if (written[i] == '"') ++i;
  }
  return name;
}

bool waits_for_transactions(const Footprint& footprint) {
  switch (footprint.kind) {
    case Footprint::Kind::builds_index:
    case Footprint::Kind::drops_index:
    case Footprint::Kind::rebuilds_index:
    case Footprint::Kind::detaches_partition:
      return true;
    default:
      return false;
  }
}

bool is_session_setting(std::string_view statement) {
  Words words(statement);
  if (words.at("reset")) return true;
  return words.take("set") && !words.at("local") && !words.at("constraints") &&
         !words.at("transaction");
}

bool may_commit(std::string_view statement) {
  Words words(statement);
  return words.at("call") || words.at("do");
}

bool is_about_database(std::string_view statement) {
  Words words(statement);
  const bool changes = words.take("create") || words.take("drop") || words.take("alter");
  return changes && words.at("database");
}

}  // namespace pgpm::sql
