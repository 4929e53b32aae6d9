// The npm client, with the configuration it has: registry, proxy, tokens are its business.
#pragma once

#include <filesystem>
#include <string>

namespace pgpm::cli {

/// Downloads a package's tarball into `into` and returns it. `spec` is NAME or NAME@VERSION (or a
/// range or tag). Throws Error(usage) for any other kind of spec, Error(other) with npm's words.
std::filesystem::path npm_pack(const std::string& spec, const std::filesystem::path& into);
/// The version that NAME has now.
std::string npm_latest(const std::string& name);

/// Whether that version of NAME is what `wanted` (a version, or a range as npm has them) means. npm
/// is asked for unusual ranges only; true if it cannot be.
bool npm_satisfies(const std::string& name, const std::string& wanted, const std::string& version);

/// "@scope/name@1.2" is "@scope/name" and "1.2".
struct NpmSpec {
  std::string name, version;
};
NpmSpec parse_npm_spec(const std::string& spec);

}  // namespace pgpm::cli
