#include "engine/migrate/script_loads.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "engine/text/reader_threads.h"

namespace pgpm {
namespace {

constexpr std::size_t changes_per_thread = 100;

}  // namespace

ChangeScripts load_change(const Module& module, const std::string& script_name,
                          VerifyScripts verify, ScriptBytes deploy) {
  constexpr auto kind = Module::ScriptKind::deploy;
  ChangeScripts scripts;
  scripts.deploy = deploy.bytes.empty()
                       ? load_script(module, kind, script_name)
                       : parse_script(module, kind, script_name, std::move(deploy));
  if (!scripts.deploy) return scripts;
  if (verify == VerifyScripts::read)
    scripts.verify = load_script(module, Module::ScriptKind::verify, script_name);
  return scripts;
}

ScriptLoads::ScriptLoads(const Module& module, std::vector<Wanted> changes, VerifyScripts verify)
    : module_(module), verify_(verify) {
  entries_.reserve(changes.size());
  for (Wanted& change : changes) {
    if (!change.loaded) missing_.push_back(entries_.size());
    entries_.push_back({std::move(change), {}});
  }
  const std::size_t count = missing_.size();
  // This one reads, too.
  const std::size_t threads = std::max<std::size_t>(1, reader_threads(count, changes_per_thread));
  std::vector<std::jthread> others;
  for (std::size_t t = 1; t < threads; ++t)
    others.emplace_back(
        [this, begin = count * t / threads, end = count * (t + 1) / threads] { read(begin, end); });
  read(0, count / threads);
}

void ScriptLoads::read(std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    Entry& entry = entries_[missing_[i]];
    try {
      entry.change.loaded =
          load_change(module_, entry.change.script_name, verify_, std::move(entry.change.deploy));
    } catch (...) {
      entry.error = std::current_exception();
    }
  }
}

ChangeScripts ScriptLoads::take_next() {
  Entry& entry = entries_.at(next_++);
  if (entry.error) std::rethrow_exception(entry.error);
  return std::move(*entry.change.loaded);
}

}  // namespace pgpm
