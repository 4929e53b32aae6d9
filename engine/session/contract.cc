// Held against what a live session has by tests/db/session_objects_test.cc.
#include "pgpm/session_contract.h"

namespace pgpm {

SessionContract session_contract() {
  SessionContract contract;
  contract.compat = "1";
  contract.views = {{"pgmi_source_view",
                     {{"path", "text"},
                      {"name", "text"},
                      {"directory", "text"},
                      {"extension", "text"},
                      {"depth", "integer"},
                      {"content", "text"},
                      {"size_bytes", "bigint"},
                      {"checksum", "text"},
                      {"pgmi_checksum", "text"},
                      {"path_parts", "text[]"},
                      {"is_sql_file", "boolean"},
                      {"is_test_file", "boolean"},
                      {"parent_folder_name", "text"}}},
                    {"pgmi_plan_view",
                     {{"path", "text"},
                      {"content", "text"},
                      {"checksum", "text"},
                      {"generic_id", "uuid"},
                      {"id", "uuid"},
                      {"idempotent", "boolean"},
                      {"description", "text"},
                      {"sort_key", "text"},
                      {"execution_order", "bigint"}}},
                    {"pgmi_parameter_view",
                     {{"key", "text"},
                      {"value", "text"},
                      {"type", "text"},
                      {"required", "boolean"},
                      {"default_value", "text"},
                      {"description", "text"}}},
                    {"pgmi_source_metadata_view",
                     {{"path", "text"},
                      {"id", "uuid"},
                      {"idempotent", "boolean"},
                      {"sort_keys", "text[]"},
                      {"description", "text"}}},
                    {"pgmi_test_source_view",
                     {{"path", "text"},
                      {"directory", "text"},
                      {"filename", "text"},
                      {"content", "text"},
                      {"is_fixture", "boolean"}}},
                    {"pgmi_test_directory_view",
                     {{"path", "text"}, {"parent_path", "text"}, {"depth", "integer"}}}};
  contract.functions = {
      {"pg_temp.pgmi_is_sql_file", "filename text", "boolean"},
      {"pg_temp.pgmi_persist_test_plan", "target_schema text, pattern text DEFAULT NULL::text",
       "void"},
      {"pg_temp.pgmi_test_generate",
       "pattern text DEFAULT NULL::text, callback text DEFAULT 'pg_temp.pgmi_test_callback'::text",
       "text"},
      {"pg_temp.pgmi_test_plan", "pattern text DEFAULT NULL::text",
       "TABLE(ordinal integer, step_type text, script_path text, directory text, depth integer)"}};
  contract.event_type = {"pg_temp.pgmi_test_event",
                         {{"event", "text"},
                          {"path", "text"},
                          {"directory", "text"},
                          {"depth", "integer"},
                          {"ordinal", "integer"},
                          {"context", "jsonb"}}};
  contract.events = {"suite_start", "fixture_start",  "fixture_end",  "test_start", "test_end",
                     "rollback",    "teardown_start", "teardown_end", "suite_end"};
  contract.step_types = {"fixture", "test", "teardown"};
  contract.macro_forms = {
      {"CALL pgmi_test();", "all tests"},
      {"CALL pgmi_test(NULL);", "all tests"},
      {"CALL pgmi_test('PATTERN');",
       "tests whose path matches the regular expression, with their fixtures"},
      {"CALL pgmi_test('PATTERN', 'CALLBACK');", "the same, told to an observer"},
      {"CALL pgmi_test(NULL, 'CALLBACK');", "all tests, told to an observer"},
      {"CALL pg_temp.pgmi_test(...);", "any of them"}};
  return contract;
}

}  // namespace pgpm
