#!/usr/bin/env bash
# Weakens every statement of generated revert scripts, one at a time, and counts how many of them the comparison of
# catalogs finds out (tests/proof/README.md). Ends with 1 if fewer than 99 % are, or if a sound script is blamed.
#
#   tests/proof/mutate.sh [--preset dev|release]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

preset=dev
while [ $# -gt 0 ]; do
  case $1 in
    --preset) preset=${2:?--preset needs a name}; shift ;;
    -h | --help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "mutate.sh: unknown option \"$1\" (see --help)" >&2; exit 2 ;;
  esac
  shift
done

{ cmake --preset "$preset" && cmake --build --preset "$preset" --parallel "$(nproc)" --target proof_mutations; } </dev/null >&2
exec "$(find "build/$preset" -name proof_mutations -type f -perm -u+x | head -n 1)"
