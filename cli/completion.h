// Shell completion scripts, from the command table. Module names are asked of pgpm itself
// (`pgpm completion --modules`) when Tab is pressed.
#pragma once

#include <string>

namespace pgpm::cli {

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

}  // namespace pgpm::cli
