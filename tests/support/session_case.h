// A session project in a folder of its own, and a database to deploy it to.
//
//   SessionCase shop({{"deploy.sql", "BEGIN; ...; COMMIT;"}, {"a.sql", "SELECT 1;"}});
//   shop.deploy();
//   CHECK(shop.database.query_text("SELECT 1") == "1");
#pragma once

#include <optional>
#include <string>

#include "pgpm/session.h"
#include "tests/support/recording_observer.h"
#include "tests/support/temp_workspace.h"
#include "tests/support/test_database.h"

namespace pgpm::tests {

class SessionCase {
 public:
  SessionCase(std::initializer_list<TempWorkspace::File> files) : tree(files) {}

  SessionReport deploy() { return deploy_to(database.target()); }
  SessionReport deploy_to(const Target& target) {
    observer.events.clear();
    return deploy_session(load_session_project(tree.root()), target, options, observer,
                          stop.get_token());
  }
  /// With this text as deploy.sql.
  SessionReport deploy(const std::string& script) {
    tree.write("deploy.sql", script);
    return deploy();
  }
  /// What a deploy throws; nullopt if it goes through.
  std::optional<Error> failure(const std::string& script) {
    try {
      deploy(script);
    } catch (const Error& error) {
      return error;
    }
    return std::nullopt;
  }
  std::optional<Error> failure_at(const Target& target) {
    try {
      deploy_to(target);
    } catch (const Error& error) {
      return error;
    }
    return std::nullopt;
  }
  /// The messages of all notices, a line each.
  std::string notices() const;
  /// "name verdict" of all checks, a line each.
  std::string verdicts() const;
  /// What deploy.sql sees: the rows of a query it raises as a notice.
  std::string seen(const std::string& query);

  TempWorkspace tree;
  TestDatabase database;
  SessionOptions options;
  RecordingObserver observer;
  std::stop_source stop;
};

}  // namespace pgpm::tests
