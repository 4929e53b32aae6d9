#include "engine/workspace/change_line.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "engine/workspace/own_reference.h"
#include "engine/workspace/plan_writer.h"

namespace pgpm {
namespace {

class References {
 public:
  References(const Workspace& workspace, const Module& module, const Plan& plan)
      : workspace_(workspace), module_(module), plan_(plan) {}

  /// The reference as it is written into the plan: own ones without the module's name, and forms
  /// that only one of the tools understands (HEAD, ids, ^ and ~) as the change they mean today.
  std::string required(const std::string& text) {
    const ChangeRef ref = parse(text);
    const Module* other = other_module(ref);
    if (other == nullptr && !is_own(ref)) return ref.to_string();  // only the ledger can tell
    const Plan& plan = other == nullptr ? plan_ : other->plan;
    OwnReference found = other == nullptr ? required_change(plan, ref, plan.changes.size(), budget_)
                                          : find_reference(plan, ref, budget_);
    if (!found.change)
      throw Error(ErrorCode::configuration,
                  fmt::format("\"{}\" cannot be required: {}", text, found.message))
          .hint(found.hint);
    return (other == nullptr ? std::string() : ref.module + ":") +
           portable(plan, ref, *found.change);
  }

  std::string conflict(const std::string& text) const {
    ChangeRef ref = parse(text.starts_with('!') ? text.substr(1) : text);
    if (is_own(ref)) ref.module.clear();
    return fmt::format("!{}", ref.to_string());
  }

 private:
  static ChangeRef parse(const std::string& text) {
    const auto ref = ChangeRef::parse(text);
    if (!ref)
      throw Error(ErrorCode::configuration, fmt::format("\"{}\" is no change reference", text))
          .hint("write change, @tag, change@tag, module:change or module:@tag");
    return *ref;
  }

  bool is_own(const ChangeRef& ref) const {
    return ref.module.empty() || module_.is_called(ref.module);
  }

  const Module* other_module(const ChangeRef& ref) const {
    return is_own(ref) ? nullptr : workspace_.find(ref.module);
  }

  static std::string portable(const Plan& plan, ChangeRef ref, std::size_t change) {
    const bool symbolic =
        ref.change == "HEAD" || ref.change == "ROOT" || ref.tag == "HEAD" || ref.tag == "ROOT";
    if (symbolic || ref.offset != 0 || !ref.id.empty()) return plan.changes[change].name;
    ref.module.clear();
    return ref.to_string();
  }

  const Workspace& workspace_;
  const Module& module_;
  const Plan& plan_;
  NearestBudget budget_;
};

void append_unique(std::vector<std::string>& list, std::string entry) {
  if (std::find(list.begin(), list.end(), entry) == list.end()) list.push_back(std::move(entry));
}

}  // namespace

ChangeLine new_change_line(const Workspace& workspace, const Module& module, const Plan& plan,
                           const NewChange& change, const Authorship& by,
                           std::vector<std::string> first) {
  References references(workspace, module, plan);
  ChangeLine line{{}, std::move(first)};
  for (const std::string& text : change.requires_changes)
    append_unique(line.dependencies, references.required(text));
  for (const std::string& text : change.conflicts)
    append_unique(line.dependencies, references.conflict(text));
  line.text = change.name + " ";
  if (!line.dependencies.empty())
    line.text += fmt::format("[{}] ", fmt::join(line.dependencies, " "));
  line.text += authored(by, change.note.empty() ? "add " + change.name : change.note);
  return line;
}

}  // namespace pgpm
