#include "engine/objects/declarations.h"

namespace pgpm::objects {

Declarations read_folder(const CodeFolder& folder, const Naming& naming) {
  Declarations declared;
  declared.objects = declare_objects(folder, naming);
  declared.requirements = find_requirements(declared.objects, naming);
  declared.order = order_objects(declared.objects, declared.requirements);
  return declared;
}

}  // namespace pgpm::objects
