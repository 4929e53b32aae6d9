// Domains and composite types that change where they are: what uses them, tables first of all,
// stays. What the file means the server says: the old type is out of the way for a moment, the new
// one is made as written and read from the catalogs, and all of that is rolled back.
#include <fmt/format.h>

#include "engine/objects/alter_type.h"
#include "engine/objects/naming.h"
#include "engine/objects/run.h"
#include "engine/objects/statement_text.h"
#include "engine/sql/quote.h"

namespace pgpm::objects {

namespace {

bool is_alterable(sql::DefinitionKind kind) {
  return kind == sql::DefinitionKind::domain || kind == sql::DefinitionKind::composite_type;
}

}  // namespace

void ObjectRun::move_away(std::size_t object, const TypeParts& parts) {
  const std::string type = quoted(objects_[object].address.name);
  const char* const word = parts.base.empty() ? "TYPE" : "DOMAIN";
  // Names that the server gives to constraints have to be free.
  std::size_t number = 0;
  for (const auto& [name, definition] : parts.constraints)
    connection_.exec(fmt::format("ALTER DOMAIN {} RENAME CONSTRAINT {} TO pgpm_before_{}", type,
                                 sql::quote_identifier(name), ++number));
  connection_.exec(fmt::format("ALTER {} {} RENAME TO pgpm_before", word, type));
}

TypeParts ObjectRun::parts_as_declared(std::size_t object, const TypeParts& parts) {
  TypeParts wanted;
  connection_.exec("SAVEPOINT pgpm_parts");
  try {
    move_away(object, parts);
    send(object, as_written(objects_[object]));
    if (const auto made = catalog_->locate({objects_[object].address}).front())
      wanted = catalog_->type_parts(*made);
  } catch (const Error&) {
    const db::StopMask mask(connection_);
    if (connection_.transaction_status() == db::TransactionStatus::in_error)
      connection_.exec("ROLLBACK TO SAVEPOINT pgpm_parts");
    throw;
  }
  connection_.exec("ROLLBACK TO SAVEPOINT pgpm_parts");
  connection_.exec("RELEASE SAVEPOINT pgpm_parts");
  return wanted;
}

bool ObjectRun::alter_type(std::size_t object, const Task& task) {
  const ManagedObject& managed = objects_[object];
  if (!is_alterable(managed.definition.kind)) return false;
  const TypeParts is = catalog_->type_parts(live_.at(object));
  // The kind of type may be another one.
  if (is.base.empty() != (managed.definition.kind == sql::DefinitionKind::composite_type))
    return false;
  const auto statements =
      alter_statements(quoted(managed.address.name), is, parts_as_declared(object, is));
  if (!statements) return false;
  connection_.exec("SAVEPOINT pgpm_alter");
  try {
    for (const std::string& statement : *statements) catalog_->run_qualified(statement);
  } catch (const Error& error) {
    // In the way are views, which go and come back when it is made anew; or a table, and then
    // that is what is told. Rows that do not fit are nobody's doing but the author's.
    if (!error.server() || !may_be_remade(error)) throw in_file(error, managed, {});
    connection_.exec("ROLLBACK TO SAVEPOINT pgpm_alter");
    return false;
  }
  connection_.exec("RELEASE SAVEPOINT pgpm_alter");
  made_.insert(object);
  has_reshaped_ = true;
  tell(ObjectStep::Act::replace, object, task.reason);
  look_at_dependents(object, fmt::format("{} was altered", managed.shown));
  return true;
}

bool ObjectRun::may_be_remade(const Error& error) {
  const std::string& state = error.server()->sqlstate;
  return state == "2BP01" || state == "0A000" || state == "42P16" || state == "42809";
}

}  // namespace pgpm::objects
