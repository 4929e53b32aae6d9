#include "engine/migrate/edits.h"

#include <algorithm>
#include <exception>
#include <thread>

#include "engine/migrate/script_store.h"
#include "engine/sql/fingerprint.h"
#include "engine/text/digest.h"

namespace pgpm {

namespace {

/// Below this many files a thread costs more than it saves.
constexpr std::size_t files_per_thread = 1000;
constexpr std::size_t most_threads = 4;

FileState compare_file(const Module& module, const Change& change, const DeployedChange& row) {
  const auto bytes = read_script(module, Module::ScriptKind::deploy, change.script_name);
  if (!bytes) return FileState::missing;
  if (sha256_hex(*bytes) == row.script_hash) return FileState::as_deployed;
  const bool same = !row.fingerprint.empty() && sql::fingerprint(*bytes) == row.fingerprint;
  return same ? FileState::as_deployed : FileState::edited;
}

std::size_t thread_count(std::size_t files) {
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  return std::clamp<std::size_t>(files / files_per_thread, 1, std::min(cores, most_threads));
}

}  // namespace

std::vector<FileState> compare_files(const Module& module,
                                     const std::vector<const DeployedChange*>& rows) {
  std::vector<FileState> states(rows.size(), FileState::as_deployed);
  const auto compare = [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      if (rows[i] != nullptr) states[i] = compare_file(module, module.plan.changes[i], *rows[i]);
    }
  };
  const std::size_t threads = thread_count(rows.size());
  std::vector<std::exception_ptr> errors(threads);
  {
    std::vector<std::jthread> workers;
    for (std::size_t t = 1; t < threads; ++t) {
      workers.emplace_back([&, t] {
        try {
          compare(rows.size() * t / threads, rows.size() * (t + 1) / threads);
        } catch (...) {
          errors[t] = std::current_exception();
        }
      });
    }
    compare(0, rows.size() / threads);
  }
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
  return states;
}

}  // namespace pgpm
