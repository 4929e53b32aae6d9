// Declarations from text, for tests of what is made of them.
#pragma once

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "engine/objects/declare.h"
#include "engine/objects/order.h"

namespace pgpm::objects {

inline std::vector<ManagedObject> declared(const std::string& text, const Naming& naming = {}) {
  std::vector<Diagnostic> problems;
  auto objects = declare_text("x.sql", "x.sql", text, naming, problems);
  for (const Diagnostic& problem : problems) FAIL_CHECK(problem.message);
  return objects;
}

/// The message of the one problem of a text.
inline std::string problem_of(const std::string& text) {
  std::vector<Diagnostic> problems;
  declare_text("x.sql", "x.sql", text, {}, problems);
  REQUIRE(problems.size() == 1);
  return problems[0].where.to_string() + " " + problems[0].message;
}

/// Names in the order they can be made; "f*" = before what its body names.
inline std::string order_of(const std::vector<ManagedObject>& objects, const Naming& naming = {}) {
  const CreationOrder order = order_objects(objects, find_requirements(objects, naming));
  std::string text;
  for (const std::size_t i : order.sequence)
    text +=
        (text.empty() ? "" : " ") + objects[i].shown + (order.before_bodies.contains(i) ? "*" : "");
  return text;
}

/// "a b(late)": what the object of this name needs.
inline std::string needs_of(const std::string& text, const std::string& name,
                            const Naming& naming = {}) {
  const auto objects = declared(text, naming);
  const Requirements needs = find_requirements(objects, naming);
  std::string found;
  for (std::size_t i = 0; i < objects.size(); ++i)
    if (objects[i].shown == name)
      for (const Requirement& need : needs[i])
        found +=
            (found.empty() ? "" : " ") + objects[need.object].shown + (need.late ? "(late)" : "");
  return found;
}

}  // namespace pgpm::objects
