// How a snapshot is read in parts. Soundness, in short: what an object's facts are made of are rows
// of the catalog. Those that belong to its own part are counted (moved_query); the names of other
// relations and routines are reached by pg_depend (parts.sql); everything else that a definition
// can quote (schemas, types, roles, operators, ...) is counted as one, and if that moves, all is
// read.
#include "engine/catalog/partial_snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include "engine/catalog/moved_query.h"
#include "engine/catalog/object_rows.h"
#include "engine/catalog/part_query.h"
#include "engine/catalog/settled_reading.h"
#include "engine/catalog/version_filter.h"
#include "schema/schema.h"

namespace pgpm::catalog {

namespace {

/// Beyond this many, reading everything is no dearer.
constexpr std::size_t most_parts = 500;

/// pg_class and pg_proc: fixed by the server's source.
constexpr std::uint32_t pg_class = 1259;
constexpr std::uint32_t pg_proc = 1255;

constexpr std::string_view invalid_sql_statement_name = "26000";

/// A catalog's number, its rows, their owners.
constexpr std::size_t tally_columns = 3;

/// The oldest transaction that may still write, as an xid of 32 bits. Three numbers are reserved.
constexpr const char* mark_query =
    "SELECT greatest(txid_snapshot_xmin(txid_current_snapshot()) & 4294967295, 3)";

/// A plan that is made while the catalog is small is kept when it has grown.
constexpr const char* by_index = "SELECT set_config('enable_seqscan', 'off', true)";

using Objects = PartedSnapshot::Objects;
using Parts = std::map<PartKey, std::shared_ptr<Objects>>;

std::optional<PartKey> part_of(const RowOwner& owner) {
  if (owner.oid == 0) return std::nullopt;
  if (owner.catalog == pg_class) return PartKey{PartKey::Kind::relation, owner.oid};
  if (owner.catalog == pg_proc) return PartKey{PartKey::Kind::routine, owner.oid};
  return std::nullopt;
}

void add(const PartKey& key, CatalogObject object, Parts& parts) {
  std::shared_ptr<Objects>& objects = parts[key];
  if (!objects) objects = std::make_shared<Objects>();
  objects->push_back(std::move(object));
}

}  // namespace

class PartReader {
 public:
  PartReader(db::Connection& connection, const SnapshotOptions& options)
      : connection_(connection),
        options_(options),
        major_(connection.server_version() / 10000),
        is_superuser_(connection.parameter("is_superuser") == "on"),
        classes_(asked_classes(major_, is_superuser_ ? Readers::superusers : Readers::everybody,
                               options.cluster)) {}

  PartedSnapshot read_whole();
  PartedSnapshot read_moved(const PartedSnapshot& base, const WrittenCatalogs* written);

 private:
  PartedSnapshot read_all_parts(PartedSnapshot snapshot);
  /// The parts to read again; nullopt: all of them.
  std::optional<std::set<PartKey>> parts_of(const std::vector<MovedOwner>& moved);
  void read_parts(const std::set<PartKey>& keys, PartedSnapshot& snapshot);
  void add_rows(const db::Result& result, const PartedClass* parted, Parts& parts) const;
  static bool take_out(const MovedOwner& owner, PartedSnapshot& snapshot);
  void prepare(const std::vector<std::string>& others);
  std::vector<db::Result> read_prepared(const std::vector<std::string>& queries,
                                        const std::vector<std::string>& others);
  void count_all(PartedSnapshot& snapshot);
  /// Brings mark and tallies of `now`, a copy of the base, up to date; what moved since.
  std::vector<MovedOwner> count_moved(PartedSnapshot& now, const WrittenCatalogs* written);
  void find_losses(TallyUpdate& update, const PartedSnapshot& now);
  std::vector<CatalogTally> read_tallies(const std::vector<std::string>& queries,
                                         const PartedSnapshot& now);

