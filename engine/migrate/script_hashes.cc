#include "engine/migrate/script_hashes.h"

#include <algorithm>
#include <utility>

#include "engine/migrate/script_store.h"
#include "engine/text/reader_threads.h"

namespace pgpm {

namespace {

constexpr std::size_t files_per_thread = 250;
/// Of what may turn out not to be needed.
constexpr std::size_t most_bytes_ahead = std::size_t{8} * 1024 * 1024;
/// Where there are more, most are deployed, and parsing them takes the time from who looks at that.
constexpr std::size_t most_files_ahead = 2000;

}  // namespace

ScriptHashes::ScriptHashes(const std::vector<const Module*>& modules, ReadAhead ahead)
    : ahead_(ahead) {
  std::size_t files = 0;
  for (const Module* module : modules) files += module->plan.changes.size();
  if (files > most_files_ahead) ahead_ = ReadAhead::hashes;
  const std::size_t threads = reader_threads(files, files_per_thread);
  if (threads == 0) return;
  entries_.reserve(files);
  for (const Module* module : modules) {
    first_[module] = entries_.size();
    for (std::size_t i = 0; i < module->plan.changes.size(); ++i) entries_.push_back({module, i});
  }
  for (std::size_t t = 0; t < threads; ++t)
    readers_.emplace_back([this, begin = files * t / threads,
                           end = files * (t + 1) / threads](const std::stop_token& stop) {
      read(stop, begin, end);
      read_ahead(stop, begin, end);
    });
}

void ScriptHashes::Entry::keep(std::string_view hex) {
  has_hash = hex.size() == hash.size();
  if (has_hash) std::copy(hex.begin(), hex.end(), hash.begin());
}

void ScriptHashes::read(const std::stop_token& stop, std::size_t begin, std::size_t end) {
  ScriptHasher hasher(&listings_);
  std::size_t expected = begin;
  for (std::size_t i = begin; i < end && !stop.stop_requested(); ++i) {
    Entry& entry = entries_[i];
    try {
      if (i >= expected) expected = i + hasher.expect(*entry.module, following(i, end));
      const std::string& script_name = entry.module->plan.changes[entry.change].script_name;
      if (ahead_ == ReadAhead::hashes) {
        entry.keep(hasher.hash(*entry.module, script_name));
        continue;
      }
      ScriptBytes read = hasher.read(*entry.module, script_name);
      entry.keep(read.hash);
      if (has_room_for(read.bytes.size())) entry.deploy = std::move(read);
    } catch (...) {
      entry.error = std::current_exception();
    }
  }
}

/// The entry's change and those behind it in the same module.
std::span<const Change> ScriptHashes::following(std::size_t entry, std::size_t end) const {
  const Entry& first = entries_[entry];
  const std::span<const Change> changes = first.module->plan.changes;
  return changes.subspan(first.change, std::min(end - entry, changes.size() - first.change));
}

/// From the end: if anything is pending, it is there.
void ScriptHashes::read_ahead(const std::stop_token& stop, std::size_t begin, std::size_t end) {
  const VerifyScripts verify =
      ahead_ == ReadAhead::deploy_and_verify_scripts ? VerifyScripts::read : VerifyScripts::leave;
  if (ahead_ == ReadAhead::hashes) return;
  for (std::size_t i = end; i > begin && !stop.stop_requested() && !is_enough_; --i) {
    Entry& entry = entries_[i - 1];
    if (entry.deploy.bytes.empty()) continue;
    try {
      entry.scripts = std::make_unique<ChangeScripts>(
          load_change(*entry.module, entry.module->plan.changes[entry.change].script_name, verify,
                      std::move(entry.deploy)));
      if (entry.scripts->verify && !has_room_for(entry.scripts->verify.bytes().size())) return;
    } catch (...) {
      entry.deploy = {};  // told when it is read because it is needed
    }
  }
}

bool ScriptHashes::has_room_for(std::size_t bytes) {
  return ahead_ != ReadAhead::hashes && (ahead_bytes_ += bytes) <= most_bytes_ahead;
}

ScriptHashes::Entry* ScriptHashes::find(const Module& module, std::size_t change) const {
  const auto first = first_.find(&module);
  if (first == first_.end()) return nullptr;
  is_enough_ = true;
  for (std::jthread& reader : readers_) reader.join();
  readers_.clear();
  return &entries_[first->second + change];
}

std::string_view ScriptHashes::of(const Module& module, std::size_t change) const {
  const Entry* entry = find(module, change);
  if (entry == nullptr) {
    asked_ = ScriptHasher().hash(module, module.plan.changes[change].script_name);
    return asked_;
  }
  if (entry->error) std::rethrow_exception(entry->error);
  return {entry->hash.data(), entry->has_hash ? entry->hash.size() : 0};
}

ScriptLoads::Wanted ScriptHashes::take(const Module& module, std::size_t change) const {
  ScriptLoads::Wanted wanted{module.plan.changes[change].script_name, {}, {}};
  Entry* entry = find(module, change);
  if (entry == nullptr) return wanted;
  if (const auto scripts = std::exchange(entry->scripts, nullptr))
    wanted.loaded = std::move(*scripts);
  wanted.deploy = std::exchange(entry->deploy, {});
  return wanted;
}

std::vector<const Module*> modules_of(const Resolution& resolution) {
  std::vector<const Module*> modules;
  for (const ResolvedModule& resolved : resolution.modules) modules.push_back(resolved.module);
  return modules;
}

}  // namespace pgpm
