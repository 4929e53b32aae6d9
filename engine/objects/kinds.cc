// Names of the kinds and verdicts of managed objects.
#include "engine/objects/managed_object.h"

namespace pgpm {

const char* object_kind_name(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::view:
      return "view";
    case ObjectKind::materialized_view:
      return "materialized view";
    case ObjectKind::function:
      return "function";
    case ObjectKind::procedure:
      return "procedure";
    case ObjectKind::aggregate:
      return "aggregate";
    case ObjectKind::type:
      return "type";
    case ObjectKind::domain:
      return "domain";
    case ObjectKind::trigger:
      return "trigger";
    case ObjectKind::rule:
      return "rule";
    case ObjectKind::policy:
      return "policy";
    case ObjectKind::operation:
      return "operator";
    case ObjectKind::cast:
      return "cast";
    case ObjectKind::index:
      return "index";
    case ObjectKind::comment:
      return "comment";
    case ObjectKind::grant:
      return "grant";
  }
  return "";
}

const char* compatibility_name(Compatibility compatibility) {
  switch (compatibility) {
    case Compatibility::safe:
      return "safe";
    case Compatibility::transient:
      return "transient";
    case Compatibility::breaking:
      return "breaking";
  }
  return "";
}

const char* object_act_name(ObjectStep::Act act) {
  switch (act) {
    case ObjectStep::Act::drop:
      return "drop";
    case ObjectStep::Act::migrate:
      return "migrate";
    case ObjectStep::Act::create:
      return "create";
    case ObjectStep::Act::replace:
      return "replace";
    case ObjectStep::Act::restore:
      return "restore";
    case ObjectStep::Act::remove:
      return "remove";
  }
  return "";
}

const char* object_change_name(ObjectChange::What what) {
  switch (what) {
    case ObjectChange::What::added:
      return "new";
    case ObjectChange::What::modified:
      return "modified";
    case ObjectChange::What::removed:
      return "removed";
    case ObjectChange::What::affected:
      return "affected";
    case ObjectChange::What::drifted:
      return "drifted";
  }
  return "";
}

namespace objects {

bool is_in_catalogs(ObjectKind kind) {
  return kind != ObjectKind::comment && kind != ObjectKind::grant;
}

bool is_attached(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::trigger:
    case ObjectKind::rule:
    case ObjectKind::policy:
    case ObjectKind::index:
    case ObjectKind::comment:
    case ObjectKind::grant:
      return true;
    default:
      return false;
  }
}

}  // namespace objects

}  // namespace pgpm
