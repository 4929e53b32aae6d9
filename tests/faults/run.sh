#!/usr/bin/env bash
# Kills deploys and reverts between any two messages; one plain rerun each must finish the work (kill_matrix.cc says how).
#
#   tests/faults/run.sh [--full] [--seed N] [--part K/N] [--point VERB/FAULT/NUMBER]
#
# Without --full a sample of the points, chosen by the seed. Builds what it needs with the preset release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

cmake --preset release </dev/null >/dev/null
cmake --build --preset release --target pgpm kill_matrix </dev/null >/dev/null
LC_ALL=C.UTF-8 TZ=UTC PGPM_TEST_BINARY=$PWD/build/release/pgpm exec nice build/release/kill_matrix "$@"
