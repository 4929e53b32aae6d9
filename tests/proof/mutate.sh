#!/usr/bin/env bash
# Weakens every statement of generated revert scripts, one at a time, and leaves out every statement of the published
# modules' (fetched; skipped without an npm registry), and counts how many of them are found out (tests/proof/README.md).
# Ends with 1 if fewer than 99 % are, or if a sound script is blamed.
#
#   tests/proof/mutate.sh [--preset dev|release]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

preset=dev
while [ $# -gt 0 ]; do
  case $1 in
    --preset) preset=${2:?--preset needs a name}; shift ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "mutate.sh: unknown option \"$1\" (see --help)" >&2; exit 2 ;;
  esac
  shift
done

targets=(proof_mutations published_mutations)
{ cmake --preset "$preset" && cmake --build --preset "$preset" --parallel "$(nproc)" --target "${targets[@]}"; } </dev/null >&2
program() { find "$PWD/build/$preset" -name "$1" -type f -perm -u+x | head -n 1; }

status=0
"$(program proof_mutations)" || status=1
tests/proof/published.sh "$(program published_mutations)" || { code=$?; [ $code = 77 ] || status=1; }
exit $status
