#!/usr/bin/env bash
# Installs what is missing, builds, and runs every suite this machine can run. Closes with one line:
# N passed, N failed, N skipped (parts of suites as CTest counts them; why a part was skipped stands above it).
#
#   tests/run.sh [--preset dev|release|asan|tsan] [--label REGEX] [--exclude REGEX] [--by-file] [--no-install]
#
# Where nothing was built before, files are compiled in groups, in less than half the time; --by-file compiles each alone.
# --label and --exclude choose by label: unit db layers cases faults compat network (tests/README.md).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

preset=dev install=yes grouped=ON choice=()
while [ $# -gt 0 ]; do
  case $1 in
    --preset) preset=${2:?--preset needs a name}; shift ;;
    --label) choice+=(-L "${2:?--label needs a pattern}"); shift ;;
    --exclude) choice+=(-LE "${2:?--exclude needs a pattern}"); shift ;;
    --by-file) grouped=OFF ;;
    --no-install) install=no ;;
    -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "run.sh: unknown option \"$1\" (see --help)" >&2; exit 2 ;;
  esac
  shift
done

if [ "$install" = yes ]; then third_party/install.sh build server test; fi

jobs=$(nproc)
build=build/$preset
junit=$build/test-results.xml
fresh=()
[ -e "$build/CMakeCache.txt" ] || fresh=(-D "PGPM_GROUPED=$grouped")
cmake --preset "$preset" "${fresh[@]}" </dev/null
cmake --build --preset "$preset" --parallel "$jobs" </dev/null

# name<TAB>passed|failed|skipped<TAB>reason, one line per part, from CTest's own report.
results() {
  awk '
    function flush() { if (name != "") print name "\t" verdict "\t" reason; name = "" }
    /<testcase / {
      flush(); name = $0; sub(/.*<testcase name="/, "", name); sub(/".*/, "", name)
      verdict = /status="run"/ ? "passed" : /status="fail"/ ? "failed" : "skipped"; reason = ""
    }
    verdict == "skipped" && /skipped: / && reason == "" {
      reason = $0; sub(/.*skipped: /, "", reason); sub(/<\/system-out>.*/, "", reason)
      gsub(/&lt;/, "<", reason); gsub(/&gt;/, ">", reason); gsub(/&quot;/, "\"", reason); gsub(/&amp;/, "\\&", reason)
    }
    END { flush() }' "$junit"
}
count() { results | awk -F '\t' -v verdict="$1" '$2 == verdict { n++ } END { print n + 0 }'; }

rm -f "$junit"
status=0
# One more than cores: many parts wait for a lock or a server rather than work.
ctest --test-dir "$build" --parallel $((jobs + 1)) --output-on-failure --no-tests=error --output-junit "$PWD/$junit" \
  "${choice[@]}" </dev/null || status=$?
if [ ! -s "$junit" ]; then
  echo "run.sh: CTest ended with status $status and no report" >&2
  exit 1
fi

results | awk -F '\t' '$2 == "skipped" { print "skipped " $1 ": " ($3 == "" ? "no reason given" : $3) }'
results | awk -F '\t' '$2 == "failed" { print "failed " $1 }'
line="$(count passed) passed, $(count failed) failed, $(count skipped) skipped"
echo "$line" >"$build/test-summary.txt"
echo "$line"
[ "$status" = 0 ]
