#include "engine/objects/identify.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/objects/naming.h"
#include "engine/sql/words.h"
#include "engine/text/ascii.h"

namespace pgpm::objects {

namespace {

using sql::DefinitionKind;

sql::ObjectName qualified(sql::ObjectName name, const Naming& naming) {
  if (name.schema.empty()) name.schema = naming.default_schema();
  return name;
}

/// The name people use: the schema is understood if it is the default one.
std::string short_name(const sql::ObjectName& name, const Naming& naming) {
  return name.schema == naming.default_schema() ? readable(name.name) : readable(name);
}

void name_it(ManagedObject& object, ObjectKind kind, std::string klass, const Naming& naming) {
  object.address.klass = std::move(klass);
  object.address.name = qualified(object.definition.name, naming);
  object.key = {kind, readable(object.address.name)};
  object.shown = short_name(object.address.name, naming);
}

void name_routine(ManagedObject& object, ObjectKind kind, const Naming& naming) {
  name_it(object, kind, "routine", naming);
  object.address.arguments = quoted(object.definition.arguments);
  object.key.identity += "(" + joined(readable(object.definition.arguments)) + ")";
}

void name_part(ManagedObject& object, ObjectKind kind, std::string klass, const Naming& naming) {
  object.address.klass = std::move(klass);
  object.address.name = object.definition.name;
  object.address.on = qualified(object.definition.on, naming);
  const std::string name = readable(object.definition.name.name);
  object.key = {kind, name + " on " + readable(object.address.on)};
  object.shown = name + " on " + short_name(object.address.on, naming);
}

void name_operator(ManagedObject& object, const Naming& naming) {
  name_it(object, ObjectKind::operation, "operator", naming);
  object.address.arguments = quoted(object.definition.arguments);
  const std::string operands = "(" + joined(readable(object.definition.arguments)) + ")";
  object.key.identity =
      readable(object.address.name.schema) + "." + object.address.name.name + operands;
  const bool is_understood = object.address.name.schema == naming.default_schema();
  object.shown = is_understood ? object.address.name.name + operands : object.key.identity;
}

void name_cast(ManagedObject& object) {
  object.address.klass = "cast";
  object.address.arguments = quoted(object.definition.arguments);
  const auto types = readable(object.definition.arguments);
  object.key = {ObjectKind::cast, fmt::format("({} AS {})", types.at(0), types.at(1))};
  object.shown = object.key.identity;
}

std::string target_text(const sql::TargetName& target, const Naming& naming) {
  const bool has_schema = target.what != "schema" && target.what != "language";
  const sql::ObjectName full = has_schema ? qualified(target.name, naming) : target.name;
  std::string name =
      target.what == "operator" ? readable(full.schema) + "." + full.name : readable(full);
  if (target.what == "cast") {
    const auto types = readable(target.arguments);
    return fmt::format("cast ({} AS {})", types.at(0), types.at(1));
  }
  if (target.what == "column") return "column " + name + "." + readable(target.part);
  if (!target.part.empty()) return target.what + " " + readable(target.part) + " on " + name;
  const bool has_arguments = target.what == "function" || target.what == "procedure" ||
                             target.what == "aggregate" || target.what == "routine" ||
                             target.what == "operator";
  if (has_arguments && !target.any_arguments)
    name += "(" + joined(readable(target.arguments)) + ")";
  return target.what + " " + name;
}

/// Everything up to IS, and NULL.
std::string undo_of_comment(std::string_view statement) {
  sql::Lexer lexer(statement);
  std::size_t is_ends = 0;
  for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next())
    if (lexer.is_word(token, "is")) is_ends = token.end;
  return std::string(statement.substr(0, is_ends)) + " NULL";
}

/// "GRANT a ON b TO c WITH GRANT OPTION" as "REVOKE a ON b FROM c".
std::string undo_of_grant(std::string_view statement) {
  sql::Lexer lexer(statement);
  std::string undo = "REVOKE";
  std::size_t copied = lexer.next().end;
  for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    if (lexer.is_word(token, "to")) {
      undo.append(statement.substr(copied, token.begin - copied)).append("FROM");
      copied = token.end;
    } else if (lexer.is_word(token, "with") || lexer.is_word(token, "granted")) {
      return undo.append(trim_right(statement.substr(copied, token.begin - copied)));
    }
  }
  return undo.append(statement.substr(copied));
}

void name_comment(ManagedObject& object, const Naming& naming) {
  object.key = {ObjectKind::comment, target_text(object.definition.targets.at(0), naming)};
  object.shown = object.key.identity;
  const std::string understood = " " + readable(naming.default_schema()) + ".";
  if (const std::size_t at = object.shown.find(understood); at != std::string::npos)
    object.shown.erase(at + 1, understood.size() - 1);
  object.undo = undo_of_comment(object.text);
}

