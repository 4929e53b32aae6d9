#include "engine/objects/declarations.h"

namespace pgpm::objects {

namespace {

Declarations in_order(std::vector<ManagedObject> objects, const Naming& naming) {
  Declarations declared;
  declared.objects = std::move(objects);
  declared.requirements = find_requirements(declared.objects, naming);
  declared.order = order_objects(declared.objects, declared.requirements);
  return declared;
}

}  // namespace

Declarations read_folder(const CodeFolder& folder, const Naming& naming) {
  return in_order(declare_objects(folder, naming), naming);
}

EarlyDeclarations::EarlyDeclarations(const std::string& code_dir) {
  files_ = std::async(std::launch::async,
                      [code_dir, naming = std::shared_future<Naming>(naming_.get_future())] {
                        return in_order(declare_objects_early({code_dir}, naming), naming.get());
                      });
}

}  // namespace pgpm::objects
