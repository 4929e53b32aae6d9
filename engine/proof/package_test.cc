// The run around the cycles: workers take modules from one queue, each on its own server or beside
// others on one.
#include "pgpm/package_test.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "engine/migrate/module_choice.h"
#include "engine/model/guarded_observer.h"
#include "engine/proof/left_roles.h"
#include "engine/proof/module_cycle.h"
#include "engine/proof/scratch_database.h"
#include "pgpm/resolve.h"

namespace pgpm {

namespace {

using Clock = std::chrono::steady_clock;
using namespace proof;  // NOLINT(google-build-using-namespace): its own verb

/// Holds the events of one module back until it is finished, so that those of modules tested side
/// by side do not mix. What is begun is told at once: it is what progress shows.
class HeldEvents final : public Observer {
 public:
  explicit HeldEvents(Observer& observer) : observer_(observer) {}
  void on_event(const Event& event) override {
    if (std::holds_alternative<CheckStarted>(event))
      observer_.on_event(event);
    else
      held_.push_back(event);
  }
  const std::vector<Event>& held() const { return held_; }

 private:
  Observer& observer_;
  std::vector<Event> held_;
};

/// The modules that more than one selected module requires, by selected module: what is worth
/// deploying once and cloning.
class SharedModules {
 public:
  SharedModules(const Workspace& workspace, const std::vector<std::string>& selected) {
    std::map<std::string, std::size_t> users;
    for (const std::string& package : selected)
      for (const std::string& required : required_by(workspace, package)) ++users[required];
    for (const std::string& package : selected)
      for (const std::string& required : required_by(workspace, package))
        if (users[required] > 1) shared_[package].push_back(required);
    for (const auto& [package, modules] : shared_) ++uses_[modules];
  }

  /// In deploy order; empty if a template would serve this module alone.
  std::vector<std::string> of(const std::string& package) const {
    const auto found = shared_.find(package);
    if (found == shared_.end() || uses_.at(found->second) < 2) return {};
    return found->second;
  }

 private:
  static std::vector<std::string> required_by(const Workspace& workspace,
                                              const std::string& package) {
    std::vector<std::string> packages = packages_of(resolve(workspace, {package}));
    std::erase(packages, package);
    return packages;
  }

  std::map<std::string, std::vector<std::string>> shared_;
  std::map<std::vector<std::string>, std::size_t> uses_;
};

class PackageTest {
 public:
  PackageTest(const Workspace& workspace, const std::vector<Target>& servers,
              const PackageTestOptions& options, GuardedObserver& observer)
      : workspace_(workspace),
        servers_(servers),
        options_(options),
        observer_(observer),
        set_(covering_set(workspace, options.modules, options.exclude, options.selection)),
        shared_(workspace, set_.selected) {}

  const CoveringSet& set() const { return set_; }
  void run();
  RunReport report(Seconds duration) const;
  std::optional<Error> failure() const;

 private:
  /// A database with shared modules in it, and its catalog before that.
  struct Template {
    Template(const Target& server, std::stop_token stop)
        : database(server, std::move(stop), "template") {}
    ScratchDatabase database;
    CatalogSnapshot empty;
  };
  /// Of one worker, by the modules in it; nullptr if they could not be deployed.
  using Templates = std::map<std::vector<std::string>, std::unique_ptr<Template>>;

  void work(const Target& server);
  void test(std::size_t index, const Target& server, Templates& templates);
  void tell(std::size_t index, std::vector<Event> events);
  const Template* template_for(const std::string& package, const Target& server,
                               Templates& templates);
  CycleResult run_cycle(const std::string& package, const ScratchDatabase& database,
                        const Template* original, Observer& observer);
  void tell_kept(const std::string& package, const ScratchDatabase& database);
  void count(const std::string& package, const CycleResult& result);
  void remember(std::exception_ptr error);

  const Workspace& workspace_;
  const std::vector<Target>& servers_;
  const PackageTestOptions& options_;
  GuardedObserver& observer_;
  const CoveringSet set_;
  const SharedModules shared_;

