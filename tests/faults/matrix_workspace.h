// What the kill matrix deploys: 50 changes in four modules, with tags, COPY data, verify scripts
// and five changes that run outside a transaction.
#pragma once

#include "tests/support/temp_workspace.h"

namespace pgpm::tests {

/// For a server of this version (150004): older ones do without what they do not know.
void write_matrix_workspace(TempWorkspace& files, int server_version);

}  // namespace pgpm::tests
