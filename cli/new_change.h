// What the commands share that plan a change: its options, and the answer with the files written.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/invocation.h"
#include "pgpm/authoring.h"

namespace pgpm::cli {

/// --requires, --conflicts, --note and --package.
std::vector<Option> new_change_options();
/// The change that positional and options describe.
NewChange new_change_of(const Invocation& invocation);
/// `headline`, the files below it, and `next` (what to do now), if there is anything.
void answer_with_files(Invocation& invocation, const Module& module, const NewChange& change,
                       const std::vector<std::string>& files, const std::string& headline,
                       const std::string& next = {});

/// --open: the words of $VISUAL or $EDITOR; empty if it was not given. Throws Error(usage) if no
/// editor is set, before anything is written.
std::vector<std::string> editor_of(const Invocation& invocation);
/// Opens the scripts of the change; nothing happens without an editor.
void open_in_editor(std::vector<std::string> editor, const Module& module,
                    const std::string& change);

}  // namespace pgpm::cli
