// A declared object: one statement of a file, what it defines, and what it names.
#pragma once

#include <compare>
#include <memory>
#include <string>
#include <vector>

#include "engine/sql/parse_tree.h"
#include "engine/text/source_text.h"
#include "pgpm/objects.h"

namespace pgpm::objects {

/// What tells managed objects apart. `identity` is qualified, "public.total(integer)", "t on s.t".
struct ObjectKey {
  ObjectKind kind = ObjectKind::view;
  std::string identity;
  auto operator<=>(const ObjectKey&) const = default;
};

/// How the catalogs know it; what `locate.sql` asks for. Comments and grants have none.
struct Address {
  std::string klass;  ///< "relation", "routine", "type", "trigger", ...; "" = is in no catalog
  sql::ObjectName name, on;
  std::vector<std::string> arguments;  ///< types, quoted
  bool operator==(const Address&) const = default;
};

struct ManagedObject {
  ObjectKey key;
  Address address;
  sql::Definition definition;
  std::shared_ptr<const SourceText> source;
  std::size_t offset = 0;  ///< of the statement in it
  std::string text;        ///< the statement, as written
  std::string hash;
  std::string undo;        ///< of a comment or a grant: the statement that takes it back
  std::string shown;       ///< the name people use
  std::string file;        ///< relative to the code directory
  bool is_parsed = true;   ///< false: it stands as it was applied, `definition` is not known
  bool understood = true;  ///< false: only its name is known, the grammar is of an older server

  SourceLocation where() const { return source->location(offset); }
};

/// Comments and grants are not.
bool is_in_catalogs(ObjectKind kind);
/// Kinds that hang on another object and go with it.
bool is_attached(ObjectKind kind);

}  // namespace pgpm::objects
