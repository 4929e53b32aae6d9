#include "cli/npm.h"

#include <algorithm>

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/child_program.h"
#include "cli/npm_range.h"
#include "pgpm/error.h"
#include "pgpm/target.h"

namespace pgpm::cli {

namespace {

bool is_word(std::string_view text, std::string_view further) {
  return !text.empty() && text.front() != '-' && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           further.find(c) != further.npos;
  });
}

nlohmann::json ask_npm(const std::vector<std::string>& words, const std::string& what) {
  const ProgramOutput output = run_quietly(words);
  if (output.status == 127)
    throw Error(ErrorCode::other, "npm is needed for that, and is not installed")
        .hint("Without it: pgpm install ./module.tgz, with a tarball from elsewhere.");
  if (output.status != 0) {
    std::string said = output.err.empty() ? output.out : output.err;
    throw Error(ErrorCode::other,
                fmt::format("npm cannot {}:\n{}", what, redact(said.substr(0, 2000))));
  }
  nlohmann::json answer = nlohmann::json::parse(output.out, nullptr, false);
  if (answer.is_discarded())
    throw Error(ErrorCode::other,
                fmt::format("npm's answer is not understood: {}", output.out.substr(0, 200)));
  return answer;
}

}  // namespace

NpmSpec parse_npm_spec(const std::string& spec) {
  const std::size_t at = spec.find('@', 1);
  NpmSpec parsed{spec.substr(0, at), at == spec.npos ? "" : spec.substr(at + 1)};
  std::string_view name = parsed.name;
  bool sound = true;
  if (name.starts_with('@')) {
    const std::size_t slash = name.find('/');
    sound = slash != name.npos && is_word(name.substr(1, slash - 1), "-._~");
    name = slash == name.npos ? std::string_view() : name.substr(slash + 1);
  }
  sound = sound && is_word(name, "-._~") &&
          (at == spec.npos || is_word(parsed.version, ".-+^~<>=*|_ "));
  if (!sound)
    throw Error(ErrorCode::usage, fmt::format("\"{}\" is neither a package nor a file", spec))
        .hint("Write NAME, NAME@VERSION, ./module.tgz or ./folder.");
  return parsed;
}

std::filesystem::path npm_pack(const std::string& spec, const std::filesystem::path& into) {
  parse_npm_spec(spec);
  const nlohmann::json answer = ask_npm(
      {"npm", "pack", spec, "--json", "--ignore-scripts", "--pack-destination", into.string()},
      "fetch " + spec);
  if (answer.is_array() && !answer.empty() && answer[0].contains("filename")) {
    // npm 8 writes the scope's slash into "filename", and another name to disk.
    for (const auto& entry : std::filesystem::directory_iterator(into))
      if (entry.path().extension() == ".tgz") return entry.path();
  }
  throw Error(ErrorCode::other, fmt::format("npm packed nothing for {}", spec));
}

std::string npm_latest(const std::string& name) {
  const nlohmann::json answer =
      ask_npm({"npm", "view", parse_npm_spec(name).name, "version", "--json"}, "look up " + name);
  if (answer.is_string()) return answer.get<std::string>();
  throw Error(ErrorCode::other, fmt::format("npm knows no version of {}", name));
}

bool npm_satisfies(const std::string& name, const std::string& wanted, const std::string& version) {
  if (const auto answer = is_in_range(version, wanted)) return *answer;
  try {
    const std::string spec = parse_npm_spec(name + "@" + wanted).name + "@" + wanted;
    const nlohmann::json answer =
        ask_npm({"npm", "view", spec, "version", "--json"}, "look up " + spec);
    return answer.is_array() ? std::find(answer.begin(), answer.end(), version) != answer.end()
                             : answer == version;
  } catch (const Error&) {
    return true;  // nobody can tell: what is there stays
  }
}

}  // namespace pgpm::cli
