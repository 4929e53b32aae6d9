#include "engine/objects/declarations.h"

namespace pgpm::objects {

namespace {

Declarations in_order(std::vector<ManagedObject> objects, const Naming& naming) {
  Declarations declared;
  declared.objects = std::move(objects);
  arrange(declared, naming);
  return declared;
}

}  // namespace

void arrange(Declarations& declared, const Naming& naming) {
  declared.requirements = find_requirements(declared.objects, naming);
  declared.order = order_objects(declared.objects, declared.requirements);
}

Declarations read_folder(const CodeFolder& folder, const Naming& naming) {
  return in_order(declare_objects(folder, naming), naming);
}

EarlyDeclarations::EarlyDeclarations(const std::string& code_dir) {
  std::shared_future<Understanding> understanding = understanding_.get_future().share();
  files_ = std::async(std::launch::async, [code_dir, understanding = std::move(understanding)] {
    return in_order(declare_objects_early({code_dir}, understanding), understanding.get().naming);
  });
}

}  // namespace pgpm::objects
