#include "engine/migrate/script_loads.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "engine/sql/fingerprint.h"
#include "engine/text/reader_threads.h"

namespace pgpm {
namespace {

constexpr std::size_t changes_per_thread = 100;

ChangeScripts load(const Module& module, const std::string& name, VerifyScripts verify) {
  ChangeScripts scripts{load_script(module, Module::ScriptKind::deploy, name), {}, {}};
  if (!scripts.deploy) return scripts;
  scripts.fingerprint = sql::fingerprint(scripts.deploy.bytes());
  if (verify == VerifyScripts::read)
    scripts.verify = load_script(module, Module::ScriptKind::verify, name);
  return scripts;
}

}  // namespace

ScriptLoads::ScriptLoads(const Module& module, std::vector<std::string> script_names,
                         VerifyScripts verify)
    : module_(module), names_(std::move(script_names)), verify_(verify), entries_(names_.size()) {
  const std::size_t count = names_.size();
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
    try {
      entries_[i].scripts = load(module_, names_[i], verify_);
    } catch (...) {
      entries_[i].error = std::current_exception();
    }
  }
}

ChangeScripts ScriptLoads::take_next() {
  Entry& entry = entries_.at(next_++);
  if (entry.error) std::rethrow_exception(entry.error);
  return std::move(entry.scripts);
}

}  // namespace pgpm
