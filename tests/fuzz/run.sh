#!/usr/bin/env bash
# Builds the fuzzers (preset fuzz) and runs each for a time. What they find lies in build/fuzz/findings; put it into
# tests/fuzz/corpus/TARGET, where every preset replays it.
#
#   tests/fuzz/run.sh [--seconds N] [--jobs N] [--no-build] [TARGET...]     60 seconds each, 2 at a time; all targets
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

seconds=60 jobs=2 build=yes targets=()
while [ $# -gt 0 ]; do
  case $1 in
    --seconds) seconds=${2:?--seconds needs a number}; shift ;;
    --jobs) jobs=${2:?--jobs needs a number}; shift ;;
    --no-build) build=no ;;
    -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) echo "run.sh: unknown option \"$1\" (see --help)" >&2; exit 2 ;;
    *) targets+=("$1") ;;
  esac
  shift
done
[ ${#targets[@]} -gt 0 ] || for folder in tests/fuzz/corpus/*/; do targets+=("$(basename "$folder")"); done

if [ "$build" = yes ]; then
  cmake --preset fuzz </dev/null
  cmake --build --preset fuzz --parallel "$jobs" </dev/null
fi

# What was left out of the build (split needs libpg_query) is said, not tried.
for i in "${!targets[@]}"; do
  [ -x "build/fuzz/fuzz_${targets[i]}" ] && continue
  echo "${targets[i]}: not built"
  unset "targets[i]"
done

# New inputs go to a folder of the build, so that the corpus stays small and chosen.
fuzz_one() {
  local target=$1 seconds=$2 work=build/fuzz/grown/$1 findings=build/fuzz/findings
  mkdir -p "$work" "$findings"
  if nice "build/fuzz/fuzz_$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=8192 \
    -artifact_prefix="$findings/$target-" "$work" "tests/fuzz/corpus/$target" >"$findings/$target.log" 2>&1; then
    echo "$target: no finding, $(grep -o 'Done [0-9]* runs in [0-9]* second' "$findings/$target.log" || true)s"
  else
    echo "$target: FINDING, see $findings/$target.log"
    return 1
  fi
}
export -f fuzz_one
printf '%s\n' "${targets[@]}" | xargs -P "$jobs" -I '{}' bash -c 'fuzz_one "$1" "$2"' fuzz '{}' "$seconds"
