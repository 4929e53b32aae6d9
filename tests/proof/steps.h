// What revert scripts are generated from: statements that change one object, each with the one that
// takes it back. Names are written {s} (a schema), {t} (a table in it) and {x} (a new name); {db}
// is the database.
#pragma once

#include <span>

namespace pgpm::tests {

struct ProofStep {
  const char* named;      ///< kind and identity of what a missing revert must be reported as
  const char* deploy;     ///< one statement
  const char* revert;     ///< restores what was before
  const char* weak = "";  ///< a revert that does too little, or the wrong thing; "": none
  int since = 0;          ///< PostgreSQL version that knows the statements
};

/// What the steps need around them.
extern const char* const proof_setting;

std::span<const ProofStep> relation_steps();
std::span<const ProofStep> routine_steps();
std::span<const ProofStep> other_steps();

}  // namespace pgpm::tests
