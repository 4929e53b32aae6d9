#include "tests/faults/matrix_workspace.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace pgpm::tests {

namespace {

struct MatrixChange {
  std::string name, deploy, revert, verify;
};

MatrixChange table(const std::string& schema, int number) {
  const std::string name = fmt::format("{}.t{}", schema, number);
  return {fmt::format("t{}", number),
          fmt::format("CREATE TABLE {0} (id int PRIMARY KEY, name text NOT NULL);\n"
                      "COMMENT ON TABLE {0} IS 'number {1}';\n",
                      name, number),
          fmt::format("DROP TABLE {};\n", name),
          fmt::format("SELECT id, name FROM {} WHERE false;\n", name)};
}

MatrixChange rows(const std::string& schema, int number) {
  std::string copy = fmt::format("COPY {}.t{} (id, name) FROM STDIN;\n", schema, number);
  for (int row = 1; row <= 40; ++row) copy += fmt::format("{}\tname {}\n", row, row);
  return {fmt::format("rows{}", number), copy + "\\.\n",
          fmt::format("DELETE FROM {}.t{};\n", schema, number), ""};
}

std::vector<MatrixChange> common(const std::string& schema) {
  std::vector<MatrixChange> all{{"schema", fmt::format("CREATE SCHEMA {};\n", schema),
                                 fmt::format("DROP SCHEMA {};\n", schema),
                                 fmt::format("SELECT '{}'::regnamespace;\n", schema)}};
  for (int number = 1; number <= 4; ++number) all.push_back(table(schema, number));
  all.push_back(rows(schema, 1));
  all.push_back({"view", fmt::format("CREATE VIEW {0}.v AS SELECT id, name FROM {0}.t1;\n", schema),
                 fmt::format("DROP VIEW {}.v;\n", schema),
                 fmt::format("SELECT id FROM {}.v LIMIT 0;\n", schema)});
  all.push_back({"function",
                 fmt::format("CREATE FUNCTION {0}.f() RETURNS bigint LANGUAGE sql AS 'SELECT "
                             "count(*) FROM {0}.t1';\n",
                             schema),
                 fmt::format("DROP FUNCTION {}.f();\n", schema),
                 fmt::format("SELECT {}.f();\n", schema)});
  return all;
}

const std::string outside = "-- pgpm: no-transaction\n";

std::vector<MatrixChange> outside_changes(const std::string& schema, int server_version) {
  const std::string reindex = server_version >= 120000 ? "REINDEX INDEX CONCURRENTLY b.t1_unique;\n"
                                                       : "VACUUM ANALYZE b.t1;\n";
  const std::string detach = server_version >= 140000 ? " CONCURRENTLY" : "";

  if (schema == "a")
    return {{"name_index", outside + "CREATE INDEX CONCURRENTLY t1_name ON a.t1 (name);\n",
             outside + "DROP INDEX CONCURRENTLY a.t1_name;\n", "SELECT 'a.t1_name'::regclass;\n"},
            {"mood", "CREATE TYPE a.mood AS ENUM ('sad', 'ok');\n", "DROP TYPE a.mood;\n", ""},
            {"happy", outside + "ALTER TYPE a.mood ADD VALUE 'happy';\n", "SELECT 1;\n", ""}};
  if (schema == "b")
    return {
        {"unique_index",
         outside + "CREATE UNIQUE INDEX CONCURRENTLY t1_unique ON b.t1 (name, id);\nVACUUM b.t1;\n"
                   "INSERT INTO b.t2 VALUES (1, 'once');\n",
         outside + "DELETE FROM b.t2 WHERE id = 1;\nDROP INDEX CONCURRENTLY b.t1_unique;\n",
         "SELECT 1 / count(*) FROM b.t2;\n"},
        {"reindex", outside + reindex, "SELECT 1;\n", ""}};
  if (schema == "c")
    return {{"parted",
             "CREATE TABLE c.p (id int) PARTITION BY RANGE (id);\n"
             "CREATE TABLE c.p1 PARTITION OF c.p FOR VALUES FROM (0) TO (10);\n"
             "CREATE TABLE c.p2 PARTITION OF c.p FOR VALUES FROM (10) TO (20);\n",
             "DROP TABLE c.p;\n", ""},
            {"detach", outside + "ALTER TABLE c.p DETACH PARTITION c.p2" + detach + ";\n",
             "ALTER TABLE c.p2 DROP CONSTRAINT IF EXISTS p2_id_check;\n"
             "ALTER TABLE c.p ATTACH PARTITION c.p2 FOR VALUES FROM (10) TO (20);\n",
             "SELECT 'c.p2'::regclass;\n"}};
  return {};
}

std::vector<MatrixChange> changes_of(const std::string& schema, std::size_t count,
                                     int server_version) {
  std::vector<MatrixChange> all = common(schema);
  for (MatrixChange& change : outside_changes(schema, server_version))
    all.push_back(std::move(change));
  for (int number = 5; all.size() < count; ++number) all.push_back(table(schema, number));
  return all;
}

void write_module(TempWorkspace& files, const std::string& name, std::size_t count,
                  const std::string& requires_modules, int server_version) {
  const std::string dir = "packages/" + name;
  std::string plan = fmt::format("%syntax-version=1.0.0\n%project={0}\n%uri={0}\n\n", name);
  std::size_t number = 0;
  for (const MatrixChange& change : changes_of(name, count, server_version)) {
    const std::string stamp = "2024-01-15T10:00:00Z T <t@example.com>\n";
    plan += change.name + " " + stamp;
    if (++number == 4 || number == count) plan += fmt::format("@v{} {}", number, stamp);
    files.write(fmt::format("{}/deploy/{}.sql", dir, change.name), change.deploy);
    files.write(fmt::format("{}/revert/{}.sql", dir, change.name), change.revert);
    if (!change.verify.empty())
      files.write(fmt::format("{}/verify/{}.sql", dir, change.name), change.verify);
  }
  files.write(dir + "/pgpm.plan", plan);
  std::string control = fmt::format("comment = '{}'\ndefault_version = '0.0.1'\n", name);
  if (!requires_modules.empty()) control += fmt::format("requires = '{}'\n", requires_modules);
  files.write(fmt::format("{}/{}.control", dir, name), control);
}

}  // namespace

void write_matrix_workspace(TempWorkspace& files, int server_version) {
  files.write("pgpm.json", "{\"packages\": [\"packages/*\"]}\n");
  write_module(files, "a", 14, "", server_version);
  write_module(files, "b", 13, "a", server_version);
  write_module(files, "c", 13, "a", server_version);
  write_module(files, "d", 10, "b, c", server_version);
}

}  // namespace pgpm::tests
