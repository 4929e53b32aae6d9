// What a parsed statement is as a managed object: its kind, key and address.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/objects/declare.h"
#include "engine/objects/managed_object.h"

namespace pgpm::objects {

/// Fills in kind, key, address, shown name and undo from `object.definition` and `object.text`.
/// "" or why it cannot be managed.
std::string identify(ManagedObject& object, const Naming& naming);

/// By the first words of a statement that our grammar does not know: view, materialized view,
/// function, procedure or trigger; nullopt for anything else.
std::optional<sql::Definition> definition_by_words(std::string_view statement);

}  // namespace pgpm::objects
