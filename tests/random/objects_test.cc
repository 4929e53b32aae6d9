// Managed objects made up by a generator of fixed seeds: graphs of views, materialized views and
// functions over three tables, with owners, rights, comments and indexes that no file declares, and
// views that nobody manages. A table changes under them, and some files. What must hold: the
// catalog is the same as after a fresh build with the same said about it; what the change does not
// reach keeps its number; and a run that fails leaves everything as it was.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <map>
#include <random>
#include <set>

#include "pgpm/catalog.h"
#include "pgpm/objects.h"
#include "tests/support/login_role.h"
#include "tests/support/sql_bodies.h"
#include "tests/support/temp_workspace.h"
#include "tests/support/test_database.h"
#include "tests/support/workshop.h"

using namespace pgpm;
using namespace pgpm::tests;

namespace {

struct MadeObject {
  enum class Kind { view, materialized_view, function } kind = Kind::view;
  std::string name, source;
  bool is_star = false, has_filter = false, is_turned = false;
};

std::string text_of(const MadeObject& object) {
  const std::string columns = object.is_star     ? "*"
                              : object.is_turned ? "x.b, x.a, x.c"
                                                 : "x.a, x.b, x.c";
  const std::string query = fmt::format("SELECT {} FROM {} AS x{}", columns, object.source,
                                        object.has_filter ? " WHERE x.a > 0" : "");
  switch (object.kind) {
    case MadeObject::Kind::view:
      return fmt::format("CREATE VIEW {} AS {};\n", object.name, query);
    case MadeObject::Kind::materialized_view:
      return fmt::format("CREATE MATERIALIZED VIEW {} AS {};\n", object.name, query);
    case MadeObject::Kind::function:
      return object.has_filter
                 ? fmt::format(
                       "CREATE FUNCTION {}(r {}) RETURNS integer LANGUAGE sql AS $$ SELECT"
                       " r.a $$;\n",
                       object.name, object.source)
                 : fmt::format(
                       "CREATE FUNCTION {}() RETURNS SETOF {} LANGUAGE sql BEGIN ATOMIC "
                       "SELECT x.* FROM {} AS x; END;\n",
                       object.name, object.source, object.source);
  }
  return {};
}

const std::vector<std::string> changes_of_tables{
    "ALTER TABLE {} ALTER COLUMN c TYPE double precision",
    "ALTER TABLE {} ALTER COLUMN b TYPE varchar(40)",
    "ALTER TABLE {} ADD COLUMN d date",
    "ALTER TABLE {} DROP COLUMN z",
    "ALTER TABLE {} ALTER COLUMN a SET NOT NULL",
    "ALTER TABLE {0} RENAME COLUMN z TO y; ALTER TABLE {0} ALTER COLUMN a TYPE bigint"};

class Graph {
 public:
  Graph(unsigned seed, std::string role, std::string owner, int server_version)
      : random_(seed),
        role_(std::move(role)),
        owner_(std::move(owner)),
        server_version_(server_version) {
    const int size = seed % 50 == 0 ? 200 : between(4, 22);
    for (int i = 0; i < size; ++i) add(i);
    // Who owns a view reads what it reads.
    decorations_.push_back("GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + owner_);
    for (const MadeObject& object : objects_) decorate(object);
    changed_table_ = fmt::format("t{}", between(0, 2));
    table_change_ = changes_of_tables[static_cast<std::size_t>(
        between(0, static_cast<int>(changes_of_tables.size()) - 1))];
  }

  void write(TempWorkspace& files) const {
    files.write("migrations/1.sql",
                "CREATE TABLE t0 (a int, b text, z int, c numeric);\n"
                "CREATE TABLE t1 (a int, b text, z int, c numeric);\n"
                "CREATE TABLE t2 (a int, b text, z int, c numeric);\n");
    for (const MadeObject& object : objects_)
      files.write("sql/" + file_of(object), with_known_bodies(text_of(object), server_version_));
  }
  void write_change(TempWorkspace& files) {
    files.write("migrations/2.sql", fmt::format(fmt::runtime(table_change_), changed_table_) + ";");
    for (MadeObject& object : objects_) {
      if (object.kind == MadeObject::Kind::function || between(0, 9) > 0) continue;
      object.has_filter = !object.has_filter;
      if (!object.is_star && between(0, 1) == 0 && !is_a_row(object.name)) object.is_turned = true;
      changed_.insert(object.name);
      files.write("sql/" + file_of(object), with_known_bodies(text_of(object), server_version_));
    }
  }

  const std::vector<std::string>& decorations() const { return decorations_; }
  const std::set<std::string>& changed() const { return changed_; }
  const std::string& changed_table() const { return changed_table_; }

 private:
  int between(int low, int high) {
    return low + static_cast<int>(random_() % static_cast<unsigned>(high - low + 1));
  }
  // Files are in another order than the objects need.
  static std::string file_of(const MadeObject& object) {
    return std::string(object.name.rbegin(), object.name.rend()) + ".sql";
  }
  bool is_a_row(const std::string& name) const {
    return std::any_of(objects_.begin(), objects_.end(), [&](const MadeObject& object) {
      return object.kind == MadeObject::Kind::function && object.source == name;
    });
  }

  void add(int number) {
    MadeObject object;
    const int kind = between(0, 9);
    object.kind = kind < 6   ? MadeObject::Kind::view
                  : kind < 8 ? MadeObject::Kind::materialized_view
                             : MadeObject::Kind::function;
    object.name = fmt::format("o{}", number);
    std::vector<std::string> sources{"t0", "t1", "t2"};
    for (const MadeObject& each : objects_)
      if (each.kind != MadeObject::Kind::function) sources.push_back(each.name);
    const int last = static_cast<int>(sources.size()) - 1;
    object.source = sources[static_cast<std::size_t>(between(std::max(0, last - 8), last))];
    object.is_star = between(0, 2) == 0;
    object.has_filter = between(0, 1) == 0;
    objects_.push_back(object);
  }

  void decorate(const MadeObject& object) {
    const auto say = [&](int of_ten, const std::string& statement) {
      if (between(0, 9) < of_ten) decorations_.push_back(statement);
    };
    if (object.kind == MadeObject::Kind::function) {
      const std::string routine = "ROUTINE " + object.name;
      say(3, fmt::format("REVOKE ALL ON {} FROM PUBLIC", routine));
      say(3, fmt::format("GRANT EXECUTE ON {} TO {}", routine, role_));
      say(3, fmt::format("COMMENT ON {} IS 'it''s {}'", routine, object.name));
      return say(2, fmt::format("ALTER {} OWNER TO {}", routine, owner_));
    }
    const bool is_filled = object.kind == MadeObject::Kind::materialized_view;
    const std::string word = is_filled ? "MATERIALIZED VIEW" : "VIEW";
    say(3, fmt::format("GRANT SELECT, UPDATE ON {} TO {} WITH GRANT OPTION", object.name, role_));
    say(3, fmt::format("GRANT SELECT (a, b) ON {} TO PUBLIC", object.name));
    say(3, fmt::format("COMMENT ON {} {} IS 'of {}'", word, object.name, object.source));
    say(3, fmt::format("COMMENT ON COLUMN {}.a IS 'first'", object.name));
    if (is_filled) {
      say(5, fmt::format("CREATE INDEX {0}_a ON {0} (a, b)", object.name));
      say(2, fmt::format("REFRESH MATERIALIZED VIEW {} WITH NO DATA", object.name));
    } else {
      say(1, fmt::format("ALTER VIEW {} ALTER COLUMN a SET DEFAULT 7", object.name));
      say(1, fmt::format("CREATE RULE quiet AS ON DELETE TO {} DO INSTEAD NOTHING", object.name));
    }
    say(1, fmt::format("CREATE VIEW of_others_{0} AS SELECT a FROM {0}", object.name));
    say(2, fmt::format("ALTER {} {} OWNER TO {}", word, object.name, owner_));
  }

  std::mt19937 random_;
  std::string role_, owner_;
  int server_version_;
  std::vector<MadeObject> objects_;
  std::vector<std::string> decorations_;
  std::set<std::string> changed_;
  std::string changed_table_, table_change_;
};

ObjectOptions options_of(const TempWorkspace& files) {
  ObjectOptions options;
  options.files = {files.path("migrations").string(), files.path("sql").string()};
  return options;
}

ObjectReport apply(TestDatabase& database, const TempWorkspace& files) {
  return apply_objects(database.target(), options_of(files), {});
}

void say_all(TestDatabase& database, const Graph& graph) {
  for (const std::string& statement : graph.decorations()) database.exec(statement);
}

std::string shown(const std::vector<ObjectDifference>& differences) {
  std::string text;
  for (const ObjectDifference& each : differences) text += describe(each) + "\n";
  return text;
}

/// Number by name of everything that could be made anew.
std::map<std::string, std::string> numbers(TestDatabase& database) {
  std::map<std::string, std::string> found;
  const db::Result rows = database.connection().exec(
      "SELECT relname, oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind "
      "IN ('v', 'm') UNION ALL SELECT proname, oid FROM pg_proc WHERE pronamespace = "
      "'public'::regnamespace");
  for (std::size_t row = 0; row < rows.rows(); ++row) found[rows.str(row, 0)] = rows.str(row, 1);
  return found;
}

/// Names of everything that needs one of these relations, by the catalogs; and they themselves.
std::set<std::string> reached(TestDatabase& database, const std::set<std::string>& from) {
  std::string names;
  for (const std::string& name : from) names += (names.empty() ? "'" : ", '") + name + "'";
  const db::Result rows = database.connection().exec(fmt::format(
      "WITH RECURSIVE r (class, id) AS ("
      " SELECT 'pg_class'::regclass::oid, oid FROM pg_class WHERE relname IN ({})"
      " AND relnamespace = 'public'::regnamespace"
      " UNION SELECT CASE WHEN w.oid IS NULL THEN d.classid ELSE 'pg_class'::regclass END,"
      " coalesce(w.ev_class, d.objid) FROM r JOIN pg_depend AS d ON d.refclassid = r.class"
      " AND d.refobjid = r.id LEFT JOIN pg_rewrite AS w ON d.classid = 'pg_rewrite'::regclass"
      " AND w.oid = d.objid)"
      " SELECT relname FROM r JOIN pg_class AS c ON r.class = 'pg_class'::regclass AND c.oid = r.id"
      " UNION SELECT proname FROM r JOIN pg_proc AS p ON r.class = 'pg_proc'::regclass"
      " AND p.oid = r.id",
      names));
  std::set<std::string> found(from);
  for (std::size_t row = 0; row < rows.rows(); ++row) found.insert(rows.str(row, 0));
  return found;
}

void hold_one(unsigned seed, const std::string& role, const std::string& owner) {
  INFO("seed " << seed);
  TestDatabase database;
  Graph graph(seed, role, owner, database.connection().server_version());
  TempWorkspace files;
  graph.write(files);
  apply(database, files);
  say_all(database, graph);
  const auto numbers_before = numbers(database);
  graph.write_change(files);
  std::set<std::string> changed = graph.changed();
  changed.insert(graph.changed_table());
  const std::set<std::string> may_be_new = reached(database, changed);

  const CatalogSnapshot before = take_snapshot(database.target());
  files.write("sql/zz_broken.sql", "CREATE VIEW zz_broken AS SELECT nowhere FROM t0;\n");
  CHECK(error_of([&] { apply(database, files); }).code() == ErrorCode::sql);
  CHECK(shown(difference(before, take_snapshot(database.target()))) == "");
  files.remove("sql/zz_broken.sql");

  plan_objects(database.target(), options_of(files), {});
  CHECK(shown(difference(before, take_snapshot(database.target()))) == "");

  apply(database, files);
  for (const auto& [name, number] : numbers(database))
    if (!may_be_new.contains(name)) {
      INFO(name);
      CHECK(numbers_before.at(name) == number);
    }
  CHECK(apply(database, files).nothing_to_do());
  // With many objects that was told by a state of the catalogs, and has to be true as well.
  database.exec("DELETE FROM pgpm_migrate.catalog_state");
  CHECK(plan_objects(database.target(), options_of(files), {}).nothing_to_do());

  TestDatabase fresh;
  apply(fresh, files);
  say_all(fresh, graph);
  CHECK(shown(difference(take_snapshot(fresh.target()), take_snapshot(database.target()))) == "");
}

}  // namespace

TEST_CASE("objects follow a table change as if they had been made after it") {
  const LoginRole role, owner;
  const char* wanted = std::getenv("PGPM_OBJECT_GRAPHS");
  const unsigned graphs = wanted == nullptr ? 300 : static_cast<unsigned>(std::atoi(wanted));
  const char* first = std::getenv("PGPM_OBJECT_SEED");
  const unsigned begin = first == nullptr ? 1 : static_cast<unsigned>(std::atoi(first));
  for (unsigned seed = begin; seed < begin + graphs; ++seed)
    hold_one(seed, role.name(), owner.name());
}
