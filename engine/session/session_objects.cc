#include "engine/session/session_objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/db/copy.h"
#include "engine/session/missing_character.h"
#include "engine/session/normalised.h"
#include "engine/testing/test_files.h"
#include "engine/testing/test_plan.h"
#include "engine/text/ascii.h"
#include "engine/text/digest.h"
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

/// A list's rows, a piece of some 100 kB each time. `add_row` appends one, or none.
template <typename List, typename AddRow>
db::MoreRows rows_of(const List& list, AddRow add_row) {
  return [&list, add_row, at = list.begin()](db::CopyRows& rows) mutable {
    constexpr std::size_t piece = 100000;
    if (at == list.end()) return false;
    while (at != list.end() && rows.text().size() < piece) add_row(rows, *at++);
    return true;
  };
}

void add_or_null(db::CopyRows& rows, const std::string& value) {
  if (value.empty())
    rows.add_null();
  else
    rows.add(value);
}

/// The checksums are made here, while the server is busy with the rows before.
void add_source(db::CopyRows& rows, const SessionFile& file) {
  const std::vector<std::string> parts = path_parts(file.path);
  const std::string& name = parts.back();
  rows.add(file.path)
      .add(name)
      .add(file.path.substr(0, file.path.size() - name.size()))
      .add(extension_of(name))
      .add(std::to_string(parts.size() - 2))
      .add(file.content)
      .add(std::to_string(file.content.size()))
      .add(sha256_hex(file.content))
      .add(normalised_checksum(file.content))
      .add_array(parts)
      .add(boolean(file.is_sql))
      .add(boolean(false));
  add_or_null(rows, parts.size() > 2 ? parts[parts.size() - 2] : "");
  rows.end_row();
}

