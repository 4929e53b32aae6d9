// A check of a testing run as a person reads it: one line, and what there is to see below it.
#pragma once

#include <string>

#include "cli/render/text.h"
#include "cli/style.h"
#include "pgpm/event.h"

namespace pgpm::cli {

std::string show_check(const CheckFinished& check, const Style& style, Verbosity verbosity);
/// "Proved 3 changes of 1 module in 0.12 s; 1 failed, 2 skipped."
std::string check_summary(const RunFinished& run, const RunStarted& started, std::size_t modules,
                          const Style& style);

}  // namespace pgpm::cli
