#!/bin/sh
# make_workspace.sh DIR CHANGES [plan-only]: a workspace with one module: a schema, then tables with an index each, with
# deploy, revert and verify scripts (or just the plan). Each change requires the schema and every tenth the one before.
# DIR/deploy.sql and DIR/verified.sql are the same SQL in one file, without and with the verify scripts; what a verify
# script does must leave nothing, hence the savepoint around each.
set -eu
dir=$1 changes=$2 what=${3:-all}
module=$dir/packages/bench
mkdir -p "$module/deploy" "$module/revert" "$module/verify"
echo '{"packages": ["packages/*"]}' >"$dir/pgpm.json"
printf "comment = 'Benchmark'\ndefault_version = '0.0.1'\n" >"$module/bench.control"
awk -v dir="$dir" -v module="$module" -v changes="$changes" -v what="$what" '
  function script(kind, name, sql,   file) {
    if (what != "all") return
    file = module "/" kind "/" name ".sql"
    print sql > file; close(file)
    if (kind == "deploy") print sql > (dir "/verified.sql")
    if (kind == "verify") print "SAVEPOINT v;\n" sql "\nROLLBACK TO SAVEPOINT v; RELEASE SAVEPOINT v;" > (dir "/verified.sql")
    if (kind == "deploy") print sql > (dir "/deploy.sql")
  }
  function plan(name, needs) {
    print name needs " 2024-01-15T10:00:00Z Bench <bench@example.com> # generated" > (module "/pgpm.plan")
  }
  BEGIN {
    print "%syntax-version=1.0.0\n%project=bench\n%uri=bench\n" > (module "/pgpm.plan")
    if (what == "all") print "BEGIN;" > (dir "/verified.sql")
    plan("schema", "")
    script("deploy", "schema", "CREATE SCHEMA bench;")
    script("verify", "schema", "SELECT pg_catalog.has_schema_privilege(\047bench\047, \047usage\047);")
    script("revert", "schema", "DROP SCHEMA bench;")
    for (i = 1; i < changes; i++) {
      name = sprintf("t%06d", i)
      plan(name, i % 10 == 0 ? " [schema " last "]" : " [schema]")
      script("deploy", name, "CREATE TABLE bench." name " (\n  id bigint PRIMARY KEY,\n  amount bigint NOT NULL,\n" \
             "  created_at timestamptz NOT NULL DEFAULT now()\n);\n\nCREATE INDEX " name "_created_at_idx ON bench." name \
             " (created_at);")
      script("verify", name, "SELECT id, amount, created_at FROM bench." name " WHERE false;")
      script("revert", name, "DROP TABLE bench." name ";")
      last = name
    }
    if (what == "all") print "COMMIT;" > (dir "/verified.sql")
  }'
