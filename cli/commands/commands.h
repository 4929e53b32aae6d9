// Every command's own entry of the table. Each lives in a file of its name.
#pragma once

#include "cli/command.h"

namespace pgpm::cli {

Command deploy_command();
Command verify_command();
Command revert_command();
Command test_command();
Command status_command();
Command log_command();
Command add_command();
Command rework_command();
Command rename_command();
Command show_command();
Command plan_command();
Command extension_command();
Command doctor_command();
Command package_command();
Command sync_versions_command();
Command analyze_command();
Command install_command();
Command upgrade_command();
Command uninstall_command();
Command regen_command();
Command import_command();
Command adopt_sqitch_command();
Command remove_command();
Command clear_command();
Command tag_command();
Command check_command();
Command graph_command();
Command test_packages_command();
Command prove_command();
Command objects_plan_command();
Command objects_apply_command();
Command snapshot_command();
Command diff_command();
Command init_command();
Command migrate_init_command();
Command migrate_list_command();
Command migrate_deps_command();
Command migrate_baseline_command();
Command migrate_accept_command();
Command session_deploy_command();
Command session_plan_command();
Command session_test_command();
Command session_info_command();
Command session_init_command();
Command session_config_command();
Command session_metadata_command();
Command contract_command();
Command serve_command();
Command env_command();
Command admin_users_bootstrap_command();
Command admin_users_add_command();
Command admin_users_remove_command();
Command local_start_command();
Command local_stop_command();
Command local_status_command();
Command local_psql_command();
Command local_destroy_command();
Command kill_command();
Command dump_command();
Command tune_command();
Command docker_start_command();
Command docker_stop_command();
Command docker_ls_command();
Command help_command();
Command version_command();
Command completion_command();

}  // namespace pgpm::cli
