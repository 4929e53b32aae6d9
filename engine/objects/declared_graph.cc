// Declarations looked at without a database.
#include "engine/objects/migrations.h"
#include "engine/objects/order.h"

namespace pgpm {

using namespace objects;

DeclaredGraph read_declarations(const ObjectFiles& files) {
  DeclaredGraph graph;
  graph.migrations = plan_migrations(files.migrations_dir, {}).pending.size();
  if (files.code_dir.empty()) return graph;
  const Naming naming;
  const auto objects = declare_objects(files.code_dir, naming);
  const Requirements requirements = find_requirements(objects, naming);
  const CreationOrder order = order_objects(objects, requirements);
  std::vector<std::size_t> place(objects.size());
  for (std::size_t at = 0; at < order.sequence.size(); ++at) {
    const ManagedObject& object = objects[order.sequence[at]];
    place[order.sequence[at]] = at;
    graph.objects.push_back({object_kind_name(object.key.kind), object.shown, object.file});
  }
  for (std::size_t i = 0; i < objects.size(); ++i)
    for (const Requirement& need : requirements[i])
      graph.edges.emplace_back(place[i], place[need.object]);
  return graph;
}

}  // namespace pgpm
