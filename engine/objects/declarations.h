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

/// Puts objects in order by what they name, as far as they were parsed.
void arrange(Declarations& declared, const Naming& naming);

/// Reads a code directory while the server is asked other things, from when it is made. What is
/// wrong with the files is thrown by get(). For one thread.
class EarlyDeclarations {
 public:
  explicit EarlyDeclarations(const std::string& code_dir);
  /// How names are understood, and which statements need not be parsed: said once, before get().
  void name(Understanding understanding) { understanding_.set_value(std::move(understanding)); }
  Declarations get() { return files_.get(); }

 private:
  // Whoever goes without having said it breaks the promise, and then waits for the reader.
  std::future<Declarations> files_;
  std::promise<Understanding> understanding_;
};

}  // namespace pgpm::objects
