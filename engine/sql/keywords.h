// Words that are no names unless they are quoted.
#pragma once

#include <string_view>

namespace pgpm::sql {

/// Whether PostgreSQL's quote_ident() would quote it for what it means: keywords of every category
/// but "unreserved", as of PostgreSQL 15. In lower case.
bool is_keyword(std::string_view word);

}  // namespace pgpm::sql
