// Asks a verify script whether its change is gone without ending the message when it fails, which
// is what is expected of it: it runs in a PL/pgSQL block that catches the failure on the server, so
// that many reverts can share one message. Only for scripts that mean the same there; for the
// others, and where there is no PL/pgSQL, the script itself is sent and its failure ends the
// message: two round trips a change. What a script does is undone either way.
#pragma once

#include <string>

#include "engine/db/batch.h"
#include "engine/sql/script.h"

namespace pgpm {

/// Whether EXECUTE does with the script what the server does with it as a message: no COPY data, no
/// transaction statements, no SELECT INTO.
bool can_be_asked(const sql::Script& script);

/// One statement. Fails for what is no verdict: a missed lock, a deadlock, a cancelled query.
std::string gone_question_sql(const sql::Script& script, std::size_t number);

/// One statement behind it, in the same transaction: a row with `t` if the script passed. `number`
/// is the same, and another one for each question of a transaction.
std::string gone_answer_sql(std::size_t number);

/// A failure that got out of the question, told as if the script itself had been sent: with its
/// place there, and without the block around it.
void locate_in_script(db::BatchFailure& failure, const sql::Script& script);

/// One statement: whether the role may use PL/pgSQL here.
constexpr const char* can_ask_sql =
    "SELECT pg_catalog.count(*) FROM pg_catalog.pg_language AS l WHERE l.lanname "
    "OPERATOR(pg_catalog.=) 'plpgsql' AND pg_catalog.has_language_privilege(l.oid, 'USAGE')";

}  // namespace pgpm