void add_metadata(db::CopyRows& rows, const SessionFile& file) {
  if (!file.metadata) return;
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

void add_test_directory(db::CopyRows& rows, const TestDirectory& directory) {
  rows.add(directory.path);
  add_or_null(rows, directory.parent);
  rows.add(std::to_string(directory.depth)).end_row();
}

void add_test(db::CopyRows& rows, const SessionTest& test) {
  const std::size_t name = test.path.rfind('/') + 1;
  rows.add(test.path)
      .add(test.path.substr(0, name))
      .add(test.path.substr(name))
      .add(test.content)
      .add(boolean(is_fixture_file(test.path)))
      .end_row();
}

void add_test_step(db::CopyRows& rows, const TestStep& step) {
  rows.add(std::to_string(step.ordinal)).add(test_step_name(step.kind));
  add_or_null(rows, step.path);
  rows.add(step.directory).add(std::to_string(step.depth)).end_row();
}

/// For as long as the loading takes. Bodies of functions need no check: they are always the same.
/// What vanishes with the session need not be on the disk when it is committed. Contents are read
/// once or twice: the fastest compression will do, where the server has it. How many rows there are
/// is all that the planner has to know; finding it out by ANALYZE's usual sample takes a third of
/// the time that loading does. The transaction may have to wait for a project that is still read.
constexpr std::string_view settings =
    "SET LOCAL client_min_messages = warning;\n"
    "SET LOCAL check_function_bodies = off;\n"
    "SET LOCAL synchronous_commit = off;\n"
    "SET LOCAL default_statistics_target = 1;\n"
    "SELECT pg_catalog.set_config(name, CASE WHEN enumvals IS NULL THEN '0' ELSE 'lz4' END, true) "
    "FROM pg_catalog.pg_settings WHERE name IN ('idle_in_transaction_session_timeout', "
    "'transaction_timeout') OR name = 'default_toast_compression' AND 'lz4' = ANY (enumvals);\n";

std::string statements_that_make(PlanFiles plan_files) {
  std::string sql = "BEGIN;\n";
  sql += settings;
  sql += schema::session_internal;
  sql += plan_files == PlanFiles::all ? schema::session_planned_all_files
                                      : schema::session_planned_sql_files;
  sql += schema::session_api_v1;
  return sql;
}

std::string statements_that_fill(const db::Connection& connection, const SessionProject& project) {
  std::string sql = "COPY pg_temp._pgmi_source FROM STDIN;\n";
  // Elsewhere a text has another number of bytes than here.
  if (connection.parameter("server_encoding") != "UTF8")
    sql += "UPDATE pg_temp._pgmi_source SET size_bytes = octet_length(content);\n";
  sql += schema::session_source_checks;
  for (const char* table :
       {"_pgmi_test_directory", "_pgmi_test_source", "_pgmi_test_step", "_pgmi_source_metadata"})
    sql += fmt::format("COPY pg_temp.{} FROM STDIN;\n", table);
  if (project.files_read() > 0)
    sql +=
        "ANALYZE pg_temp._pgmi_source (path, name, directory, extension, depth, is_sql_file);\n"
        "ANALYZE pg_temp._pgmi_source_metadata; ANALYZE pg_temp._pgmi_test_directory;\n"
        "ANALYZE pg_temp._pgmi_test_source; ANALYZE pg_temp._pgmi_test_step;\n";
  return sql;
}

/// One message: every round trip counts where the server is far away.
void load_files(db::Connection& connection, const SessionProject& project, PlanFiles plan_files) {
  const std::vector<TestDirectory> directories = test_directories(project.test_paths);
  const std::vector<TestStep> steps = plan_tests(project.test_paths);
  const std::string making =
      has_open_session_objects(connection) ? "" : statements_that_make(plan_files);
  db::copy_in(connection, making + statements_that_fill(connection, project),
              {rows_of(project.files, add_source), rows_of(directories, add_test_directory),
               rows_of(project.tests, add_test), rows_of(steps, add_test_step),
               rows_of(project.files, add_metadata)});
}

/// What the server says about a row quotes it: nothing of that is passed on.
void load_parameters(db::Connection& connection, const SessionParameters& parameters) {
  if (parameters.empty()) return;
  const auto add = [](db::CopyRows& rows, const std::pair<std::string, std::string>& parameter) {
    rows.add(parameter.first).add(parameter.second).end_row();
  };
  try {
    db::copy_in(connection,
                "COPY pg_temp._pgmi_parameter (key, value) FROM STDIN; SELECT "
                "pg_catalog.count(pg_catalog.set_config('pgmi.' || key, value, false)) FROM "
                "pg_temp._pgmi_parameter",
                {rows_of(parameters, add)});
  } catch (const Error& error) {
    if (error.code() == ErrorCode::interrupted || !error.server()) throw;
    throw Error(error.code(), "the server does not take the value of a parameter (SQLSTATE " +
                                  error.server()->sqlstate + ")");
  }
}

void roll_back(db::Connection& connection) {
  const db::StopMask mask(connection);
  if (connection.alive()) connection.exec("ROLLBACK");
}

}  // namespace

PlanFiles plan_files(const SessionOptions& options) {
  return options.all_files_in_plan ? PlanFiles::all : PlanFiles::sql_only;
}

void begin_session_objects(db::Connection& connection, PlanFiles plan_files) {
  try {
    connection.exec(statements_that_make(plan_files));
  } catch (const Error&) {
    roll_back(connection);
    throw;
  }
}

bool has_open_session_objects(const db::Connection& connection) {
  return connection.transaction_status() == db::TransactionStatus::in_transaction;
}

void load_session_objects(db::Connection& connection, const SessionProject& project,
                          const SessionParameters& parameters, PlanFiles plan_files) {
  try {
    load_files(connection, project, plan_files);
    load_parameters(connection, parameters);
    connection.exec("COMMIT");
  } catch (const Error& error) {
    roll_back(connection);
    rethrow_located(error, project, connection.parameter("server_encoding"));
  }
}

}  // namespace pgpm
