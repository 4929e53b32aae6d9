// Schemas, tables with all that hangs on them, views, sequences.
#include "tests/proof/steps.h"

namespace pgpm::tests {

const char* const proof_setting = R"sql(
CREATE SCHEMA {s};
CREATE TABLE {s}.{t} (id int NOT NULL, name text DEFAULT 'd', amount numeric CONSTRAINT kept CHECK (amount > 0), UNIQUE (id));
CREATE TABLE {s}.other (id int PRIMARY KEY); CREATE TABLE {s}.parent (id int); CREATE TABLE {s}.child (id int);
CREATE TABLE {s}.parts (id int, at date) PARTITION BY RANGE (at); CREATE TABLE {s}.part (id int, at date);
CREATE TABLE {s}.counted (id int GENERATED ALWAYS AS IDENTITY, x int); CREATE INDEX by_name ON {s}.{t} (name);
ALTER TABLE {s}.{t} ADD CONSTRAINT late CHECK (id <> 7) NOT VALID;
CREATE VIEW {s}.shown AS SELECT id FROM {s}.{t}; CREATE MATERIALIZED VIEW {s}.stored AS SELECT id FROM {s}.{t};
CREATE SEQUENCE {s}.numbers;
CREATE FUNCTION {s}.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE PROCEDURE {s}.p(int) LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION {s}.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION {s}.watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION {s}.to_box(int) RETURNS box LANGUAGE sql IMMUTABLE AS 'SELECT NULL::box';
CREATE TRIGGER touched BEFORE INSERT ON {s}.{t} FOR EACH ROW EXECUTE PROCEDURE {s}.touch();
CREATE RULE quiet AS ON DELETE TO {s}.{t} DO INSTEAD NOTHING; CREATE POLICY seen ON {s}.{t} USING (id > 0);
CREATE TYPE {s}.mood AS ENUM ('sad', 'happy'); CREATE TYPE {s}.pair AS (a int, b text);
CREATE DOMAIN {s}.age AS int CONSTRAINT grown CHECK (VALUE > 17);
CREATE OPERATOR FAMILY {s}.family USING btree;
CREATE TEXT SEARCH DICTIONARY {s}.words (TEMPLATE = simple); CREATE TEXT SEARCH CONFIGURATION {s}.search (COPY = simple);
CREATE FOREIGN DATA WRAPPER wrapper; CREATE SERVER far FOREIGN DATA WRAPPER wrapper;
CREATE FOREIGN TABLE {s}.remote (id int) SERVER far; CREATE PUBLICATION news FOR TABLE {s}.other;
CREATE PUBLICATION narrow FOR TABLE {s}.other; CREATE PUBLICATION wide;
CREATE STATISTICS {s}.stats (ndistinct) ON id, name FROM {s}.{t};
)sql";

