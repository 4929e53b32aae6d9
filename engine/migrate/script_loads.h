// The scripts of many changes that are to be deployed, read, hashed and parsed by threads of their
// own: at a thousand changes that is all that keeps a deploy from beginning.
#pragma once

#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "engine/migrate/script_store.h"

namespace pgpm {

/// What one change to be deployed needs from its files.
struct ChangeScripts {
  StoredScript deploy;
  StoredScript verify;  ///< empty if there is none or it is not wanted
};

enum class VerifyScripts { read, leave };

/// `deploy`: its bytes, if they were read before; empty bytes mean that they were not. Throws as
/// load_script().
ChangeScripts load_change(const Module& module, const std::string& script_name,
                          VerifyScripts verify, ScriptBytes deploy = {});

class ScriptLoads {
 public:
  struct Wanted {
    std::string script_name;
    std::optional<ChangeScripts> loaded;  ///< if somebody has read and parsed them already
    ScriptBytes deploy;                   ///< if somebody has read that one, as for load_change()
  };

  /// Reads the files of these changes of the module; returns when all are read. What cannot be
  /// read is told when it is taken.
  ScriptLoads(const Module& module, std::vector<Wanted> changes, VerifyScripts verify);

  std::size_t size() const { return entries_.size(); }

  /// The scripts of the next change, in the order they were asked for. Throws as load_script()
  /// does.
  ChangeScripts take_next();

 private:
  struct Entry {
    Wanted change;
    std::exception_ptr error;
  };
  void read(std::size_t begin, std::size_t end);

  const Module& module_;
  VerifyScripts verify_;
  std::vector<Entry> entries_;
  std::vector<std::size_t> missing_;  // those of the entries that are to be read
  std::size_t next_ = 0;
};

}  // namespace pgpm
