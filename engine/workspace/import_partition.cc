// An import given to several modules: rules first, then what `closure` draws along, then the order
// of the modules, which must have one.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/text/file.h"
#include "engine/workspace/json_object.h"
#include "engine/workspace/names.h"
#include "pgpm/import.h"

namespace pgpm {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Change = ImportedModule::ImportedChange;
using Names = std::vector<std::string>;

/// What a change makes, as selectors name it.
struct Subject {
  std::string schema, name, table;
  Names kinds;  ///< upstream tells functions from procedures, a path does not
};

Subject subject_of(const Change& change) {
  const Names& place = change.place;
  if (place.size() < 3 || place[0] != "schemas") return {};
  if (place.size() == 3) return {place[1], place[1], {}, {place[2]}};
  static const std::map<std::string, Names> kinds{{"tables", {"table"}},
                                                  {"views", {"view"}},
                                                  {"types", {"type"}},
                                                  {"sequences", {"sequence"}},
                                                  {"columns", {"column"}},
                                                  {"constraints", {"constraint"}},
                                                  {"indexes", {"index"}},
                                                  {"triggers", {"trigger"}},
                                                  {"policies", {"policy"}},
                                                  {"rules", {"rule"}},
                                                  {"fixtures", {"seed"}},
                                                  {"partitions", {"partition"}},
                                                  {"alterations", {"alteration"}},
                                                  {"procedures", {"function", "procedure"}}};
  const auto kind_of = [](const std::string& part) {
    const auto kind = kinds.find(part);
    return kind == kinds.end() ? Names{part} : kind->second;
  };
  Subject subject{place[1], place[3], {}, kind_of(place[2])};
  if (place[2] != "tables" || place.size() < 5 || place[4] == "table") return subject;
  subject.table = place[3];
  subject.kinds = kind_of(place[4]);
  subject.name = place.size() > 5 ? place[5] : place[3];
  return subject;
}

/// One member of a selector: a text, or a list of which one must fit.
struct Wanted {
  std::string what;
  Names any_of;

  bool fits(const Change& change, const Subject& subject) const {
    if (what == "path") return has(change.name);
    if (what == "schema") return has(subject.schema);
    if (what == "name") return has(subject.name);
    if (what == "table") return has(subject.table);
    return std::any_of(subject.kinds.begin(), subject.kinds.end(),
                       [&](const std::string& kind) { return has(kind); });
  }

 private:
  bool has(const std::string& text) const {
    return !text.empty() && std::find(any_of.begin(), any_of.end(), text) != any_of.end();
  }
};
using Selector = std::vector<Wanted>;  // all must fit

struct Rule {
  std::string module;
  std::vector<Selector> select;  // one must fit
  bool closure = false;
};
struct Partition {
  std::string otherwise;
  std::vector<Rule> rules;
};

class PartitionReader {
 public:
  explicit PartitionReader(const fs::path& file) : file_(shown_path(file)) {
    const auto text = read_regular_file(file);
    if (!text) fail("does not exist");
    std::vector<Diagnostic> diagnostics;
    const auto json = parse_json_object(file_, *text, Severity::error, diagnostics);
    if (!json)
      throw Error(ErrorCode::configuration, fmt::format("{} has errors", file_)).with(diagnostics);
    read(*json);
  }

  Partition take() { return std::move(partition_); }

 private:
  [[noreturn]] void fail(const std::string& what, const std::string& hint = {}) const {
    throw Error(ErrorCode::configuration, fmt::format("{} {}", file_, what)).hint(hint);
  }

  void read(const Json& json) {
    refuse_others(json, {"defaultPackage", "rules"}, "");
    partition_.otherwise = module_name(json, "defaultPackage", "");
    const Json rules = json.value("rules", Json());
    if (!rules.is_array()) fail("needs \"rules\", a list");
    for (std::size_t i = 0; i < rules.size(); ++i)
      partition_.rules.push_back(read_rule(rules[i], fmt::format("rules[{}]", i)));
  }

  Rule read_rule(const Json& json, const std::string& where) {
    if (!json.is_object()) fail(fmt::format("{} is no object", where));
    refuse_others(json, {"package", "select", "closure"}, where + ".");
    Rule rule;
    rule.module = module_name(json, "package", where + ".");
    const Json closure = json.value("closure", Json(false));
    if (!closure.is_boolean()) fail(where + ".closure is neither true nor false");
    rule.closure = closure.get<bool>();
    const Json select = json.value("select", Json());
    if (!select.is_array() || select.empty()) fail(where + ".select is no list of selectors");
    for (const Json& selector : select)
      rule.select.push_back(read_selector(selector, where + ".select"));
    return rule;
  }

  Selector read_selector(const Json& json, const std::string& where) {
    if (!json.is_object() || json.empty()) fail(where + " holds what is no selector");
    refuse_others(json, {"kind", "schema", "name", "table", "path"}, where + ": ");
    Selector selector;
    for (const auto& [what, value] : json.items()) {
      Wanted wanted{what, {}};
      for (const Json& one : value.is_array() ? value : Json::array({value})) {
        if (!one.is_string()) fail(fmt::format("{}: \"{}\" is no text", where, what));
        wanted.any_of.push_back(one.get<std::string>());
      }
      selector.push_back(std::move(wanted));
    }
    return selector;
  }

