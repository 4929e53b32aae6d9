// What a run is going to do, for people: shown before a question and by --dry-run.
#pragma once

#include <string>

#include "cli/style.h"
#include "pgpm/worklist.h"

namespace pgpm::cli {

enum class Reasons { show, hide };

/// Modules and their changes with a mark each; long lists are cut in the middle unless reasons are
/// shown.
/// "view app.totals"; what is granted says so itself.
std::string object_words(const std::string& kind, const std::string& name);
std::string show_worklist(const Worklist& worklist, const Style& style, Reasons reasons);
/// "+", "-", "=" or "ok": how lines about a change begin.
const char* mark_of(Action action);

}  // namespace pgpm::cli
