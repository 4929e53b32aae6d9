#include "engine/session/session_objects.h"

#include <algorithm>

#include "engine/db/copy.h"
#include "engine/session/missing_character.h"
#include "engine/testing/test_files.h"
#include "engine/testing/test_plan.h"
#include "engine/text/ascii.h"
#include "schema/schema.h"

namespace pgpm {

namespace {

/// "./a/b.sql" is {".", "a", "b.sql"}.
std::vector<std::string> path_parts(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    parts.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

/// ".sql" as written; "" if what is behind the last dot is not all letters and digits.
std::string extension_of(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string::npos || dot + 1 == name.size()) return "";
  const std::string extension = name.substr(dot);
  return std::all_of(extension.begin() + 1, extension.end(), is_alnum) ? extension : "";
}

std::string boolean(bool value) {
  return value ? "t" : "f";
}

void copy_sources(db::Connection& connection, const SessionProject& project) {
  db::CopyRows rows;
  for (const SessionFile& file : project.files) {
    const std::vector<std::string> parts = path_parts(file.path);
    const std::string& name = parts.back();
    rows.add(file.path)
        .add(name)
        .add(file.path.substr(0, file.path.size() - name.size()))
        .add(extension_of(name))
        .add(std::to_string(parts.size() - 2))
        .add(file.content)
        .add(std::to_string(file.content.size()))
        .add(file.checksum)
        .add(file.pgmi_checksum)
        .add_array(parts)
        .add(boolean(file.is_sql))
        .add(boolean(false));
    if (parts.size() > 2)
      rows.add(parts[parts.size() - 2]);
    else
      rows.add_null();
    rows.end_row();
  }
  db::copy_in(connection, "COPY pg_temp._pgmi_source FROM STDIN", rows);
  // Elsewhere a text has another number of bytes than here.
  if (connection.parameter("server_encoding") != "UTF8")
    connection.exec("UPDATE pg_temp._pgmi_source SET size_bytes = octet_length(content)");
}

void copy_metadata(db::Connection& connection, const SessionProject& project) {
  db::CopyRows rows;
  for (const SessionFile& file : project.files) {
    if (!file.metadata) continue;
    rows.add(file.path)
        .add(file.metadata->id)
        .add(boolean(file.metadata->idempotent))
        .add_array(file.metadata->sort_keys);
    if (file.metadata->description)
      rows.add(*file.metadata->description);
    else
      rows.add_null();
    rows.end_row();
  }
  db::copy_in(connection, "COPY pg_temp._pgmi_source_metadata FROM STDIN", rows);
}

void copy_test_directories(db::Connection& connection, const SessionProject& project) {
  db::CopyRows rows;
  for (const TestDirectory& directory : test_directories(project.test_paths)) {
    rows.add(directory.path);
    if (directory.parent.empty())
      rows.add_null();
    else
      rows.add(directory.parent);
    rows.add(std::to_string(directory.depth)).end_row();
  }
  db::copy_in(connection, "COPY pg_temp._pgmi_test_directory FROM STDIN", rows);
}

void copy_tests(db::Connection& connection, const SessionProject& project) {
  db::CopyRows rows;
  for (const SessionTest& test : project.tests) {
    const std::size_t name = test.path.rfind('/') + 1;
    rows.add(test.path)
        .add(test.path.substr(0, name))
        .add(test.path.substr(name))
        .add(test.content)
        .add(boolean(is_fixture_file(test.path)))
        .end_row();
  }
  db::copy_in(connection, "COPY pg_temp._pgmi_test_source FROM STDIN", rows);
  db::CopyRows steps;
  for (const TestStep& step : plan_tests(project.test_paths)) {
    steps.add(std::to_string(step.ordinal)).add(test_step_name(step.kind));
    if (step.path.empty())
      steps.add_null();
    else
      steps.add(step.path);
    steps.add(step.directory).add(std::to_string(step.depth)).end_row();
  }
  db::copy_in(connection, "COPY pg_temp._pgmi_test_step FROM STDIN", steps);
}

/// What the server says about a row quotes it: nothing of that is passed on.
void copy_parameters(db::Connection& connection, const SessionParameters& parameters) {
  db::CopyRows rows;
  for (const auto& [name, value] : parameters) rows.add(name).add(value).end_row();
  try {
    db::copy_in(connection, "COPY pg_temp._pgmi_parameter (key, value) FROM STDIN", rows);
    connection.exec(
        "SELECT pg_catalog.count(pg_catalog.set_config('pgmi.' || key, value, false)) FROM "
        "pg_temp._pgmi_parameter");
  } catch (const Error& error) {
    if (error.code() == ErrorCode::interrupted || !error.server()) throw;
    throw Error(error.code(), "the server does not take the value of a parameter (SQLSTATE " +
                                  error.server()->sqlstate + ")");
  }
}

void load(db::Connection& connection, const SessionProject& project,
          const SessionParameters& parameters, PlanFiles plan_files) {
  connection.exec("SET LOCAL client_min_messages = warning");
  connection.exec(schema::session_internal);
  copy_sources(connection, project);
  connection.exec(schema::session_source_checks);
  copy_test_directories(connection, project);
  copy_tests(connection, project);
  copy_metadata(connection, project);
  if (project.files_read() > 0)
    connection.exec(
        "ANALYZE pg_temp._pgmi_source (path, name, directory, extension, depth, is_sql_file); "
        "ANALYZE pg_temp._pgmi_source_metadata; "
        "ANALYZE pg_temp._pgmi_test_directory; ANALYZE pg_temp._pgmi_test_source; "
        "ANALYZE pg_temp._pgmi_test_step");
  copy_parameters(connection, parameters);
  connection.exec(plan_files == PlanFiles::all ? schema::session_planned_all_files
                                               : schema::session_planned_sql_files);
  connection.exec(schema::session_api_v1);
}

}  // namespace

void load_session_objects(db::Connection& connection, const SessionProject& project,
                          const SessionParameters& parameters, PlanFiles plan_files) {
  connection.exec("BEGIN");
  try {
    load(connection, project, parameters, plan_files);
    connection.exec("COMMIT");
  } catch (const Error& error) {
    const db::StopMask mask(connection);
    if (connection.alive()) connection.exec("ROLLBACK");
    rethrow_located(error, project, connection.parameter("server_encoding"));
  }
}

}  // namespace pgpm
