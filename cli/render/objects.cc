#include "cli/render/objects.h"

#include <fmt/format.h>

#include <filesystem>

#include "cli/render/failure.h"

namespace pgpm::cli {

namespace {

using Act = ObjectStep::Act;
using What = ObjectChange::What;

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string file_name(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

/// "CREATE VIEW user_stats (from sql/views/user_stats.sql)"
std::string planned(const ObjectStep& step) {
  const std::string from = step.file.empty() ? "" : fmt::format(" (from {})", step.file);
  const std::string name = printable(step.name), kind = upper(step.kind);
  const bool is_grant = step.kind == "grant";
  switch (step.act) {
    case Act::migrate:
      return fmt::format("Run migration: {}", file_name(step.file));
    case Act::drop:
      return fmt::format("DROP {} {}", kind, name);
    case Act::remove:
      if (step.kind == "comment" || is_grant)
        return fmt::format("Take back {}: {}", step.kind, name);
      return fmt::format("DROP {} {} (declared no more)", kind, name);
    case Act::replace:
      return fmt::format("{} {} {}{}", step.kind == "type" ? "ALTER" : "CREATE OR REPLACE", kind,
                         name, from);
    case Act::restore:
      return fmt::format("CREATE {} {} (not managed, as it was)", kind, name);
    case Act::create:
      break;
  }
  if (step.kind == "comment") return fmt::format("COMMENT ON {}{}", name, from);
  if (is_grant) return name + from;
  return fmt::format("CREATE {} {}{}", kind, name, from);
}

std::string affected_lines(const ObjectReport& report) {
  std::string text;
  for (const ObjectChange& change : report.changes)
    if (change.what == What::affected && change.kind != "comment" && change.kind != "grant")
      text += fmt::format("    - {}.{} ({})\n", change.kind, printable(change.name),
                          printable(change.reason));
  for (const ObjectStep& step : report.steps)
    if (step.act == Act::restore)
      text += fmt::format("    - {}.{} ({}; not managed)\n", step.kind, printable(step.name),
                          printable(step.reason));
  return text.empty() ? text : "  Affected objects that will be recreated:\n" + text;
}

std::string changed_lines(const ObjectReport& report, const Style& style) {
  std::string text;
  for (const ObjectChange& change : report.changes) {
    if (change.what == What::affected) continue;
    const std::string severity =
        change.compatibility == Compatibility::breaking
            ? " [" + style.red(compatibility_name(change.compatibility)) + "]"
            : fmt::format(" [{}]", compatibility_name(change.compatibility));
    text += fmt::format("  - {}: {} {} ({}){}\n", printable(change.file), change.kind,
                        printable(change.name), object_change_name(change.what), severity);
  }
  return text.empty() ? text : "Code changes detected:\n" + text;
}

std::string warnings_of(const ObjectReport& report, const Style& style) {
  std::string text;
  for (const Diagnostic& warning : report.warnings) text += show_diagnostic(warning, style);
  return text;
}

std::size_t count_of(const ObjectReport& report, Act act) {
  std::size_t number = 0;
  for (const ObjectStep& step : report.steps) number += step.act == act ? 1 : 0;
  return number;
}

}  // namespace

std::string show_object_plan(const ObjectReport& report, const Style& style) {
  if (report.nothing_to_do())
    return warnings_of(report, style) +
           fmt::format("No changes detected. Database {} is up to date.\n",
                       printable(report.database));
  std::string text = warnings_of(report, style) + style.bold("PLAN:") + "\n";
  for (const PendingMigration& migration : report.migrations)
    text += fmt::format("Pending data migration: {} [{}]\n", printable(migration.file),
                        compatibility_name(migration.compatibility));
  text += affected_lines(report);
  const std::string changes = changed_lines(report, style);
  if (!changes.empty()) text += (report.migrations.empty() ? "" : "\n") + changes;
  text += "\nExecution order:\n";
  std::size_t number = 0;
  for (const ObjectStep& step : report.steps)
    text += fmt::format("  {}. {}\n", ++number, planned(step));
  return text +
         fmt::format("\nClient compatibility: {}\n", compatibility_name(report.compatibility));
}

std::string show_object_step(const ObjectStep& step, const Style& style) {
  const std::string name = printable(step.name);
  switch (step.act) {
    case Act::drop:
      return fmt::format("  {} Dropped {}: {}\n", style.yellow("↓"), step.kind, name);
    case Act::migrate:
      return fmt::format("  {} Applied migration: {}\n", style.green("✓"), file_name(step.file));
    case Act::create:
      return fmt::format("  {} Created {}: {}\n", style.green("✓"), step.kind, name);
    case Act::replace:
      return fmt::format("  {} Replaced {}: {}\n", style.green("✓"), step.kind, name);
    case Act::restore:
      return fmt::format("  {} Restored {}: {}\n", style.green("✓"), step.kind, name);
    case Act::remove:
      return fmt::format("  {} Removed {}: {}\n", style.red("-"), step.kind, name);
  }
  return "";
}

std::string show_object_result(const ObjectReport& report, const Style& style) {
  if (report.nothing_to_do())
    return warnings_of(report, style) + "No changes to apply. Database is up to date.\n";
  std::string text = warnings_of(report, style) + "\nUpdated state tracking:\n";
  for (const PendingMigration& migration : report.migrations)
    text +=
        fmt::format("  {} Recorded migration: {}\n", style.green("✓"), printable(migration.file));
  if (report.recorded > 0)
    text += fmt::format("  {} Updated {}\n", style.green("✓"),
                        report.recorded == 1 ? std::string("1 object hash")
                                             : fmt::format("{} object hashes", report.recorded));
  if (const std::size_t removed = count_of(report, Act::remove); removed > 0)
    text += fmt::format("  {} Forgot {}\n", style.green("✓"), count(removed, "object"));
  return text + "\nAll changes applied successfully.\n";
}

DrawnGraph drawn(const DeclaredGraph& graph) {
  DrawnGraph picture;
  picture.edges = graph.edges;
  for (const DeclaredObject& object : graph.objects)
    picture.nodes.push_back({object.kind + " " + object.name, DrawnGraph::State::none, ""});
  return picture;
}

Json to_json(const ObjectStep& step) {
  Json json{{"act", object_act_name(step.act)}, {"kind", step.kind}, {"name", step.name}};
  if (!step.file.empty()) json["file"] = step.file;
  if (!step.reason.empty()) json["reason"] = step.reason;
  return json;
}

Json to_json(const ObjectChange& change) {
  return Json{{"change", object_change_name(change.what)},
              {"kind", change.kind},
              {"name", change.name},
              {"file", change.file},
              {"reason", change.reason},
              {"severity", compatibility_name(change.compatibility)}};
}

Json to_json(const ObjectReport& report) {
  Json json{{"database", report.database}, {"up_to_date", report.nothing_to_do()}};
  json["migrations"] = Json::array();
  for (const PendingMigration& each : report.migrations)
    json["migrations"].push_back(Json{{"name", each.name},
                                      {"file", each.file},
                                      {"severity", compatibility_name(each.compatibility)}});
  json["changes"] = Json::array();
  for (const ObjectChange& each : report.changes) json["changes"].push_back(to_json(each));
  json["steps"] = Json::array();
  for (const ObjectStep& each : report.steps) json["steps"].push_back(to_json(each));
  json["severity"] = compatibility_name(report.compatibility);
  Json counts{{"safe", 0}, {"transient", 0}, {"breaking", 0}};
  const auto add = [&](Compatibility each) {
    counts[compatibility_name(each)] = counts[compatibility_name(each)].get<int>() + 1;
  };
  for (const ObjectChange& each : report.changes) add(each.compatibility);
  for (const PendingMigration& each : report.migrations) add(each.compatibility);
  json["severity_counts"] = counts;
  if (!report.warnings.empty()) json["warnings"] = to_json(report.warnings);
  return json;
}

}  // namespace pgpm::cli
