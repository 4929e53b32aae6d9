// Optional members are left out rather than null: a reader tests for presence. Durations are
// milliseconds with three digits, so that a sum over changes still adds up. Every text that quotes
// others passes redact().
#include "cli/render/json_values.h"

#include <cmath>

#include "pgpm/target.h"

namespace pgpm::cli {

namespace {

double milliseconds(Seconds duration) {
  return std::round(duration.count() * 1e6) / 1e3;
}

void put(Json& object, const char* name, const std::string& text) {
  if (!text.empty()) object[name] = redact(text);
}

void put_place(Json& object, const SourceLocation& where, const std::string& source_line) {
  if (where.file.empty()) return;
  object["file"] = where.file;
  if (where.line != 0) object["line"] = where.line;
  if (where.column != 0) object["column"] = where.column;
  put(object, "source_line", source_line);
}

struct EventMembers {
  Json& json;

  void operator()(const RunStarted& event) const {
    json["command"] = event.command;
    json["database"] = event.database;
    json["modules"] = event.modules;
    json["changes"] = event.changes;
    if (event.checks > 0) json["checks"] = event.checks;
  }
  void operator()(const LockWaiting& event) const {
    json["pid"] = event.pid;
    put(json, "user", event.user);
    put(json, "application", event.application);
    put(json, "since", event.since);
    put(json, "command", event.command);
  }
  void operator()(const IndexProgress& event) const {
    change(event.module, event.change);
    json["phase"] = event.phase;
    if (event.total == 0) return;
    json["done"] = event.done;
    json["total"] = event.total;
    json["unit"] = event.unit;
  }
  void operator()(const LockMissed& event) const {
    change(event.module, event.change);
    json["attempt"] = event.attempt;
    json["sqlstate"] = event.sqlstate;
    json["waited_ms"] = milliseconds(event.waited);
    if (event.next_pause) json["next_pause_ms"] = milliseconds(*event.next_pause);
    json["blockers"] = to_json(event.blockers);
  }
  void operator()(const LockAwaited& event) const {
    json["waited_ms"] = milliseconds(event.waited);
    json["blockers"] = to_json(event.blockers);
  }
  void operator()(const BlockerEvicted& event) const {
    json["blocker"] = to_json(event.blocker);
    json["session_ended"] = event.session_ended;
    put(json, "refusal", event.refusal);
  }
  void operator()(const ExtensionCreated& event) const {
    json["extension"] = event.extension;
    json["module"] = event.module;
  }
  void operator()(const ModuleStarted& event) const {
    json["module"] = event.module;
    json["changes"] = event.changes;
  }
  void operator()(const ChangeStarted& event) const {
    json["action"] = action_name(event.action);
    change(event.module, event.change);
    json["index"] = event.index;
  }
  void operator()(const ChangeFinished& event) const {
    json["action"] = action_name(event.action);
    change(event.module, event.change);
    json["index"] = event.index;
    json["outcome"] = outcome_name(event.outcome);
    json["verified"] = event.verified;
    json["duration_ms"] = milliseconds(event.duration);
  }
  void operator()(const ChangeSkipped& event) const {
    change(event.module, event.change);
    json["reason"] = event.reason;
  }
  void operator()(const ObjectHandled& event) const {
    json["module"] = event.module;
    json["act"] = event.act;
    json["kind"] = event.kind;
    json["name"] = event.name;
    put(json, "file", event.file);
    put(json, "reason", event.reason);
  }
  void operator()(const TagRecorded& event) const {
    change(event.module, event.change);
    json["tag"] = event.tag;
  }
  void operator()(const NoticeRaised& event) const {
    if (!event.module.empty()) change(event.module, event.change);
    json["server"] = to_json(event.message);
  }
  void operator()(const WarningRaised& event) const {
    if (!event.module.empty()) json["module"] = event.module;
    if (!event.change.empty()) json["change"] = event.change;
    json["diagnostic"] = to_json(event.diagnostic);
  }
  void operator()(const VerifyFailed& event) const {
    change(event.module, event.change);
    put_place(json, event.where, event.source_line);
    json["server"] = to_json(event.message);
  }
  void operator()(const CheckStarted& event) const {
    json["kind"] = check_kind_name(event.kind);
    json["module"] = event.module;
    json["name"] = event.name;
  }
  void operator()(const CheckFinished& event) const {
    json["kind"] = check_kind_name(event.kind);
    json["module"] = event.module;
    json["name"] = event.name;
    json["verdict"] = verdict_name(event.verdict);
    if (event.verdict == Verdict::failed) json["code"] = error_code_name(event.code);
    put(json, "message", event.message);
    if (!event.findings.empty()) json["findings"] = to_json(event.findings);
    if (!event.differences.empty()) json["differences"] = to_json(event.differences);
    if (!event.server.severity.empty()) json["server"] = to_json(event.server);
    json["duration_ms"] = milliseconds(event.duration);
  }
  void operator()(const ModulesSelected& event) const {
    json["selected"] = event.selected;
    Json covered = Json::array();
    for (const auto& [module, by] : event.covered)
      covered.push_back(Json{{"module", module}, {"covered_by", by}});
    json["covered"] = std::move(covered);
  }
  void operator()(const DatabaseKept& event) const {
    json["module"] = event.module;
    json["database"] = event.database;
    put(json, "host", event.host);
    put(json, "port", event.port);
    put(json, "user", event.user);
  }
  void operator()(const Committed& event) const {
    json["scope"] = scope_name(event.scope);
    put(json, "module", event.module);
    json["changes"] = event.changes;
  }
  void operator()(const RolledBack& event) const {
    json["scope"] = scope_name(event.scope);
    put(json, "module", event.module);
  }
  void operator()(const SessionLoaded& event) const {
    json["project"] = event.project;
    json["database"] = event.database;
    json["files"] = event.files;
    json["parameters"] = event.parameters;
    json["test_macros"] = event.test_macros;
    json["units"] = event.units;
  }
  void operator()(const UnitFinished& event) const {
    json["unit"] = event.index;
    json["outcome"] = outcome_name(event.outcome);
  }
  void operator()(const RunFinished& event) const {
    json["command"] = event.command;
    json["outcome"] = outcome_name(event.outcome);
    json["done"] = event.done;
    json["skipped"] = event.skipped;
    json["failed"] = event.failed;
    json["duration_ms"] = milliseconds(event.duration);
  }

