// Declarations looked at without a database.
#include "engine/objects/declarations.h"
#include "engine/objects/migrations.h"

namespace pgpm {

using namespace objects;

DeclaredGraph read_declarations(const ObjectFiles& files) {
  DeclaredGraph graph;
  graph.migrations = plan_migrations(files.migrations_dir, {}).pending.size();
  if (files.code_dir.empty()) return graph;
  const auto [objects, requirements, order] = read_folder({files.code_dir}, {});
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
