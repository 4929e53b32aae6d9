// Materialized views that are made again from others that hold no rows. Those are filled for as
// long as the run needs them.
#include <fmt/format.h>

#include "engine/objects/run.h"
#include "engine/objects/statement_text.h"
#include "engine/sql/quote.h"

namespace pgpm::objects {

namespace {

constexpr const char* reading_view = "pgpm_reads";

/// "materialized view ... has not been populated": object_not_in_prerequisite_state.
bool is_about_rows(const Error& error) {
  return error.server() && error.server()->sqlstate == "55000";
}

}  // namespace

std::optional<std::string> ObjectRun::reading_text(const Place& place) const {
  const auto foreign = foreign_at_.find(place);
  if (foreign == foreign_at_.end())
    return as_temporary_view(objects_[order_.sequence[place.first]], reading_view);
  const Remake& remake = foreign_[foreign->second].remake;
  if (remake.kind != "materialized view") return std::nullopt;
  return remake.make_sql + " WITH NO DATA";
}

std::vector<std::string> ObjectRun::unfilled_sources(const Place& place) {
  const auto text = reading_text(place);
  if (!text) return {};
  const bool is_foreign = foreign_at_.contains(place);
  const std::string name = is_foreign ? foreign_[foreign_at_.at(place)].remake.identity
                                      : "pg_temp." + sql::quote_identifier(reading_view);
  connection_.exec("SAVEPOINT pgpm_reads");
  std::vector<std::string> sources;
  try {
    if (is_foreign)
      catalog_->run_qualified(*text);
    else
      connection_.exec(*text);
    sources = catalog_->unfilled(name);
  } catch (const Error& error) {
    // Then what made it fail first is told.
    if (!error.server()) throw;
  }
  connection_.exec("ROLLBACK TO SAVEPOINT pgpm_reads");
  connection_.exec("RELEASE SAVEPOINT pgpm_reads");
  return sources;
}

bool ObjectRun::fill_sources(const Error& error, const Place& place, const Task& task) {
  // What is new fails as it would anywhere: its author does not know yet that the other is empty.
  if (!is_about_rows(error) || task.need == Need::added) return false;
  const std::vector<std::string> sources = unfilled_sources(place);
  for (const std::string& source : sources) {
    connection_.exec("REFRESH MATERIALIZED VIEW " + source);
    at_end_.push_back(fmt::format("REFRESH MATERIALIZED VIEW {} WITH NO DATA", source));
  }
  return !sources.empty();
}

}  // namespace pgpm::objects
