// Text search, foreign data, replication, privileges, settings, roles.
#include "tests/proof/steps.h"

namespace pgpm::tests {

namespace {

const ProofStep steps[] = {
    {"text search configuration {s}.{x}",
     "CREATE TEXT SEARCH CONFIGURATION {s}.{x} (COPY = simple)",
     "DROP TEXT SEARCH CONFIGURATION {s}.{x}"},
    {"text search configuration {s}.search",
     "ALTER TEXT SEARCH CONFIGURATION {s}.search DROP MAPPING FOR url",
     "ALTER TEXT SEARCH CONFIGURATION {s}.search ADD MAPPING FOR url WITH simple",
     "ALTER TEXT SEARCH CONFIGURATION {s}.search ADD MAPPING FOR url WITH english_stem"},
    {"text search dictionary {s}.{x}", "CREATE TEXT SEARCH DICTIONARY {s}.{x} (TEMPLATE = simple)",
     "DROP TEXT SEARCH DICTIONARY {s}.{x}"},
    {"text search dictionary {s}.words", "ALTER TEXT SEARCH DICTIONARY {s}.words (accept = false)",
     "ALTER TEXT SEARCH DICTIONARY {s}.words (accept)"},
    {"text search parser {s}.{x}",
     "CREATE TEXT SEARCH PARSER {s}.{x} (START = prsd_start, GETTOKEN = prsd_nexttoken, END = "
     "prsd_end, LEXTYPES = prsd_lextype)",
     "DROP TEXT SEARCH PARSER {s}.{x}"},
    {"text search template {s}.{x}",
     "CREATE TEXT SEARCH TEMPLATE {s}.{x} (LEXIZE = dsimple_lexize)",
     "DROP TEXT SEARCH TEMPLATE {s}.{x}"},
    {"foreign data wrapper {x}", "CREATE FOREIGN DATA WRAPPER {x}",
     "DROP FOREIGN DATA WRAPPER {x}"},
    {"foreign data wrapper wrapper", "ALTER FOREIGN DATA WRAPPER wrapper OPTIONS (ADD debug 'on')",
     "ALTER FOREIGN DATA WRAPPER wrapper OPTIONS (DROP debug)",
     "ALTER FOREIGN DATA WRAPPER wrapper OPTIONS (SET debug 'off')"},
    {"server {x}", "CREATE SERVER {x} FOREIGN DATA WRAPPER wrapper", "DROP SERVER {x}"},
    {"server far", "ALTER SERVER far VERSION '2' OPTIONS (ADD host 'h')",
     "ALTER SERVER far VERSION NULL OPTIONS (DROP host)", "ALTER SERVER far VERSION NULL"},
    {"server far", "GRANT USAGE ON FOREIGN SERVER far TO PUBLIC",
     "REVOKE USAGE ON FOREIGN SERVER far FROM PUBLIC"},
    {"user mapping public on server far",
     "CREATE USER MAPPING FOR PUBLIC SERVER far OPTIONS (password 'p')",
     "DROP USER MAPPING FOR PUBLIC SERVER far",
     "ALTER USER MAPPING FOR PUBLIC SERVER far OPTIONS (DROP password)"},
    {"foreign table {s}.{x}", "CREATE FOREIGN TABLE {s}.{x} (id int) SERVER far",
     "DROP FOREIGN TABLE {s}.{x}"},
    {"foreign table {s}.remote", "ALTER FOREIGN TABLE {s}.remote OPTIONS (ADD path 'x')",
     "ALTER FOREIGN TABLE {s}.remote OPTIONS (DROP path)"},
    {"publication {x}", "CREATE PUBLICATION {x} FOR ALL TABLES", "DROP PUBLICATION {x}"},
    {"publication news", "ALTER PUBLICATION news ADD TABLE {s}.child",
     "ALTER PUBLICATION news DROP TABLE {s}.child"},
    {"publication narrow", "ALTER PUBLICATION narrow SET TABLE {s}.other (id) WHERE (id > 0)",
     "ALTER PUBLICATION narrow SET TABLE {s}.other",
     "ALTER PUBLICATION narrow SET TABLE {s}.other (id)", 15},
    {"publication wide", "ALTER PUBLICATION wide ADD TABLES IN SCHEMA {s}",
     "ALTER PUBLICATION wide DROP TABLES IN SCHEMA {s}", "", 15},
    {"publication news", "ALTER PUBLICATION news SET (publish = 'insert')",
     "ALTER PUBLICATION news SET (publish = 'insert, update, delete, truncate')",
     "ALTER PUBLICATION news SET (publish = 'insert, update, delete')"},
    {"subscription {x}",
     "CREATE SUBSCRIPTION {x} CONNECTION 'host=nowhere' PUBLICATION p WITH (connect = false, "
     "slot_name = NONE)",
     "DROP SUBSCRIPTION {x}"},
    {"default privileges of pg_monitor in schema {s} on tables",
     "ALTER DEFAULT PRIVILEGES FOR ROLE pg_monitor IN SCHEMA {s} GRANT SELECT, INSERT ON TABLES TO "
     "PUBLIC",
     "ALTER DEFAULT PRIVILEGES FOR ROLE pg_monitor IN SCHEMA {s} REVOKE ALL ON TABLES FROM PUBLIC",
     "ALTER DEFAULT PRIVILEGES FOR ROLE pg_monitor IN SCHEMA {s} REVOKE INSERT ON TABLES FROM "
     "PUBLIC"},
    {"default privileges of pg_monitor on functions",
     "ALTER DEFAULT PRIVILEGES FOR ROLE pg_monitor REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
     "ALTER DEFAULT PRIVILEGES FOR ROLE pg_monitor GRANT EXECUTE ON FUNCTIONS TO PUBLIC"},
    {"database as a whole", "ALTER DATABASE {db} SET work_mem = '1MB'",
     "ALTER DATABASE {db} RESET work_mem", "ALTER DATABASE {db} SET work_mem = '4MB'"},
    {"database as a whole", "COMMENT ON DATABASE {db} IS 'x'", "COMMENT ON DATABASE {db} IS NULL"},
    {"role {x}", "CREATE ROLE {x}", "DROP ROLE {x}", "ALTER ROLE {x} NOLOGIN"},
    {"role settings of {user} in this database",
     "ALTER ROLE CURRENT_USER IN DATABASE {db} SET work_mem = '1MB'",
     "ALTER ROLE CURRENT_USER IN DATABASE {db} RESET work_mem"},
    {"grants on function pg_catalog.pg_backend_pid()",
     "REVOKE EXECUTE ON FUNCTION pg_catalog.pg_backend_pid() FROM PUBLIC",
     "GRANT EXECUTE ON FUNCTION pg_catalog.pg_backend_pid() TO PUBLIC"},
    {"large objects of pg_monitor",
     "SELECT lo_create(4711); ALTER LARGE OBJECT 4711 OWNER TO pg_monitor",
     "SELECT lo_unlink(4711)"},
    // What SECURITY LABEL would write, if there were a provider.
    {"security label guard on table {s}.child",
     "INSERT INTO pg_seclabel SELECT oid, 'pg_class'::regclass, 0, 'guard', 'x' FROM pg_class "
     "WHERE "
     "relname = 'child'",
     "DELETE FROM pg_seclabel", "UPDATE pg_seclabel SET label = 'y'"},
    {"parameter log_lock_waits", "GRANT SET ON PARAMETER log_lock_waits TO pg_monitor",
     "REVOKE SET ON PARAMETER log_lock_waits FROM pg_monitor",
     "REVOKE ALTER SYSTEM ON PARAMETER log_lock_waits FROM pg_monitor", 15},
};

}  // namespace

std::span<const ProofStep> other_steps() {
  return steps;
}

}  // namespace pgpm::tests