  db::Connection& connection_;
  const SnapshotOptions& options_;
  int major_;
  bool is_superuser_;
  std::vector<const ObjectClass*> classes_;
};

PartedSnapshot PartReader::read_whole() {
  PartedSnapshot snapshot;
  snapshot.database_ = connection_.database();
  snapshot.server_version_ = connection_.server_version();
  std::vector<std::string> others;
  const db::Result names =
      std::move(read_settled(connection_, {for_version(schema::moved_others, major_)}).front());
  for (std::size_t row = 0; row < names.rows(); ++row) others.push_back(names.str(row, 0));
  snapshot.others_ = std::make_shared<const std::vector<std::string>>(std::move(others));
  // Some catalogs only a superuser may read; what they hold cannot be counted by anybody else.
  if (is_superuser_) count_all(snapshot);
  return read_all_parts(std::move(snapshot));
}

PartedSnapshot PartReader::read_moved(const PartedSnapshot& base, const WrittenCatalogs* written) {
  if (!is_superuser_ || base.tallies_.empty()) return read_whole();
  PartedSnapshot now = base;
  const std::vector<MovedOwner> moved = count_moved(now, written);
  std::vector<MovedOwner> staying;
  for (const MovedOwner& each : moved)
    if (!take_out(each, now)) staying.push_back(each);
  if (staying.empty()) return now;
  const std::optional<std::set<PartKey>> keys = parts_of(staying);
  if (!keys) return read_all_parts(std::move(now));
  read_parts(*keys, now);
  return now;
}

/// A relation or routine that was dropped is not looked for. What depended on it went with it, or
/// has moved itself.
bool PartReader::take_out(const MovedOwner& owner, PartedSnapshot& snapshot) {
  const std::optional<PartKey> key = part_of(owner.owner);
  if (!owner.gone || !key) return false;
  snapshot.parts_.erase(*key);
  return true;
}

/// The queries of a look take longer to plan than to run, so the session keeps them. Names are
/// looked up again when a query runs under another search_path.
void PartReader::prepare(const std::vector<std::string>& others) {
  std::string message = prepare_moved(major_, others);
  for (const ObjectClass* each : classes_)
    if (const PartedClass* parted = parted_class(each->file))
      message += ";\n" + prepare_parts(for_version(each->sql, major_), *parted);
  connection_.exec(message);
}

/// The session may not have the queries yet, or no longer (DISCARD ALL). To ask first costs more
/// than to be told.
std::vector<db::Result> PartReader::read_prepared(const std::vector<std::string>& queries,
                                                  const std::vector<std::string>& others) {
  try {
    return read_settled(connection_, queries);
  } catch (const Error& error) {
    if (!error.server() || error.server()->sqlstate != invalid_sql_statement_name) throw;
  }
  prepare(others);
  return read_settled(connection_, queries);
}

void PartReader::count_all(PartedSnapshot& snapshot) {
  std::vector<std::size_t> all(counted_catalogs(*snapshot.others_));
  std::iota(all.begin(), all.end(), 0);
  const auto results =
      read_settled(connection_, {mark_query, tallies_query(all, *snapshot.others_)});
  snapshot.mark_ = results[0].str(0, 0);
  snapshot.tallies_.clear();
  std::vector<CatalogTally> tallies(all.size());
  add_tallies(results[1], tallies);
  for (CatalogTally& tally : tallies)
    snapshot.tallies_.push_back(std::make_shared<const CatalogTally>(std::move(tally)));
}

std::vector<MovedOwner> PartReader::count_moved(PartedSnapshot& now,
                                                const WrittenCatalogs* written) {
  const Tallies base = now.tallies_;
  std::vector<std::string> queries{mark_query};
  std::vector<std::size_t> asked;
  for (std::size_t catalog = 0; catalog < base.size(); ++catalog) {
    if (written != nullptr && !written->includes(catalog)) continue;
    queries.push_back(count_query(catalog, now.mark_));
    asked.push_back(catalog);
  }
  const auto results = read_prepared(queries, *now.others_);
  std::vector<std::optional<CatalogCount>> counts(base.size());
  for (std::size_t i = 0; i < asked.size(); ++i) counts[asked[i]] = count_of(results[i + 1]);
  TallyUpdate update(base, counts);
  find_losses(update, now);
  const std::vector<MovedOwner> moved = update.moved();
  now.mark_ = results[0].str(0, 0);
  now.tallies_ = update.tallies();
  now.moved_.clear();
  for (const MovedOwner& each : moved) now.moved_.push_back(each.owner);
  return moved;
}

std::vector<CatalogTally> PartReader::read_tallies(const std::vector<std::string>& queries,
                                                   const PartedSnapshot& now) {
  std::vector<CatalogTally> tallies(counted_catalogs(*now.others_));
  for (const db::Result& result : read_settled(connection_, queries))
    if (result.columns() == tally_columns) add_tallies(result, tallies);
  return tallies;
}

/// A script that takes something away takes away, as a rule, what the one before it made or
/// changed.
void PartReader::find_losses(TallyUpdate& update, const PartedSnapshot& now) {
  std::vector<std::size_t> catalogs = update.unexplained();
  if (catalogs.empty()) return;
  std::vector<RowOwner> candidates = update.fresh_owners();
  candidates.insert(candidates.end(), now.moved_.begin(), now.moved_.end());
  std::ranges::sort(candidates);
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  if (candidates.size() <= most_parts) {
    std::vector<std::string> queries{by_index};
    for (const std::size_t catalog : catalogs)
      queries.push_back(candidates_query(catalog, candidates));
    const auto tallies = read_tallies(queries, now);
    for (const std::size_t catalog : catalogs)
      update.explain(catalog, candidates, tallies[catalog]);
    catalogs = update.unexplained();
    if (catalogs.empty()) return;
  }
  auto tallies = read_tallies({tallies_query(catalogs, *now.others_)}, now);
  for (const std::size_t catalog : catalogs) update.recount(catalog, std::move(tallies[catalog]));
}

std::optional<std::set<PartKey>> PartReader::parts_of(const std::vector<MovedOwner>& moved) {
  const bool others =
      std::ranges::any_of(moved, [](const MovedOwner& each) { return each.owner.oid == 0; });
  if (others || moved.size() > most_parts) return std::nullopt;
  const db::Result rows =
      std::move(read_settled(connection_, {by_index, moved_parts_query(moved)}).back());
  std::set<PartKey> keys;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const auto key = part_of({static_cast<std::uint32_t>(rows.integer(row, 0)),
                              static_cast<std::uint32_t>(rows.integer(row, 1))});
    if (!key) return std::nullopt;
    keys.insert(*key);
  }
  if (keys.size() > most_parts) return std::nullopt;
  return keys;
}

