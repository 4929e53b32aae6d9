#include "engine/sql/psql_command.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "engine/sql/lexer.h"
#include "engine/text/ascii.h"

namespace pgpm::sql {
namespace {

/// What stands behind the next backslash outside quotes, from it on; "" if there is none. Quotes as
/// psql has them in the arguments of a command: '...', "..." and `...`.
std::string_view next_command(std::string_view arguments) {
  char quote = '\0';
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const char c = arguments[i];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '\\') {
      return arguments.substr(i);
    } else if (c == '\'' || c == '"' || c == '`') {
      quote = c;
    }
  }
  return {};
}

struct Advice {
  std::string_view commands;  // between blanks
  std::string_view hint;
};

constexpr std::string_view no_variables =
    "scripts cannot set psql variables: give them a value with --set NAME=VALUE, write the value "
    "into "
    "the script, or set it for the session with SET and read it with current_setting()";

constexpr std::array<Advice, 12> advice{{
    {" \\i \\ir \\include \\include_relative ",
     "including files is not supported: put the content into this script, or make it a change of "
     "its own that "
     "this one requires"},
    {" \\set \\unset \\gset \\getenv \\prompt ", no_variables},
    {" \\copy ", "use COPY ... FROM STDIN with the data in the script and a line \\. behind it"},
    {" \\c \\connect ",
     "a change runs in the database it is deployed to, on one connection: remove the line"},
    {" \\! ", "a script cannot run programs: do it outside, before or after the deploy"},
    {" \\if \\elif \\else \\endif ",
     "conditions are not supported: use a DO block with IF ... THEN, or split the change"},
    {" \\g \\gx \\bind ", "end the statement with a semicolon"},
    {" \\gexec ", "use a DO block: FOR command IN SELECT ... LOOP EXECUTE command; END LOOP"},
    {" \\echo \\qecho \\warn ",
     "remove the line, or write DO $$ BEGIN RAISE NOTICE '...'; END $$ (a guard \\echo ... \\quit "
     "on one line "
     "is ignored)"},
    {" \\q \\quit ", "remove the line: everything in a script is run"},
    {" \\. ", "this line ends the data of COPY ... FROM STDIN, and there is none here"},
    {" \\o \\out \\w \\write \\t \\a \\x \\timing \\pset \\encoding \\r \\reset \\p \\errverbose ",
     "it only concerns psql's own output: remove the line (scripts are read as UTF-8)"},
}};

}  // namespace

std::string_view psql_command_name(std::string_view line) {
  const auto end =
      std::find_if(line.begin() + 1, line.end(), [](char c) { return is_space(c) || c == '\\'; });
  // \!ls and \;: the mark alone is the command.
  const bool mark = line.size() > 1 && !is_alpha(line[1]) && line[1] != '?';
  const auto length = static_cast<std::size_t>(end - line.begin());
  return line.substr(0, mark ? std::min<std::size_t>(2, line.size()) : length);
}

bool is_psql_guard(std::string_view line) {
  const std::string_view name = psql_command_name(line);
  if (name != "\\echo") return false;
  const std::string_view last = trim(next_command(line.substr(name.size())));
  return last == "\\quit" || last == "\\q";
}

bool is_psql_copy_in(std::string_view line) {
  if (psql_command_name(line) != "\\copy") return false;
  Lexer lexer(line, 1);
  bool after_from = false;
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    if (after_from && (lexer.is_word(token, "stdin") || lexer.is_word(token, "pstdin")))
      return true;
    after_from = lexer.is_word(token, "from");
  }
  return false;
}

std::string psql_command_hint(std::string_view line) {
  const std::string wanted = " " + std::string(psql_command_name(line)) + " ";
  for (const Advice& known : advice) {
    if (known.commands.find(wanted) != std::string_view::npos) return std::string(known.hint);
  }
  return "the script is sent to the server, which knows no psql commands: write it in SQL";
}

}  // namespace pgpm::sql
