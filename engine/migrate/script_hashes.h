// The hashes of many deploy scripts, read by threads of their own while the server is asked what is
// deployed: with nothing to do at ten thousand changes both take about as long.
#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "pgpm/resolve.h"
#include "pgpm/workspace.h"

namespace pgpm {

class ScriptHashes {
 public:
  /// Reads nothing ahead: of() reads the file it is asked for.
  ScriptHashes() = default;
  /// Begins to read at once if there are many scripts. The modules must outlive it. What cannot be
  /// read is told when it is asked for.
  explicit ScriptHashes(const std::vector<const Module*>& modules);
  ScriptHashes(const ScriptHashes&) = delete;
  ScriptHashes& operator=(const ScriptHashes&) = delete;

  /// SHA-256 of the change's deploy script, "" if there is no such file; waits for the readers.
  /// Throws as read_script() does. Not to be called from several threads.
  std::string of(const Module& module, std::size_t change) const;

 private:
  struct Entry {
    const Module* module = nullptr;
    std::size_t change = 0;
    std::string hash;
    std::exception_ptr error;
  };
  void read(std::stop_token stop, std::size_t begin, std::size_t end);

  std::vector<Entry> entries_;
  std::unordered_map<const Module*, std::size_t> first_;  // of the module's entries
  mutable std::vector<std::jthread> readers_;             // last: they write the entries
};

std::vector<const Module*> modules_of(const Resolution& resolution);

}  // namespace pgpm