PartedSnapshot PartReader::read_all_parts(PartedSnapshot snapshot) {
  std::vector<std::string> queries;
  for (const ObjectClass* each : classes_) {
    const PartedClass* parted = parted_class(each->file);
    const std::string query = for_version(each->sql, major_);
    queries.push_back(parted == nullptr ? query : with_part(query, parted->oid));
  }
  const std::vector<db::Result> results = read_settled(connection_, queries);
  Parts parts;
  for (std::size_t i = 0; i < results.size(); ++i)
    add_rows(results[i], parted_class(classes_[i]->file), parts);
  snapshot.parts_.clear();
  for (auto& [key, objects] : parts) snapshot.parts_.emplace(key, std::move(objects));
  return snapshot;
}

void PartReader::read_parts(const std::set<PartKey>& keys, PartedSnapshot& snapshot) {
  std::array<std::vector<std::uint32_t>, 2> oids;
  for (const PartKey& key : keys) oids.at(static_cast<std::size_t>(key.kind)).push_back(key.oid);
  std::vector<std::string> queries{by_index};
  std::vector<const PartedClass*> asked;
  for (const ObjectClass* each : classes_) {
    const PartedClass* parted = parted_class(each->file);
    if (parted == nullptr) continue;
    const auto& wanted = oids.at(static_cast<std::size_t>(parted->kind));
    if (wanted.empty()) continue;
    queries.push_back(execute_parts(*parted, wanted));
    asked.push_back(parted);
  }
  const std::vector<db::Result> results = read_settled(connection_, queries);
  Parts parts;
  for (std::size_t i = 0; i < asked.size(); ++i) add_rows(results[i + 1], asked[i], parts);
  for (const PartKey& key : keys) snapshot.parts_.erase(key);
  for (auto& [key, objects] : parts) snapshot.parts_[key] = std::move(objects);
}

void PartReader::add_rows(const db::Result& result, const PartedClass* parted, Parts& parts) const {
  const std::size_t first = parted == nullptr ? 0 : 1;
  for (std::size_t row = 0; row < result.rows(); ++row) {
    if (is_left_out(result.text(row, first + 1), options_)) continue;
    PartKey key;
    if (parted != nullptr && result.integer(row, 0) != 0)
      key = {parted->kind, static_cast<std::uint32_t>(result.integer(row, 0))};
    add(key, object_of(result, row, first), parts);
  }
}

CatalogSnapshot PartedSnapshot::whole() const {
  CatalogSnapshot snapshot{database_, server_version_, {}, {}};
  for (const auto& [key, objects] : parts_)
    snapshot.objects.insert(snapshot.objects.end(), objects->begin(), objects->end());
  std::ranges::sort(snapshot.objects);
  snapshot.digest = catalog_digest(snapshot.objects);
  return snapshot;
}

/// Parts that are shared, and parts that were read again and are equal, cannot differ.
std::vector<ObjectDifference> difference(const PartedSnapshot& before,
                                         const PartedSnapshot& after) {
  CatalogSnapshot old, now;
  const auto add_to = [](CatalogSnapshot& side, const auto& part) {
    side.objects.insert(side.objects.end(), part.second->begin(), part.second->end());
  };
  for (const auto& part : before.parts_) {
    const auto other = after.parts_.find(part.first);
    if (other == after.parts_.end() || other->second != part.second) add_to(old, part);
  }
  for (const auto& part : after.parts_) {
    const auto other = before.parts_.find(part.first);
    if (other == before.parts_.end() || other->second != part.second) add_to(now, part);
  }
  std::ranges::sort(old.objects);
  std::ranges::sort(now.objects);
  return pgpm::difference(old, now);
}

PartedSnapshot read_whole(db::Connection& connection, const SnapshotOptions& options) {
  return PartReader(connection, options).read_whole();
}

PartedSnapshot read_moved(db::Connection& connection, const SnapshotOptions& options,
                          const PartedSnapshot& base, const WrittenCatalogs* written) {
  return PartReader(connection, options).read_moved(base, written);
}

}  // namespace pgpm::catalog