namespace {

const ProofStep steps[] = {
    {"schema {x}", "CREATE SCHEMA {x}", "DROP SCHEMA {x}"},
    {"schema {s}", "GRANT USAGE ON SCHEMA {s} TO PUBLIC", "REVOKE USAGE ON SCHEMA {s} FROM PUBLIC",
     "REVOKE CREATE ON SCHEMA {s} FROM PUBLIC"},
    {"schema {s}", "COMMENT ON SCHEMA {s} IS 'x'", "COMMENT ON SCHEMA {s} IS NULL",
     "COMMENT ON SCHEMA {s} IS 'y'"},
    {"table {s}.{x}", "CREATE TABLE {s}.{x} (id int, b text)", "DROP TABLE {s}.{x}",
     "ALTER TABLE {s}.{x} DROP b"},
    {"table {s}.{x}", "CREATE TABLE {s}.{x} (id int) PARTITION BY HASH (id)", "DROP TABLE {s}.{x}"},
    {"table {s}.{t}", "ALTER TABLE {s}.{t} SET (fillfactor = 50)",
     "ALTER TABLE {s}.{t} RESET (fillfactor)", "ALTER TABLE {s}.{t} SET (fillfactor = 100)"},
    {"table {s}.{t}", "ALTER TABLE {s}.{t} ENABLE ROW LEVEL SECURITY",
     "ALTER TABLE {s}.{t} DISABLE ROW LEVEL SECURITY",
     "ALTER TABLE {s}.{t} NO FORCE ROW LEVEL SECURITY"},
    {"table {s}.{t}", "ALTER TABLE {s}.{t} FORCE ROW LEVEL SECURITY",
     "ALTER TABLE {s}.{t} NO FORCE ROW LEVEL SECURITY"},
    {"table {s}.{t}", "ALTER TABLE {s}.{t} REPLICA IDENTITY FULL",
     "ALTER TABLE {s}.{t} REPLICA IDENTITY DEFAULT",
     "ALTER TABLE {s}.{t} REPLICA IDENTITY NOTHING"},
    {"table {s}.{t}", "GRANT SELECT, UPDATE ON {s}.{t} TO PUBLIC",
     "REVOKE ALL ON {s}.{t} FROM PUBLIC", "REVOKE UPDATE ON {s}.{t} FROM PUBLIC"},
    {"table {s}.{t}", "COMMENT ON TABLE {s}.{t} IS 'x'", "COMMENT ON TABLE {s}.{t} IS NULL"},
    {"table {s}.other", "ALTER TABLE {s}.other OWNER TO pg_monitor",
     "ALTER TABLE {s}.other OWNER TO CURRENT_USER"},
    {"table {s}.parent", "ALTER TABLE {s}.parent SET UNLOGGED",
     "ALTER TABLE {s}.parent SET LOGGED"},
    {"table {s}.child", "ALTER TABLE {s}.child INHERIT {s}.parent",
     "ALTER TABLE {s}.child NO INHERIT {s}.parent"},
    {"table {s}.part", "ALTER TABLE {s}.parts ATTACH PARTITION {s}.part DEFAULT",
     "ALTER TABLE {s}.parts DETACH PARTITION {s}.part"},
    {"column {s}.{t}.{x}", "ALTER TABLE {s}.{t} ADD {x} int, ADD more int",
     "ALTER TABLE {s}.{t} DROP {x}, DROP more", "ALTER TABLE {s}.{t} DROP more"},
    {"column {s}.{t}.name", "ALTER TABLE {s}.{t} ALTER name SET DEFAULT 'e'",
     "ALTER TABLE {s}.{t} ALTER name SET DEFAULT 'd'",
     "ALTER TABLE {s}.{t} ALTER name DROP DEFAULT"},
    {"column {s}.{t}.amount", "ALTER TABLE {s}.{t} ALTER amount SET NOT NULL",
     "ALTER TABLE {s}.{t} ALTER amount DROP NOT NULL"},
    {"column {s}.{t}.name", "ALTER TABLE {s}.{t} ALTER name SET STATISTICS 200",
     "ALTER TABLE {s}.{t} ALTER name SET STATISTICS -1",
     "ALTER TABLE {s}.{t} ALTER name SET STATISTICS 100"},
    {"column {s}.{t}.name", "ALTER TABLE {s}.{t} ALTER name SET STORAGE EXTERNAL",
     "ALTER TABLE {s}.{t} ALTER name SET STORAGE EXTENDED",
     "ALTER TABLE {s}.{t} ALTER name SET STORAGE MAIN"},
    {"column {s}.{t}.name", "ALTER TABLE {s}.{t} ALTER name SET COMPRESSION pglz",
     "ALTER TABLE {s}.{t} ALTER name SET COMPRESSION default", "", 14},
    {"column {s}.{t}.name", "ALTER TABLE {s}.{t} ALTER name SET (n_distinct = 5)",
     "ALTER TABLE {s}.{t} ALTER name RESET (n_distinct)"},
    {"column {s}.{t}.name", "GRANT SELECT (name) ON {s}.{t} TO pg_monitor",
     "REVOKE SELECT (name) ON {s}.{t} FROM pg_monitor",
     "REVOKE UPDATE (name) ON {s}.{t} FROM pg_monitor"},
    {"column {s}.{t}.name", "COMMENT ON COLUMN {s}.{t}.name IS 'x'",
     "COMMENT ON COLUMN {s}.{t}.name IS NULL"},
    {"column {s}.part.id", "ALTER TABLE {s}.part ALTER id TYPE bigint",
     "ALTER TABLE {s}.part ALTER id TYPE int", "ALTER TABLE {s}.part ALTER id TYPE smallint"},
    {"column {s}.child.{x}", "ALTER TABLE {s}.child ADD {x} text COLLATE \"C\"",
     "ALTER TABLE {s}.child DROP {x}"},
    {"column {s}.counted.id", "ALTER TABLE {s}.counted ALTER id SET GENERATED BY DEFAULT",
     "ALTER TABLE {s}.counted ALTER id SET GENERATED ALWAYS"},
    {"column {s}.counted.{x}", "ALTER TABLE {s}.counted RENAME x TO {x}",
     "ALTER TABLE {s}.counted RENAME {x} TO x"},
    {"constraint {x} on {s}.{t}", "ALTER TABLE {s}.{t} ADD CONSTRAINT {x} CHECK (id > 0)",
     "ALTER TABLE {s}.{t} DROP CONSTRAINT {x}", "COMMENT ON CONSTRAINT {x} ON {s}.{t} IS 'old'"},
    {"constraint {x} on {s}.{t}",
     "ALTER TABLE {s}.{t} ADD CONSTRAINT {x} FOREIGN KEY (id) REFERENCES {s}.other",
     "ALTER TABLE {s}.{t} DROP CONSTRAINT {x}"},
    {"constraint {x} on {s}.{t}", "ALTER TABLE {s}.{t} ADD CONSTRAINT {x} UNIQUE (name)",
     "ALTER TABLE {s}.{t} DROP CONSTRAINT {x}"},
    {"constraint kept on {s}.{t}", "ALTER TABLE {s}.{t} DROP CONSTRAINT kept",
     "ALTER TABLE {s}.{t} ADD CONSTRAINT kept CHECK (amount > 0)",
     "ALTER TABLE {s}.{t} ADD CONSTRAINT kept CHECK (amount > 0) NOT VALID"},
    {"constraint late on {s}.{t}", "ALTER TABLE {s}.{t} VALIDATE CONSTRAINT late",
     "ALTER TABLE {s}.{t} DROP CONSTRAINT late, ADD CONSTRAINT late CHECK (id <> 7) NOT VALID"},
    {"constraint {x} on {s}.child",
     "ALTER TABLE {s}.child ADD CONSTRAINT {x} EXCLUDE USING btree (id WITH =)",
     "ALTER TABLE {s}.child DROP CONSTRAINT {x}"},
    {"index {s}.{x}", "CREATE INDEX {x} ON {s}.{t} (lower(name)) WHERE id > 0",
     "DROP INDEX {s}.{x}"},
    {"index {s}.by_name", "DROP INDEX {s}.by_name", "CREATE INDEX by_name ON {s}.{t} (name)",
     "CREATE INDEX by_name ON {s}.{t} (name DESC)"},
    {"index {s}.by_name", "ALTER INDEX {s}.by_name SET (fillfactor = 50)",
     "ALTER INDEX {s}.by_name RESET (fillfactor)"},
    {"index {s}.by_name", "ALTER TABLE {s}.{t} CLUSTER ON by_name",
     "ALTER TABLE {s}.{t} SET WITHOUT CLUSTER"},
    {"index {s}.by_name", "COMMENT ON INDEX {s}.by_name IS 'x'",
     "COMMENT ON INDEX {s}.by_name IS NULL"},
    {"view {s}.{x}", "CREATE VIEW {s}.{x} AS SELECT id FROM {s}.{t}", "DROP VIEW {s}.{x}"},
    {"view {s}.shown", "CREATE OR REPLACE VIEW {s}.shown AS SELECT id FROM {s}.{t} WHERE id > 1",
     "CREATE OR REPLACE VIEW {s}.shown AS SELECT id FROM {s}.{t}",
     "CREATE OR REPLACE VIEW {s}.shown AS SELECT id FROM {s}.{t} WHERE id > 2"},
    {"view {s}.shown", "ALTER VIEW {s}.shown SET (security_barrier)",
     "ALTER VIEW {s}.shown RESET (security_barrier)"},
    {"view {s}.shown", "GRANT SELECT ON {s}.shown TO PUBLIC",
     "REVOKE SELECT ON {s}.shown FROM PUBLIC"},
    {"view {s}.shown", "COMMENT ON VIEW {s}.shown IS 'x'", "COMMENT ON VIEW {s}.shown IS NULL"},
    {"column {s}.shown.id", "ALTER VIEW {s}.shown ALTER id SET DEFAULT 7",
     "ALTER VIEW {s}.shown ALTER id DROP DEFAULT"},
    {"materialized view {s}.{x}", "CREATE MATERIALIZED VIEW {s}.{x} AS SELECT 1 AS n",
     "DROP MATERIALIZED VIEW {s}.{x}"},
    {"materialized view {s}.stored", "REFRESH MATERIALIZED VIEW {s}.stored WITH NO DATA",
     "REFRESH MATERIALIZED VIEW {s}.stored"},
    {"materialized view {s}.stored", "COMMENT ON MATERIALIZED VIEW {s}.stored IS 'x'",
     "COMMENT ON MATERIALIZED VIEW {s}.stored IS NULL"},
    {"sequence {s}.{x}", "CREATE SEQUENCE {s}.{x}", "DROP SEQUENCE {s}.{x}",
     "ALTER SEQUENCE {s}.{x} RESTART"},
    {"sequence {s}.numbers", "ALTER SEQUENCE {s}.numbers INCREMENT 2",
     "ALTER SEQUENCE {s}.numbers INCREMENT 1", "ALTER SEQUENCE {s}.numbers INCREMENT 3"},
    {"sequence {s}.numbers", "ALTER SEQUENCE {s}.numbers CYCLE",
     "ALTER SEQUENCE {s}.numbers NO CYCLE"},
    {"sequence {s}.numbers", "ALTER SEQUENCE {s}.numbers CACHE 9",
     "ALTER SEQUENCE {s}.numbers CACHE 1"},
    {"sequence {s}.numbers", "ALTER SEQUENCE {s}.numbers OWNED BY {s}.counted.x",
     "ALTER SEQUENCE {s}.numbers OWNED BY NONE",
     "ALTER SEQUENCE {s}.numbers OWNED BY {s}.parent.id"},
    {"sequence {s}.numbers", "GRANT USAGE ON SEQUENCE {s}.numbers TO PUBLIC",
     "REVOKE USAGE ON SEQUENCE {s}.numbers FROM PUBLIC"},
    {"trigger {x} on {s}.{t}",
     "CREATE TRIGGER {x} BEFORE UPDATE ON {s}.{t} FOR EACH ROW EXECUTE PROCEDURE {s}.touch()",
     "DROP TRIGGER {x} ON {s}.{t}", "ALTER TABLE {s}.{t} DISABLE TRIGGER {x}"},
    {"trigger touched on {s}.{t}", "ALTER TABLE {s}.{t} DISABLE TRIGGER touched",
     "ALTER TABLE {s}.{t} ENABLE TRIGGER touched",
     "ALTER TABLE {s}.{t} ENABLE REPLICA TRIGGER touched"},
    {"rule {x} on {s}.other", "CREATE RULE {x} AS ON UPDATE TO {s}.other DO INSTEAD NOTHING",
     "DROP RULE {x} ON {s}.other"},
    {"rule quiet on {s}.{t}", "ALTER TABLE {s}.{t} DISABLE RULE quiet",
     "ALTER TABLE {s}.{t} ENABLE RULE quiet"},
    {"policy {x} on {s}.{t}", "CREATE POLICY {x} ON {s}.{t} FOR SELECT USING (id > 3)",
     "DROP POLICY {x} ON {s}.{t}"},
    {"policy seen on {s}.{t}", "ALTER POLICY seen ON {s}.{t} TO pg_monitor",
     "ALTER POLICY seen ON {s}.{t} TO PUBLIC"},
    {"policy seen on {s}.{t}", "ALTER POLICY seen ON {s}.{t} USING (id > 1)",
     "ALTER POLICY seen ON {s}.{t} USING (id > 0)", "ALTER POLICY seen ON {s}.{t} USING (true)"},
    {"statistics {s}.{x}", "CREATE STATISTICS {s}.{x} (dependencies) ON id, amount FROM {s}.{t}",
     "DROP STATISTICS {s}.{x}"},
    {"statistics {s}.stats", "COMMENT ON STATISTICS {s}.stats IS 'x'",
     "COMMENT ON STATISTICS {s}.stats IS NULL"},
};

}  // namespace

std::span<const ProofStep> relation_steps() {
  return steps;
}

}  // namespace pgpm::tests
