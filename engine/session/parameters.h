// Parameters of a session project: which names and values there can be. Values may be secrets and
// appear in no message.
#pragma once

#include <string>

#include "pgpm/session.h"

namespace pgpm {

/// Names in lower case, of equal ones the last. Throws Error(configuration) for names that are no
/// identifiers or differ only in case, and for values that are not UTF-8 text.
SessionParameters checked_parameters(const SessionParameters& given);

}  // namespace pgpm
