// A folder of migrations and declarations beside an empty database, and the verbs between them.
#pragma once

#include <initializer_list>
#include <string>

#include "pgpm/objects.h"
#include "tests/support/sql_bodies.h"
#include "tests/support/temp_workspace.h"
#include "tests/support/test_database.h"

namespace pgpm::tests {

class ObjectsCase {
 public:
  ObjectsCase(std::initializer_list<TempWorkspace::File> list = {}) : files(list) {
    files.write("migrations/", "");
    files.write("sql/", "");
    options.files = {files.path("migrations").string(), files.path("sql").string()};
  }

  ObjectReport plan() { return plan_objects(database.target(), options, {}); }
  ObjectReport apply() { return apply_objects(database.target(), options, {}); }
  void write(const std::string& file, const std::string& text) { files.write(file, text); }
  int server_version() { return database.connection().server_version(); }
  void exec(const std::string& sql) { database.exec(with_known_bodies(sql, server_version())); }
  std::string query(const std::string& sql) { return database.query_text(sql); }
  /// Number of a relation or, with parentheses, a routine. Another one: it was made anew.
  std::string number(const std::string& name) {
    const bool is_routine = name.find('(') != std::string::npos;
    return query("SELECT '" + name + "'::reg" + (is_routine ? "procedure" : "class") + "::oid");
  }

  TempWorkspace files;
  TestDatabase database;
  ObjectOptions options;
};

/// "create view a, replace function f": everything but migrations.
inline std::string steps_of(const ObjectReport& report) {
  std::string text;
  for (const ObjectStep& step : report.steps) {
    if (step.act == ObjectStep::Act::migrate) continue;
    text += text.empty() ? "" : ", ";
    text += object_act_name(step.act) + (" " + step.kind) + " " + step.name;
  }
  return text;
}

/// "new view a [safe]; modified function f [breaking]"
inline std::string changes_of(const ObjectReport& report) {
  std::string text;
  for (const ObjectChange& change : report.changes) {
    text += text.empty() ? "" : "; ";
    text += object_change_name(change.what) + (" " + change.kind) + " " + change.name + " [" +
            compatibility_name(change.compatibility) + "]";
  }
  return text;
}

}  // namespace pgpm::tests
