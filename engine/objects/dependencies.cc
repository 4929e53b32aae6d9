#include "engine/objects/dependencies.h"

#include <algorithm>
#include <map>

#include "engine/objects/naming.h"

namespace pgpm::objects {

namespace {

using RefKind = sql::Reference::Kind;
using NameIndex = std::map<sql::ObjectName, std::vector<std::size_t>>;

/// What may be meant by a name where a relation, routine, type or operator is expected.
struct Declared {
  NameIndex relations, routines, types, operators;
  std::map<ObjectKey, std::size_t> keys;

  const NameIndex& of(RefKind kind) const {
    switch (kind) {
      case RefKind::routine:
        return routines;
      case RefKind::type:
        return types;
      case RefKind::operation:
        return operators;
      case RefKind::relation:
        break;
    }
    return relations;
  }
};

Declared index_of(const std::vector<ManagedObject>& objects) {
  Declared declared;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const Address& address = objects[i].address;
    declared.keys.emplace(objects[i].key, i);
    const ObjectKind kind = objects[i].key.kind;
    if (kind == ObjectKind::view || kind == ObjectKind::materialized_view) {
      declared.relations[address.name].push_back(i);
      declared.types[address.name].push_back(i);
    }
    if (address.klass == "routine") declared.routines[address.name].push_back(i);
    if (address.klass == "type") declared.types[address.name].push_back(i);
    if (address.klass == "operator") declared.operators[address.name].push_back(i);
  }
  return declared;
}

/// The schemas a name without one is looked for in.
const std::vector<std::string>& path_of(const ManagedObject& object, bool late,
                                        const Naming& naming) {
  const auto& own = object.definition.search_path;
  return late && own ? *own : naming.search_path;
}

const std::vector<std::size_t>* find(const NameIndex& index, const sql::ObjectName& name,
                                     const std::vector<std::string>& path) {
  if (!name.schema.empty()) {
    const auto found = index.find(name);
    return found == index.end() ? nullptr : &found->second;
  }
  for (const std::string& schema : path)
    if (const auto found = index.find({schema, name.name}); found != index.end())
      return &found->second;
  return nullptr;
}

class Resolver {
 public:
  Resolver(const std::vector<ManagedObject>& objects, const Naming& naming)
      : objects_(objects), naming_(naming), declared_(index_of(objects)) {}

  std::vector<Requirement> of(std::size_t i) const {
    std::vector<Requirement> needs;
    const ManagedObject& object = objects_[i];
    for (const sql::Reference& reference : object.definition.references) {
      const auto* meant = find(declared_.of(reference.kind), reference.name,
                               path_of(object, reference.late, naming_));
      if (meant == nullptr) continue;
      const bool unsure = meant->size() > 1 || reference.kind == RefKind::operation;
      for (const std::size_t each : *meant) needs.push_back({each, reference.late || unsure});
    }
    for (const sql::TargetName& target : object.definition.targets)
      for (const std::size_t each : meant_by(target)) needs.push_back({each, false});
    return tidy(std::move(needs), i);
  }

  bool is_declared(const sql::Reference& reference, const ManagedObject& object) const {
    return find(declared_.of(reference.kind), reference.name,
                path_of(object, reference.late, naming_)) != nullptr;
  }

 private:
  /// Of two ways to need the same, the early one counts; nothing needs itself.
  static std::vector<Requirement> tidy(std::vector<Requirement> needs, std::size_t self) {
    std::erase_if(needs, [&](const Requirement& need) { return need.object == self; });
    std::sort(needs.begin(), needs.end());
    const auto same = [](const Requirement& a, const Requirement& b) {
      return a.object == b.object;
    };
    needs.erase(std::unique(needs.begin(), needs.end(), same), needs.end());
    return needs;
  }

  sql::ObjectName qualified(sql::ObjectName name) const {
    if (name.schema.empty()) name.schema = naming_.default_schema();
    return name;
  }

  std::vector<std::size_t> by_key(ObjectKind kind, const std::string& identity) const {
    const auto found = declared_.keys.find({kind, identity});
    return found == declared_.keys.end() ? std::vector<std::size_t>()
                                         : std::vector<std::size_t>{found->second};
  }

  std::vector<std::size_t> routines_meant(const sql::TargetName& target) const {
    const auto* named = find(declared_.routines, target.name, naming_.search_path);
    if (named == nullptr) return {};
    std::vector<std::size_t> exact;
    for (const std::size_t each : *named)
      if (quoted(target.arguments) == objects_[each].address.arguments) exact.push_back(each);
    return exact.empty() || target.any_arguments ? *named : exact;
  }

  std::vector<std::size_t> meant_by(const sql::TargetName& target) const {
    const std::string& what = target.what;
    const std::string on = readable(qualified(target.name));
    if (what == "function" || what == "procedure" || what == "aggregate" || what == "routine")
      return routines_meant(target);
    if (what == "trigger") return by_key(ObjectKind::trigger, readable(target.part) + " on " + on);
    if (what == "rule") return by_key(ObjectKind::rule, readable(target.part) + " on " + on);
    if (what == "policy") return by_key(ObjectKind::policy, readable(target.part) + " on " + on);
    if (what == "index") return by_key(ObjectKind::index, on);
    if (what == "cast") {
      const auto types = readable(target.arguments);
      return by_key(ObjectKind::cast, "(" + joined(types, " AS ") + ")");
    }
    // A column may be one of a composite type; a view is a type as well.
    const bool is_type = what == "type" || what == "domain" || what == "domain constraint";
    const NameIndex& index = is_type || what == "column" ? declared_.types
                             : what == "operator"        ? declared_.operators
                                                         : declared_.relations;
    const auto* meant = find(index, target.name, naming_.search_path);
    return meant == nullptr ? std::vector<std::size_t>() : *meant;
  }

  const std::vector<ManagedObject>& objects_;
  const Naming& naming_;
  Declared declared_;
};

bool may_mean(const sql::Reference& reference, const Address& address,
              const std::vector<std::string>& path) {
  const std::string& klass = address.klass;
  const bool fits = (reference.kind == RefKind::relation && klass == "relation") ||
                    (reference.kind == RefKind::routine && klass == "routine") ||
                    (reference.kind == RefKind::type && (klass == "type" || klass == "relation")) ||
                    (reference.kind == RefKind::operation && klass == "operator");
  if (!fits || reference.name.name != address.name.name) return false;
  return reference.name.schema.empty()
             ? std::find(path.begin(), path.end(), address.name.schema) != path.end()
             : reference.name.schema == address.name.schema;
}

}  // namespace

Requirements find_requirements(const std::vector<ManagedObject>& objects, const Naming& naming) {
  const Resolver resolver(objects, naming);
  Requirements requirements(objects.size());
  for (std::size_t i = 0; i < objects.size(); ++i) requirements[i] = resolver.of(i);
  return requirements;
}

std::vector<std::size_t> who_names(const std::vector<ManagedObject>& objects, const Naming& naming,
                                   const Address& address) {
  // Operators are left out: most of those that a statement writes are the server's own.
  if (address.klass == "operator") return {};
  const Resolver resolver(objects, naming);
  std::vector<std::size_t> naming_it;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    const auto& references = objects[i].definition.references;
    if (std::any_of(references.begin(), references.end(), [&](const sql::Reference& reference) {
          return may_mean(reference, address, path_of(objects[i], reference.late, naming)) &&
                 !resolver.is_declared(reference, objects[i]);
        }))
      naming_it.push_back(i);
  }
  return naming_it;
}

}  // namespace pgpm::objects