  std::string module_name(const Json& json, const char* member, const std::string& where) const {
    const Json value = json.value(member, Json());
    if (!value.is_string()) fail(fmt::format("needs \"{}{}\", a module's name", where, member));
    std::string name = value.get<std::string>();
    if (const std::string problem = module_name_problem(name); !problem.empty())
      fail(fmt::format("has \"{}\", which is no module name: {}", name, problem));
    return name;
  }

  void refuse_others(const Json& json, const Names& known, const std::string& where) const {
    for (const auto& [name, value] : json.items()) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      fail(fmt::format("says {}{}, which is not known", where, name),
           name == "splitRiders" ? "--change-granularity alteration gives grants their own changes"
           : name == "style"     ? "write --naming instead"
                                 : "");
    }
  }

  std::string file_;
  Partition partition_;
};

class Split {
 public:
  Split(ImportedModule imported, Partition partition)
      : imported_(std::move(imported)), partition_(std::move(partition)) {
    for (std::size_t i = 0; i < imported_.changes.size(); ++i) {
      index_[imported_.changes[i].name] = i;
      module_of_.push_back(chosen(imported_.changes[i]));
    }
    for (const Rule& rule : partition_.rules)
      if (rule.closure) draw_along(rule.module);
    for (std::size_t i = 0; i < imported_.changes.size(); ++i) note_edges(i);
  }

  std::vector<ImportedModule> modules() {
    std::vector<ImportedModule> modules;
    for (const std::string& name : ordered()) modules.push_back(module(name));
    modules.front().warnings = imported_.warnings;
    modules.front().statements = imported_.statements;
    modules.front().skipped = imported_.skipped;
    return modules;
  }

 private:
  std::string chosen(const Change& change) const {
    const Subject subject = subject_of(change);
    const auto all_fit = [&](const Selector& selector) {
      return std::all_of(selector.begin(), selector.end(),
                         [&](const Wanted& wanted) { return wanted.fits(change, subject); });
    };
    for (const Rule& rule : partition_.rules)
      if (std::any_of(rule.select.begin(), rule.select.end(), all_fit)) return rule.module;
    return partition_.otherwise;
  }

  /// Requirements stand in front of what requires them: one pass from the end takes all.
  void draw_along(const std::string& module) {
    for (std::size_t i = imported_.changes.size(); i > 0; --i) {
      if (module_of_[i - 1] != module) continue;
      for (const std::string& name : imported_.changes[i - 1].requires_changes) {
        std::string& other = module_of_[index_.at(name)];
        if (other == partition_.otherwise) other = module;
      }
    }
  }

  void note_edges(std::size_t change) {
    for (const std::string& name : imported_.changes[change].requires_changes) {
      const std::size_t needed = index_.at(name);
      if (module_of_[needed] != module_of_[change])
        edges_[module_of_[change]].try_emplace(module_of_[needed], change, needed);
    }
  }

  Names ordered() {
    Names names;
    for (const std::string& module : module_of_)
      if (std::find(names.begin(), names.end(), module) == names.end()) names.push_back(module);
    if (names.empty()) names.push_back(partition_.otherwise);
    for (const std::string& name : names) visit(name);
    return std::move(order_);
  }

  void visit(const std::string& module) {
    if (std::find(order_.begin(), order_.end(), module) != order_.end()) return;
    const auto open = std::find(path_.begin(), path_.end(), module);
    if (open != path_.end()) refuse_cycle({open, path_.end()});
    path_.push_back(module);
    for (const auto& [other, edge] : edges_[module]) visit(other);
    path_.pop_back();
    order_.push_back(module);
  }

  [[noreturn]] void refuse_cycle(Names cycle) {
    cycle.push_back(cycle.front());
    std::vector<Diagnostic> edges;
    for (std::size_t i = 0; i + 1 < cycle.size(); ++i) {
      const auto& [change, needed] = edges_.at(cycle[i]).at(cycle[i + 1]);
      edges.push_back({Severity::error,
                       {},
                       fmt::format("{}:{} requires {}:{}", cycle[i], imported_.changes[change].name,
                                   cycle[i + 1], imported_.changes[needed].name),
                       {},
                       {}});
    }
    throw Error(ErrorCode::configuration,
                fmt::format("the modules would require each other: {}", joined(cycle)))
        .with(std::move(edges));
  }

  static std::string joined(const Names& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : " -> ") + name;
    return text;
  }

  ImportedModule module(const std::string& name) {
    ImportedModule module;
    module.name = name;
    module.extensions = imported_.extensions;
    for (const auto& [other, edge] : edges_[name]) module.modules.push_back(other);
    for (std::size_t i = 0; i < imported_.changes.size(); ++i) {
      if (module_of_[i] != name) continue;
      Change change = imported_.changes[i];
      for (std::string& needed : change.requires_changes)
        if (const std::string& other = module_of_[index_.at(needed)]; other != name)
          needed = other + ":" + needed;
      module.changes.push_back(std::move(change));
    }
    return module;
  }

  ImportedModule imported_;
  Partition partition_;
  std::map<std::string, std::size_t> index_;
  Names module_of_;  // by change
  /// From module to module, with one pair of changes that makes it so.
  std::map<std::string, std::map<std::string, std::pair<std::size_t, std::size_t>>> edges_;
  Names order_, path_;
};

}  // namespace

std::vector<ImportedModule> split_import(ImportedModule imported, const fs::path& partition) {
  return Split(std::move(imported), PartitionReader(partition).take()).modules();
}

}  // namespace pgpm
