#include "engine/objects/news.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace pgpm::objects {

namespace {

using Json = nlohmann::ordered_json;

/// The server takes payloads of less than 8000 bytes.
constexpr std::size_t payload_limit = 7999;
constexpr std::size_t error_limit = 1000;

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void notify(db::Connection& connection, const char* channel, Json payload) {
  // What does not fit is a list: how long it was stays.
  for (const char* list :
       {"changes", "objects_created", "objects_updated", "objects_deleted", "migrations_applied"})
    if (dumped(payload).size() > payload_limit && payload.contains(list))
      payload[list] = payload[list].size();
  connection.query("SELECT pg_catalog.pg_notify($1, $2)", {channel, dumped(payload)});
}

Json severities(const ObjectReport& report) {
  Json counts{{"safe", 0}, {"transient", 0}, {"breaking", 0}};
  const auto add = [&](Compatibility each) {
    counts[compatibility_name(each)] = counts[compatibility_name(each)].get<int>() + 1;
  };
  for (const ObjectChange& change : report.changes) add(change.compatibility);
  for (const PendingMigration& migration : report.migrations) add(migration.compatibility);
  return Json{{"severity", compatibility_name(report.compatibility)}, {"severity_counts", counts}};
}

const char* change_type(ObjectChange::What what) {
  if (what == ObjectChange::What::added) return "create_object";
  return what == ObjectChange::What::removed ? "delete_object" : "update_object";
}

Json with_changes(const ObjectReport& report) {
  Json payload = severities(report);
  payload["changes"] = Json::array();
  for (const PendingMigration& migration : report.migrations)
    payload["changes"].push_back(Json{{"type", "apply_migration"}, {"name", migration.name}});
  for (const ObjectChange& change : report.changes)
    payload["changes"].push_back(Json{{"type", change_type(change.what)},
                                      {"object_type", change.kind},
                                      {"name", change.name},
                                      {"reason", change.reason}});
  return payload;
}

/// Not in the middle of a character.
std::string first_of(const std::string& text) {
  std::size_t end = std::min(text.size(), error_limit);
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  return text.substr(0, end);
}

}  // namespace

void tell_initiated(db::Connection& connection, const ObjectReport& planned) {
  notify(connection, "pgmg.apply_initiated", with_changes(planned));
}

void tell_succeeded(db::Connection& connection, const ObjectReport& done) {
  Json payload = severities(done);
  for (const char* list :
       {"migrations_applied", "objects_created", "objects_updated", "objects_deleted"})
    payload[list] = Json::array();
  for (const PendingMigration& migration : done.migrations)
    payload["migrations_applied"].push_back(migration.name);
  for (const ObjectChange& change : done.changes) {
    const char* const list = change.what == ObjectChange::What::added     ? "objects_created"
                             : change.what == ObjectChange::What::removed ? "objects_deleted"
                                                                          : "objects_updated";
    payload[list].push_back(change.name);
  }
  notify(connection, "pgmg.apply_succeeded", std::move(payload));
}

void tell_failed(db::Connection& connection, Told before, const ObjectReport& planned,
                 const Error& error) {
  Json payload = with_changes(planned);
  payload["error"] = first_of(error.what());
  try {
    const db::StopMask mask(connection);
    if (before == Told::nothing) tell_initiated(connection, planned);
    notify(connection, "pgmg.apply_failed", std::move(payload));
  } catch (const Error&) {
    // The failure itself is on its way.
  }
}

void tell_loaded(db::Connection& connection, const ManagedObject& object, std::uint32_t oid) {
  const auto line = [&](std::size_t offset) { return object.source->location(offset).line; };
  notify(connection, "pgmg.object_loaded",
         Json{{"type", object_kind_name(object.key.kind)},
              {"schema", object.address.name.schema},
              {"name", object.address.name.name},
              {"oid", oid},
              {"file", object.source->file()},
              {"span",
               {{"start_line", line(object.offset)},
                {"end_line", line(object.offset + object.text.size())}}}});
}

}  // namespace pgpm::objects
