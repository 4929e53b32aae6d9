// The scripts of many changes that are to be deployed, read, hashed and parsed by threads of their
// own: at a thousand changes that is all that keeps a deploy from beginning.
#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <vector>

#include "engine/migrate/script_store.h"

namespace pgpm {

/// What one change to be deployed needs from its files.
struct ChangeScripts {
  StoredScript deploy;
  std::string fingerprint;  ///< of the deploy script; "" if there is none
  StoredScript verify;      ///< empty if there is none or it is not wanted
};

enum class VerifyScripts { read, leave };

class ScriptLoads {
 public:
  /// Reads the files of the module's changes `script_names`; returns when all are read. What cannot
  /// be read is told when it is taken.
  ScriptLoads(const Module& module, std::vector<std::string> script_names, VerifyScripts verify);

  /// The scripts of the next change, in the order they were asked for. Throws as load_script()
  /// does.
  ChangeScripts take_next();

 private:
  struct Entry {
    ChangeScripts scripts;
    std::exception_ptr error;
  };
  void read(std::size_t begin, std::size_t end);

  const Module& module_;
  std::vector<std::string> names_;
  VerifyScripts verify_;
  std::vector<Entry> entries_;
  std::size_t next_ = 0;
};

}  // namespace pgpm
