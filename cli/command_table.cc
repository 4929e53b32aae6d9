#include "cli/command.h"

#include <algorithm>
#include <iterator>

#include "cli/commands/commands.h"

namespace pgpm::cli {

namespace {

/// In the order help shows them.
constexpr Command (*commands[])() = {
    deploy_command,
    verify_command,
    test_command,
    revert_command,
    status_command,
    log_command,
    show_command,
    add_command,
    rework_command,
    rename_command,
    remove_command,
    clear_command,
    tag_command,
    plan_command,
    extension_command,
    regen_command,
    import_command,
    check_command,
    graph_command,
    init_command,
    package_command,
    sync_versions_command,
    analyze_command,
    install_command,
    upgrade_command,
    uninstall_command,
    migrate_init_command,
    migrate_list_command,
    migrate_deps_command,
    migrate_accept_command,
    migrate_baseline_command,
    objects_plan_command,
    objects_apply_command,
    objects_watch_command,
    objects_check_command,
    objects_graph_command,
    objects_new_command,
    objects_adopt_command,
    adopt_sqitch_command,
    test_packages_command,
    prove_command,
    snapshot_command,
    diff_command,
    session_deploy_command,
    session_plan_command,
    session_test_command,
    session_info_command,
    session_init_command,
    session_config_command,
    session_metadata_command,
    env_command,
    doctor_command,
    admin_users_bootstrap_command,
    admin_users_add_command,
    admin_users_remove_command,
    local_start_command,
    local_stop_command,
    local_status_command,
    local_psql_command,
    local_destroy_command,
    kill_command,
    dump_command,
    tune_command,
    docker_start_command,
    docker_stop_command,
    docker_ls_command,
    contract_command,
    serve_command,
    help_command,
    version_command,
    completion_command,
};

/// Moved into its place, not copied: it holds thousands of strings, and every start makes it.
std::vector<Command> make_table() {
  std::vector<Command> table;
  table.reserve(std::size(commands));
  for (const auto make : commands) table.push_back(make());
  return table;
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
  for (const Command& command : command_table()) {
    if (command.name == name) return &command;
    if (std::find(command.aliases.begin(), command.aliases.end(), name) != command.aliases.end())
      return &command;
  }
  return nullptr;
}

std::vector<const Command*> commands_below(std::string_view word) {
  const std::string prefix = std::string(word) + ' ';
  const auto is_below = [&](const std::string& name) { return name.rfind(prefix, 0) == 0; };
  std::vector<const Command*> found;
  for (const Command& command : command_table())
    if (is_below(command.name) ||
        std::any_of(command.aliases.begin(), command.aliases.end(), is_below))
      found.push_back(&command);
  return found;
}

}  // namespace pgpm::cli
