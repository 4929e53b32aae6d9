#include "engine/migrate/script_hashes.h"

#include "engine/migrate/script_store.h"
#include "engine/text/reader_threads.h"

namespace pgpm {

namespace {

constexpr std::size_t files_per_thread = 1000;

}  // namespace

ScriptHashes::ScriptHashes(const std::vector<const Module*>& modules) {
  std::size_t files = 0;
  for (const Module* module : modules) files += module->plan.changes.size();
  const std::size_t threads = reader_threads(files, files_per_thread);
  if (threads == 0) return;
  entries_.reserve(files);
  for (const Module* module : modules) {
    first_[module] = entries_.size();
    for (std::size_t i = 0; i < module->plan.changes.size(); ++i)
      entries_.push_back({module, i, {}, {}});
  }
  for (std::size_t t = 0; t < threads; ++t)
    readers_.emplace_back([this, begin = files * t / threads, end = files * (t + 1) / threads](
                              std::stop_token stop) { read(std::move(stop), begin, end); });
}

void ScriptHashes::read(std::stop_token stop, std::size_t begin, std::size_t end) {
  ScriptHasher hasher;
  for (std::size_t i = begin; i < end && !stop.stop_requested(); ++i) {
    Entry& entry = entries_[i];
    try {
      entry.hash = hasher.hash(*entry.module, entry.module->plan.changes[entry.change].script_name);
    } catch (...) {
      entry.error = std::current_exception();
    }
  }
}

std::string ScriptHashes::of(const Module& module, std::size_t change) const {
  const auto first = first_.find(&module);
  if (first == first_.end())
    return ScriptHasher().hash(module, module.plan.changes[change].script_name);
  for (std::jthread& reader : readers_) reader.join();
  readers_.clear();
  const Entry& entry = entries_[first->second + change];
  if (entry.error) std::rethrow_exception(entry.error);
  return entry.hash;
}

std::vector<const Module*> modules_of(const Resolution& resolution) {
  std::vector<const Module*> modules;
  for (const ResolvedModule& resolved : resolution.modules) modules.push_back(resolved.module);
  return modules;
}

}  // namespace pgpm
