#include "cli/command.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "cli/commands/commands.h"

namespace pgpm::cli {

namespace {

struct Entry {
  std::string_view name;
  Command (*make)();
  std::string_view alias = {};
};

/// In the order help shows them.
constexpr Entry entries[] = {
    {"deploy", deploy_command},
    {"verify", verify_command},
    {"test", test_command},
    {"revert", revert_command},
    {"status", status_command, "migrate status"},
    {"log", log_command},
    {"show", show_command},
    {"add", add_command},
    {"rework", rework_command},
    {"rename", rename_command},
    {"remove", remove_command},
    {"clear", clear_command},
    {"tag", tag_command},
    {"plan", plan_command},
    {"extension", extension_command},
    {"regen", regen_command},
    {"import", import_command},
    {"check", check_command},
    {"graph", graph_command},
    {"init", init_command},
    {"package", package_command},
    {"sync-versions", sync_versions_command},
    {"analyze", analyze_command},
    {"install", install_command},
    {"upgrade", upgrade_command, "up"},
    {"uninstall", uninstall_command},
    {"migrate init", migrate_init_command},
    {"migrate list", migrate_list_command},
    {"migrate deps", migrate_deps_command},
    {"migrate accept", migrate_accept_command},
    {"migrate baseline", migrate_baseline_command},
    {"objects plan", objects_plan_command, "objects status"},
    {"objects apply", objects_apply_command},
    {"objects watch", objects_watch_command},
    {"objects check", objects_check_command},
    {"objects graph", objects_graph_command},
    {"objects new", objects_new_command},
    {"objects adopt", objects_adopt_command},
    {"adopt sqitch", adopt_sqitch_command},
    {"test-packages", test_packages_command},
    {"prove", prove_command},
    {"snapshot", snapshot_command},
    {"diff", diff_command},
    {"session deploy", session_deploy_command},
    {"session plan", session_plan_command},
    {"session test", session_test_command},
    {"session info", session_info_command},
    {"session init", session_init_command},
    {"session config", session_config_command},
    {"session metadata", session_metadata_command},
    {"env", env_command},
    {"doctor", doctor_command},
    {"admin-users bootstrap", admin_users_bootstrap_command},
    {"admin-users add", admin_users_add_command},
    {"admin-users remove", admin_users_remove_command},
    {"local start", local_start_command},
    {"local stop", local_stop_command},
    {"local status", local_status_command},
    {"local psql", local_psql_command},
    {"local destroy", local_destroy_command},
    {"kill", kill_command},
    {"dump", dump_command},
    {"tune", tune_command},
    {"docker start", docker_start_command},
    {"docker stop", docker_stop_command},
    {"docker ls", docker_ls_command},
    {"contract", contract_command},
    {"serve", serve_command},
    {"help", help_command},
    {"version", version_command},
    {"completion", completion_command},
};

Command make(const Entry& entry) {
  Command command = entry.make();
  command.name = entry.name;
  if (!entry.alias.empty()) command.aliases.emplace_back(entry.alias);
  return command;
}

/// Moved into its place, not copied: it holds thousands of strings.
std::vector<Command> make_table() {
  std::vector<Command> table;
  table.reserve(std::size(entries));
  for (const Entry& entry : entries) table.push_back(make(entry));
  return table;
}

bool is_below(std::string_view name, std::string_view word) {
  return name.size() > word.size() && name.starts_with(word) && name[word.size()] == ' ';
}

}  // namespace

const std::vector<Command>& command_table() {
  static const std::vector<Command> table = make_table();
  return table;
}

const std::vector<Option>& global_options() {
  static const std::vector<Option> options{
      {"help", 'h', OptionKind::flag, "", "tell about the command"},
      {"version", 'V', OptionKind::flag, "", "print the version"},
      {"verbose", 'v', OptionKind::flag, "", "tell more: every change, notice and skipped change"},
      {"quiet", 'q', OptionKind::flag, "", "tell only what went wrong"},
      {"yes", 'y', OptionKind::flag, "", "do not ask"},
      {"cwd", 0, OptionKind::value, "DIR", "act as if started in this directory"},
      {"color", 0, OptionKind::value, "WHEN", "colours", {"colour"}, {"auto", "always", "never"}},
      {"format",
       0,
       OptionKind::value,
       "FORMAT",
       "form of the output",
       {},
       {"text", "json", "jsonl"}},
  };
  return options;
}

std::vector<Option> options_of(const Command& command) {
  std::vector<Option> options = command.options;
  for (const Option& option : global_options()) {
    const bool is_own = std::any_of(command.options.begin(), command.options.end(),
                                    [&](const Option& own) { return own.name == option.name; });
    if (!is_own) options.push_back(option);
  }
  return options;
}

const Command* find_command(std::string_view name) {
  const auto entry = std::find_if(std::begin(entries), std::end(entries), [&](const Entry& one) {
    return one.name == name || (!name.empty() && one.alias == name);
  });
  if (entry == std::end(entries)) return nullptr;
  static std::map<std::string_view, const Command> found;
  const auto known = found.find(entry->name);
  return &(known != found.end() ? known : found.emplace(entry->name, make(*entry)).first)->second;
}

bool is_group(std::string_view word) {
  return std::any_of(std::begin(entries), std::end(entries), [&](const Entry& entry) {
    return is_below(entry.name, word) || is_below(entry.alias, word);
  });
}

std::vector<const Command*> commands_below(std::string_view word) {
  std::vector<const Command*> found;
  for (const Command& command : command_table()) {
    const auto is_here = [&](const std::string& name) { return is_below(name, word); };
    if (is_here(command.name) ||
        std::any_of(command.aliases.begin(), command.aliases.end(), is_here))
      found.push_back(&command);
  }
  return found;
}

}  // namespace pgpm::cli
