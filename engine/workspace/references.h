// Names inside the text of plans and scripts, replaced where they stand: no other byte moves.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "pgpm/plan.h"

namespace pgpm {

/// The new spelling of a reference, or nullopt to leave it. `text` is as written, without the '!'
/// of a conflict.
using Respell = std::function<std::optional<std::string>(std::string_view text)>;

struct PlanRespelling {
  Respell change;     ///< names of change lines and of the changes that tag lines name
  Respell reference;  ///< entries of the [lists]
  Respell project;    ///< %project
  Respell uri;        ///< %uri
};
std::string respell_plan(const Plan& plan, const PlanRespelling& respelling);

struct HeaderRespelling {
  Respell identity;   ///< what stands behind "-- Deploy", with its project
  Respell reference;  ///< what stands behind "-- requires:" and "-- conflicts:"
};
/// Only the leading comment lines of a script are looked at.
std::string respell_header(std::string_view script, const HeaderRespelling& respelling);

}  // namespace pgpm
