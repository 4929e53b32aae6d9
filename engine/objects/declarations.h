// All that a folder declares, understood and in an order in which it can be made.
#pragma once

#include <future>
#include <string>
#include <vector>

#include "engine/objects/order.h"

namespace pgpm::objects {

struct Declarations {
  std::vector<ManagedObject> objects;
  Requirements requirements;
  CreationOrder order;
};

/// Throws Error(configuration) for what is wrong with the files, duplicates and cycles.
Declarations read_folder(const CodeFolder& folder, const Naming& naming);

/// Reads a code directory while the server is asked other things, from when it is made. What is
/// wrong with the files is thrown by get(). For one thread.
class EarlyDeclarations {
 public:
  explicit EarlyDeclarations(const std::string& code_dir);
  /// How names are understood: said once, before get().
  void name(const Naming& naming) { naming_.set_value(naming); }
  Declarations get() { return files_.get(); }

 private:
  // Whoever goes without having named them breaks the promise, and then waits for the reader.
  std::future<Declarations> files_;
  std::promise<Naming> naming_;
};

}  // namespace pgpm::objects
