#include "cli/user_password.h"

#include <fmt/format.h>

#include "cli/style.h"
#include "engine/text/file.h"
#include "pgpm/error.h"

namespace pgpm::cli {

namespace {

constexpr const char* variable = "PGPM_USER_PASSWORD";

Secret from_file(const Invocation& invocation) {
  const std::string name = invocation.arguments.value("password-file");
  const auto text = read_file(invocation.dir / name);
  if (!text)
    throw Error(ErrorCode::usage, fmt::format("--password-file {}: there is no such file", name));
  std::string line = text->substr(0, text->find('\n'));
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty())
    throw Error(ErrorCode::usage, fmt::format("--password-file {}: its first line is empty", name));
  return Secret(std::move(line));
}

Secret from_terminal(Invocation& invocation, const std::string& user) {
  const auto first = ask_secret(invocation.err, fmt::format("Password for {}: ", printable(user)),
                                invocation.stop);
  if (!first || first->empty()) throw Error(ErrorCode::usage, "no password was given");
  const auto second = ask_secret(invocation.err, "Once more: ", invocation.stop);
  if (first != second) throw Error(ErrorCode::usage, "the two passwords differ");
  return Secret(*first);
}

}  // namespace

Secret user_password(Invocation& invocation, const std::string& user) {
  if (invocation.arguments.given("password-file")) return from_file(invocation);
  if (invocation.environment.has(variable)) return Secret(invocation.environment.get(variable));
  if (invocation.terminal.can_ask) return from_terminal(invocation, user);
  throw Error(ErrorCode::usage,
              fmt::format("there is no password for {}, and nobody to ask", printable(user)))
      .hint(fmt::format("Use --password-file FILE, or set the variable {}.", variable));
}

}  // namespace pgpm::cli
