// From where and by whom a run was made, for the ledger's runs. Reads files, starts no processes.
#pragma once

#include <filesystem>
#include <string>

namespace pgpm {

/// The commit checked out around `dir` (40 hex digits), or "" outside a git work tree. Follows .git
/// files of worktrees, symbolic refs and packed-refs (gitrepository-layout(5)).
std::string git_commit(const std::filesystem::path& dir);
std::string client_host();
std::string client_user();

}  // namespace pgpm