/// One line, single blanks, words in lower case outside quotes.
std::string one_line(std::string_view statement) {
  sql::Lexer lexer(statement);
  std::string text;
  std::size_t last_end = 0;
  for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
    if (!text.empty() && token.begin > last_end) text += ' ';
    const std::string_view piece = lexer.text_of(token);
    text += token.kind == sql::TokenKind::word ? lower_case(piece) : std::string(piece);
    last_end = token.end;
  }
  return text;
}

void name_grant(ManagedObject& object) {
  object.key = {ObjectKind::grant, one_line(object.text)};
  object.shown = object.key.identity;
  if (!object.definition.is_revoke) object.undo = undo_of_grant(object.text);
}

std::string refusal(const sql::Definition& definition) {
  for (const sql::TypeName& argument : definition.arguments)
    if (argument.is_copied) return "an argument's type has to be written out, not copied by %TYPE";
  if (definition.node == "CreateStmt")
    return "a table is made and changed step by step, not declared";
  if (definition.node == "IndexStmt" && definition.name.name.empty())
    return "an index needs a name to be managed";
  return "this statement declares nothing that can be managed";
}

}  // namespace

std::string identify(ManagedObject& object, const Naming& naming) {
  const sql::Definition& definition = object.definition;
  const auto is_copied = [](const sql::TypeName& argument) { return argument.is_copied; };
  if (std::any_of(definition.arguments.begin(), definition.arguments.end(), is_copied))
    return refusal(definition);
  switch (definition.kind) {
    case DefinitionKind::view:
      name_it(object, ObjectKind::view, "relation", naming);
      return {};
    case DefinitionKind::materialized_view:
      name_it(object, ObjectKind::materialized_view, "relation", naming);
      return {};
    case DefinitionKind::function:
      name_routine(object, ObjectKind::function, naming);
      return {};
    case DefinitionKind::procedure:
      name_routine(object, ObjectKind::procedure, naming);
      return {};
    case DefinitionKind::aggregate:
      name_routine(object, ObjectKind::aggregate, naming);
      return {};
    case DefinitionKind::enum_type:
    case DefinitionKind::composite_type:
    case DefinitionKind::range_type:
      name_it(object, ObjectKind::type, "type", naming);
      return {};
    case DefinitionKind::domain:
      name_it(object, ObjectKind::domain, "type", naming);
      return {};
    case DefinitionKind::trigger:
      name_part(object, ObjectKind::trigger, "trigger", naming);
      return {};
    case DefinitionKind::rule:
      name_part(object, ObjectKind::rule, "rule", naming);
      return {};
    case DefinitionKind::policy:
      name_part(object, ObjectKind::policy, "policy", naming);
      return {};
    case DefinitionKind::operation:
      name_operator(object, naming);
      return {};
    case DefinitionKind::cast:
      name_cast(object);
      return {};
    case DefinitionKind::index:
      if (definition.name.name.empty()) return refusal(definition);
      name_it(object, ObjectKind::index, "relation", naming);
      object.address.on = qualified(definition.on, naming);
      object.address.name.schema = object.address.on.schema;
      object.key.identity = readable(object.address.name);
      return {};
    case DefinitionKind::comment:
      name_comment(object, naming);
      return {};
    case DefinitionKind::grant:
      name_grant(object);
      return {};
    case DefinitionKind::other:
      break;
  }
  return refusal(definition);
}

namespace {

std::string folded_name(sql::Words& words) {
  std::string name;
  if (words.at(sql::TokenKind::word)) {
    name = lower_case(words.text());
  } else if (words.at(sql::TokenKind::quoted_identifier)) {
    const std::string_view text = words.text();
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
      name += text[i];
      if (text[i] == '"') ++i;
    }
  }
  words.advance();
  return name;
}

sql::ObjectName name_at(sql::Words& words) {
  sql::ObjectName name{"", folded_name(words)};
  if (words.text() == ".") {
    words.advance();
    name.schema = std::move(name.name);
    name.name = folded_name(words);
  }
  return name;
}

}  // namespace

std::optional<sql::Definition> definition_by_words(std::string_view statement) {
  sql::Words words(statement);
  sql::Definition definition;
  if (!words.take("create")) return std::nullopt;
  if (words.take("or")) definition.replaces = words.take("replace");
  words.take("recursive");
  if (words.take("view")) {
    definition.kind = DefinitionKind::view;
  } else if (words.take("materialized") && words.take("view")) {
    definition.kind = DefinitionKind::materialized_view;
  } else {
    return std::nullopt;
  }
  if (words.take("if") && words.take("not")) definition.unless_exists = words.take("exists");
  definition.name = name_at(words);
  if (definition.name.name.empty()) return std::nullopt;
  return definition;
}

}  // namespace pgpm::objects
