// The hashes of many deploy scripts, read by threads of their own while the server is asked what is
// deployed: with nothing to do at ten thousand changes both take about as long. When they are done
// before the server, they go on with what a deploy probably needs next: the last changes' scripts,
// parsed.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "engine/migrate/script_loads.h"
#include "engine/text/folder_listings.h"
#include "pgpm/resolve.h"
#include "pgpm/workspace.h"

namespace pgpm {

/// What the readers do while the server has not answered yet, unless there are thousands of files.
enum class ReadAhead { hashes, deploy_scripts, deploy_and_verify_scripts };

class ScriptHashes {
 public:
  /// Reads nothing ahead: of() reads the file it is asked for.
  ScriptHashes() = default;
  /// Begins to read at once if there are many scripts. The modules must outlive it. What cannot be
  /// read is told when it is asked for.
  explicit ScriptHashes(const std::vector<const Module*>& modules,
                        ReadAhead ahead = ReadAhead::hashes);
  ScriptHashes(const ScriptHashes&) = delete;
  ScriptHashes& operator=(const ScriptHashes&) = delete;

  /// SHA-256 of the change's deploy script, "" if there is no such file; waits for the readers.
  /// Throws as read_script() does. It lives until the next call. Not to be called from several
  /// threads.
  std::string_view of(const Module& module, std::size_t change) const;
  /// The change's scripts as far as they were read ahead; nobody gets them twice. Ends the reading
  /// ahead. What could not be read is not there.
  ScriptLoads::Wanted take(const Module& module, std::size_t change) const;

 private:
  struct Entry {
    const Module* module = nullptr;
    std::size_t change = 0;
    // In its place: strings would be taken by two threads at a time from one heap.
    std::array<char, 64> hash = {};
    bool has_hash = false;
    void keep(std::string_view hex);
    std::exception_ptr error = nullptr;
    ScriptBytes deploy = {};                           // kept as long as there is room
    std::unique_ptr<ChangeScripts> scripts = nullptr;  // few of ten thousand have any
  };
  void read(const std::stop_token& stop, std::size_t begin, std::size_t end);
  std::span<const Change> following(std::size_t entry, std::size_t end) const;
  void read_ahead(const std::stop_token& stop, std::size_t begin, std::size_t end);
  bool has_room_for(std::size_t bytes);
  Entry* find(const Module& module, std::size_t change) const;

  ReadAhead ahead_ = ReadAhead::hashes;
  mutable std::vector<Entry> entries_;
  std::unordered_map<const Module*, std::size_t> first_;  // of the module's entries
  std::atomic<std::size_t> ahead_bytes_ = 0;
  mutable std::atomic<bool> is_enough_ = false;
  FolderListings listings_;
  mutable std::string asked_;                  // the hash of what was not read ahead
  mutable std::vector<std::jthread> readers_;  // last: they write the entries
};

std::vector<const Module*> modules_of(const Resolution& resolution);

}  // namespace pgpm