  std::atomic<std::size_t> next_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;  // for what follows, and for events that belong together
  CycleResult total_;
  std::vector<std::string> failed_;
  std::exception_ptr error_;
  std::map<std::size_t, std::vector<Event>> waiting_;  // finished out of turn
  std::size_t told_ = 0;                               // modules before it were told
};

void PackageTest::run() {
  std::set<std::pair<std::string, std::string>> cleaned;
  for (const Target& server : servers_)
    if (cleaned.emplace(server.host, server.port).second)
      drop_abandoned_databases(server, observer_.stop_token());
  std::vector<std::thread> workers;
  for (std::size_t i = 1; i < std::min(servers_.size(), set_.selected.size()); ++i)
    workers.emplace_back([this, i] { work(servers_[i]); });
  work(servers_.front());
  for (std::thread& worker : workers) worker.join();
  for (const auto& [index, events] : waiting_)  // behind one that threw
    for (const Event& event : events) observer_.on_event(event);
  if (error_) std::rethrow_exception(error_);
}

void PackageTest::work(const Target& server) {
  Templates templates;
  try {
    while (!stopping_) {
      const std::size_t index = next_++;
      if (index >= set_.selected.size()) return;
      test(index, server, templates);
    }
  } catch (...) {
    remember(std::current_exception());
  }
}

void PackageTest::remember(std::exception_ptr error) {
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = std::move(error);
  stopping_ = true;
}

/// In the order of selection, whoever is ready first: the same run tells the same story.
void PackageTest::tell(std::size_t index, std::vector<Event> events) {
  waiting_[index] = std::move(events);
  for (auto first = waiting_.begin(); first != waiting_.end() && first->first == told_;
       first = waiting_.erase(first), ++told_)
    for (const Event& event : first->second) observer_.on_event(event);
}

void PackageTest::test(std::size_t index, const Target& server, Templates& templates) {
  const std::string& package = set_.selected[index];
  HeldEvents held(observer_);
  const bool alone = servers_.size() == 1;
  Observer& observer = alone ? static_cast<Observer&>(observer_) : held;
  const Template* original = template_for(package, server, templates);
  ScratchDatabase database(server, observer_.stop_token(), "test_" + package,
                           original == nullptr ? nullptr : &original->database);
  CycleResult result;
  std::exception_ptr error;
  try {
    result = run_cycle(package, database, original, observer);
  } catch (const Error&) {
    error = std::current_exception();
  }
  const std::lock_guard lock(mutex_);
  tell(index, held.held());
  count(package, result);
  if (result.failed > 0 && options_.keep_failed) {
    database.keep();
    tell_kept(package, database);
  }
  if (error) std::rethrow_exception(error);
}

CycleResult PackageTest::run_cycle(const std::string& package, const ScratchDatabase& database,
                                   const Template* original, Observer& observer) {
  std::optional<CatalogSnapshot> empty;
  if (original != nullptr) empty = original->empty;
  return ModuleCycle(workspace_, package, database, std::move(empty), options_, observer,
                     observer_.stop_token())
      .run();
}

/// Deployed when the first module needs it. If that fails, the module's own deploy will say why.
const PackageTest::Template* PackageTest::template_for(const std::string& package,
                                                       const Target& server, Templates& templates) {
  const std::vector<std::string> modules = shared_.of(package);
  if (modules.empty()) return nullptr;
  const auto known = templates.find(modules);
  if (known != templates.end()) return known->second.get();
  auto original = std::make_unique<Template>(server, observer_.stop_token());
  const Target& target = original->database.target();
  DeployOptions options;
  static_cast<RunOptions&>(options) = options_;
  options.modules = modules;
  SilentObserver silent;
  try {
    original->empty = take_snapshot(target, {options_.cluster, {}}, observer_.stop_token());
    deploy(workspace_, target, options, silent, observer_.stop_token());
  } catch (const Error& error) {
    if (error.code() == ErrorCode::interrupted) throw;
    original.reset();
  }
  return templates.emplace(modules, std::move(original)).first->second.get();
}

void PackageTest::count(const std::string& package, const CycleResult& result) {
  total_.passed += result.passed;
  total_.skipped += result.skipped;
  total_.failed += result.failed;
  if (!result.first_failure) return;
  if (failed_.empty()) total_.first_failure = result.first_failure;
  failed_.push_back(package);
  if (!options_.continue_on_fail) stopping_ = true;
}

void PackageTest::tell_kept(const std::string& package, const ScratchDatabase& database) {
  const Target& target = database.target();
  observer_.on_event(DatabaseKept{package, database.name(), target.host, target.port, target.user});
}

RunReport PackageTest::report(Seconds duration) const {
  RunReport report;
  report.done = total_.passed;
  report.skipped = total_.skipped;
  report.failed = total_.failed;
  report.duration = duration;
  return report;
}

std::optional<Error> PackageTest::failure() const {
  if (failed_.empty()) return std::nullopt;
  const std::size_t all = set_.selected.size();
  Error error(total_.first_failure.value_or(ErrorCode::proof_failed),
              fmt::format("{} of {} module{} failed: {}", failed_.size(), all, all == 1 ? "" : "s",
                          fmt::join(failed_, ", ")));
  const std::size_t begun = std::min<std::size_t>(next_, all);
  if (begun < all)
    error.hint(fmt::format(
        "{} not tested after that: --continue-on-fail goes on",
        all - begun == 1 ? "one module was" : fmt::format("{} modules were", all - begun)));
  return error;
}

/// In place of what a verb said about a database that is gone.
Error out_of_scratch(Error error) {
  if (error.database_state().empty()) return error;
  return error.leaving(error.code() == ErrorCode::connection
                           ? "it ran in scratch databases; what is left of them the next run drops"
                           : "it ran in scratch databases, which were dropped");
}

}  // namespace

RunReport test_packages(const Workspace& workspace, const std::vector<Target>& servers,
                        const PackageTestOptions& options, Observer& observer,
                        std::stop_token stop) {
  const auto start = Clock::now();
  require_sound(workspace);
  GuardedObserver guarded(observer, std::move(stop));
  PackageTest test(workspace, servers, options, guarded);
  guarded.on_event(RunStarted{"test-packages",
                              {},
                              test.set().selected,
                              0,
                              test.set().selected.size() * cycle_checks(options)});
  guarded.on_event(ModulesSelected{test.set().selected, test.set().covered});
  const auto finished = [&](Outcome outcome) {
    const RunReport report = test.report(Clock::now() - start);
    guarded.on_event(RunFinished{"test-packages", outcome, report.done, report.skipped,
                                 report.failed, report.duration});
    guarded.rethrow({});
    return report;
  };
  std::optional<LeftRoles> roles;
  try {
    if (options.cluster == ClusterObjects::leave_out)
      roles.emplace(servers.front(), guarded.stop_token());
    test.run();
  } catch (const Error& error) {
    finished(error.code() == ErrorCode::interrupted ? Outcome::interrupted : Outcome::failed);
    throw out_of_scratch(error);
  }
  if (roles)
    for (const Diagnostic& warning : roles->warnings(resolve(workspace, test.set().selected)))
      guarded.on_event(WarningRaised{{}, {}, warning});
  const std::optional<Error> failure = test.failure();
  const RunReport report = finished(failure ? Outcome::failed : Outcome::ok);
  if (failure) throw Error(*failure);
  return report;
}

}  // namespace pgpm
