#include "cli/render/worklist.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/render/failure.h"

namespace pgpm::cli {

namespace {
constexpr std::size_t shown_per_module = 20;

std::string show_step(const Step& step, const Style& style, Reasons reasons) {
  const std::string mark = mark_of(step.action);
  std::string line =
      fmt::format("  {} {}", step.action == Action::revert ? style.red(mark) : style.green(mark),
                  printable(step.change));
  for (const std::string& tag : step.tags) line += style.cyan(" @" + tag);
  if (!step.transactional) line += style.yellow("  (outside a transaction)");
  if (step.action == Action::log_only) line += style.dim("  (recorded only)");
  if (reasons == Reasons::show && !step.reason.empty() && step.reason != "pending")
    line += style.dim("  " + step.reason);
  return line + "\n";
}

std::string show_object(const ObjectChange& change, const Style& style) {
  const bool goes = change.what == ObjectChange::What::removed;
  const std::string mark = goes                                       ? style.red("-")
                           : change.what == ObjectChange::What::added ? style.green("+")
                                                                      : style.yellow("~");
  return fmt::format("  {} {}{}\n", mark, object_words(change.kind, change.name),
                     style.dim(fmt::format("  {}", printable(change.reason))));
}

std::string show_module(const ModuleSteps& module, const Style& style, Reasons reasons) {
  std::string text = style.bold(module.module);
  if (!module.steps.empty())
    text += " " + style.dim(fmt::format("({})", count(module.steps.size(), "change")));
  text += '\n';
  for (const std::string& extension : module.extensions)
    text += fmt::format("  {} extension {}\n", style.green("+"), extension);
  const std::size_t total = module.steps.size();
  const bool is_cut = reasons == Reasons::hide && total > shown_per_module;
  const std::size_t head = is_cut ? shown_per_module / 2 : total;
  for (std::size_t i = 0; i < total; ++i) {
    if (is_cut && i == head) {
      const std::size_t hidden = total - shown_per_module;
      text += style.dim(fmt::format("    ... {} more ...\n", hidden));
      i += hidden;
    }
    text += show_step(module.steps[i], style, reasons);
  }
  if (reasons == Reasons::hide && !module.tests.empty())
    text += style.dim(fmt::format("    then {}\n", count(module.tests.size(), "SQL test")));
  if (reasons == Reasons::show)
    for (const std::string& test : module.tests)
      text += fmt::format("  {} test {}\n", style.cyan("?"), printable(test));
  const std::size_t shown_objects = reasons == Reasons::hide ? shown_per_module : std::string::npos;
  for (std::size_t i = 0; i < std::min(module.objects.size(), shown_objects); ++i)
    text += show_object(module.objects[i], style);
  if (module.objects.size() > shown_objects)
    text += style.dim(fmt::format("    ... {} more ...\n", module.objects.size() - shown_objects));
  for (const std::string& tag : module.late_tags)
    text += fmt::format("  {} tag {}\n", style.green("="), style.cyan("@" + tag));
  return text;
}
}  // namespace

const char* mark_of(Action action) {
  switch (action) {
    case Action::deploy:
      return "+";
    case Action::log_only:
      return "=";
    case Action::revert:
      return "-";
    case Action::verify:
      return "ok";
  }
  return "";
}

std::string object_words(const std::string& kind, const std::string& name) {
  return kind == "grant" ? printable(name) : kind + " " + printable(name);
}

std::string show_worklist(const Worklist& worklist, const Style& style, Reasons reasons) {
  std::string text;
  for (const Diagnostic& warning : worklist.warnings) text += show_diagnostic(warning, style);
  if (worklist.create_database)
    text += fmt::format("{} database {}\n", style.green("+"), style.bold(worklist.database));
  for (const ModuleSteps& module : worklist.modules)
    if (!module.steps.empty() || !module.extensions.empty() || !module.late_tags.empty() ||
        !module.objects.empty())
      text += show_module(module, style, reasons);
  return text;
}

}  // namespace pgpm::cli