 private:
  void change(const std::string& module, const std::string& name) const {
    json["module"] = module;
    json["change"] = name;
  }
};

Json to_json(const Step& step) {
  Json json{{"action", action_name(step.action)}, {"module", step.module}, {"change", step.change}};
  put(json, "script", step.script_file);
  put(json, "verify", step.verify_file);
  json["requires"] = step.requires_changes;
  json["tags"] = step.tags;
  json["transactional"] = step.transactional;
  put(json, "reason", step.reason);
  return json;
}

}  // namespace

Json to_json(const Blocker& blocker) {
  Json json{{"pid", blocker.pid}};
  put(json, "user", blocker.user);
  put(json, "application", blocker.application);
  put(json, "state", blocker.state);
  put(json, "connected_since", blocker.connected_since);
  if (blocker.transaction_age.count() > 0)
    json["transaction_age_ms"] = milliseconds(blocker.transaction_age);
  put(json, "query_start", blocker.query_start);
  put(json, "query", blocker.query);
  return json;
}

Json to_json(const std::vector<Blocker>& blockers) {
  Json list = Json::array();
  for (const Blocker& blocker : blockers) list.push_back(to_json(blocker));
  return list;
}

Json to_json(const ObjectDifference& difference) {
  Json facts = Json::array();
  for (const FactDifference& fact : difference.facts) {
    Json one{{"name", fact.name}};
    if (fact.before) one["before"] = redact(*fact.before);
    if (fact.after) one["after"] = redact(*fact.after);
    facts.push_back(std::move(one));
  }
  Json json{{"difference", difference_kind_name(difference.difference)},
            {"kind", difference.kind},
            {"identity", difference.identity}};
  put(json, "within", difference.within);
  json["facts"] = std::move(facts);
  return json;
}

Json to_json(const std::vector<ObjectDifference>& differences) {
  Json json = Json::array();
  for (const ObjectDifference& difference : differences) json.push_back(to_json(difference));
  return json;
}

Json to_json(const Diagnostic& diagnostic) {
  Json json;
  json["severity"] = diagnostic.severity == Severity::error ? "error" : "warning";
  put_place(json, diagnostic.where, diagnostic.source_line);
  json["message"] = redact(diagnostic.message);
  put(json, "hint", diagnostic.hint);
  return json;
}

Json to_json(const std::vector<Diagnostic>& diagnostics) {
  Json list = Json::array();
  for (const Diagnostic& diagnostic : diagnostics) list.push_back(to_json(diagnostic));
  return list;
}

Json to_json(const ServerMessage& message) {
  Json json = Json::object();
  put(json, "severity", message.severity);
  put(json, "sqlstate", message.sqlstate);
  put(json, "message", message.message);
  put(json, "detail", message.detail);
  put(json, "hint", message.hint);
  put(json, "context", message.context);
  put(json, "internal_query", message.internal_query);
  put(json, "schema", message.schema);
  put(json, "table", message.table);
  put(json, "column", message.column);
  put(json, "data_type", message.data_type);
  put(json, "constraint", message.constraint);
  return json;
}

Json to_json(const Failure& failure, int exit_status) {
  Json json;
  json["code"] = error_code_name(failure.code);
  json["exit_code"] = exit_status;
  json["message"] = redact(failure.message);
  put(json, "module", failure.module);
  put(json, "change", failure.change);
  if (!failure.where.file.empty()) {
    json["where"] = Json::object();
    put_place(json["where"], failure.where, failure.source_line);
  }
  const Json server = to_json(failure.server);
  if (!server.empty()) json["server"] = server;
  if (!failure.diagnostics.empty()) json["diagnostics"] = to_json(failure.diagnostics);
  if (!failure.context.empty()) json["context"] = failure.context;
  put(json, "database_state", failure.database_state);
  put(json, "hint", failure.hint);
  return json;
}

Json to_json(const Event& event, const std::string& time) {
  Json json{{"event", event_name(event)}, {"time", time}};
  std::visit(EventMembers{json}, event);
  return json;
}

Json to_json(const Worklist& worklist) {
  Json modules = Json::array();
  for (const ModuleSteps& module : worklist.modules) {
    Json steps = Json::array();
    for (const Step& step : module.steps) steps.push_back(to_json(step));
    Json json{{"module", module.module},
              {"extensions", module.extensions},
              {"skipped", module.skipped},
              {"steps", std::move(steps)}};
    if (!module.tests.empty()) json["tests"] = module.tests;
    if (!module.objects.empty()) {
      json["objects"] = Json::array();
      for (const ObjectChange& change : module.objects)
        json["objects"].push_back(Json{{"change", object_change_name(change.what)},
                                       {"kind", change.kind},
                                       {"name", change.name},
                                       {"file", change.file},
                                       {"reason", change.reason}});
    }
    modules.push_back(std::move(json));
  }
  return Json{{"command", worklist.command},
              {"database", worklist.database},
              {"dry_run", true},
              {"create_database", worklist.create_database},
              {"changes", worklist.changes()},
              {"modules", std::move(modules)},
              {"warnings", to_json(worklist.warnings)}};
}

std::string dump_line(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string dump_document(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace pgpm::cli
