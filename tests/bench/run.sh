#!/usr/bin/env bash
# Measures pgpm side by side with what it can be compared to, on the release build and a throwaway server, and prints one
# table of ratios. Nothing here fails for being slow: the last column says what was promised.
#
#   tests/bench/run.sh [--quick] [--repetitions N] [--without-sqitch] [--no-install]
#
# --quick: 100 and 1,000 changes instead of 1,000 and 10,000, to see that it works.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
build=$PWD/build/release

repetitions=5 changes=1000 many=10000 plan=100000 files=2000 install=yes inner=no with_sqitch=yes arguments=(--inner)
while [ $# -gt 0 ]; do
  case $1 in
    --quick) repetitions=3 changes=100 many=1000 plan=10000; arguments+=("$1") ;;
    --repetitions) repetitions=${2:?--repetitions needs a number}; arguments+=("$1" "$2"); shift ;;
    --without-sqitch) with_sqitch=no; arguments+=("$1") ;;
    --no-install) install=no ;;
    --inner) inner=yes ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "run.sh: unknown option \"$1\" (see --help)" >&2; exit 2 ;;
  esac
  shift
done

# Once outside, to build; then again inside, beside the server.
if [ "$inner" = no ]; then
  if [ "$install" = yes ]; then third_party/install.sh build server test bench; fi
  { cmake --preset release && cmake --build --preset release --parallel "$(nproc)" --target pgpm bench_programs; } </dev/null >&2
  # In memory, if there is room: looking for free inodes after each DROP DATABASE takes a disk's file system longer, and
  # less evenly, than all that is measured here.
  if [ -w /dev/shm ] && [ "$(df --output=avail -k /dev/shm | tail -n 1)" -gt 4000000 ]; then export TMPDIR=/dev/shm; fi
  exec "$build/bench_server" "$0" "${arguments[@]}"
fi

work=$(mktemp -d)
# A working copy is on a disk, and its files are read there in another way than in memory.
on_disk=$(mktemp -d "$build/bench.XXXXXX")
trap 'rm -rf "$work" "$on_disk"' EXIT
export HOME=$work XDG_STATE_HOME=$work/state LC_ALL=C.UTF-8 TZ=UTC PGDATABASE=bench PGCLIENTENCODING=UTF8 SQITCH_CONFIG=$work/none
psql=$(dirname "$(readlink -f "$(command -v initdb || find /usr/lib/postgresql -name initdb | sort -V | tail -n 1)")")/psql
fresh="$psql -qX -d postgres -c 'DROP DATABASE IF EXISTS bench' -c 'CREATE DATABASE bench' >/dev/null 2>&1"

echo "Generating workspaces of $changes, $many and $plan changes." >&2
small=$work/small large=$on_disk/large
tests/bench/make_workspace.sh "$small" "$changes"
tests/bench/make_workspace.sh "$large" "$many"
tests/bench/make_workspace.sh "$work/plan" "$plan" plan-only

results=$work/results
measure() { "$build/bench_time" "$1" >>"$results"; }
line() { printf '%s\t%s\t%s\n' "$@"; }
pgpm="$build/pgpm"
deploy="$pgpm deploy --cwd $small --workspace --all -y -q"
at_home="$fresh; $pgpm migrate init -q --cwd $small >/dev/null"  # the ledger is made once in a database's life

echo "Deploying $changes changes, $repetitions times each way." >&2
{
  line floor "$fresh" "$build/bench_floor $small/deploy.sql"
  line psql "$fresh" "$psql -qX -1 -f $small/deploy.sql"
  line deploy "$at_home" "$deploy --tx run --no-verify"
  line floor_verified "$fresh" "$build/bench_floor $small/verified.sql"
  line psql_verified "$fresh" "$psql -qX -f $small/verified.sql"
  line deploy_verified "$at_home" "$deploy --tx run"
  line deploy_each "$at_home" "$deploy --tx change"
  line deploy_first "$fresh" "$deploy --tx run"
} | measure "$repetitions"

if [ $with_sqitch = yes ] && command -v sqitch >/dev/null; then
  echo "The same with Sqitch, once (it starts psql for every script)." >&2
  module=$small/packages/bench
  sed 's/^%uri=.*//' "$module/pgpm.plan" >"$module/sqitch.plan"
  printf '[core]\n\tengine = pg\n[user]\n\tname = Bench\n\temail = bench@example.com\n' >"$module/sqitch.conf"
  line sqitch "$fresh" "sqitch -C $module deploy --verify --db-client $psql --target db:pg:bench" | measure 1
fi

echo "Loading a session project of $files files of 4 kB, $((repetitions * 3)) times each way." >&2
tests/bench/make_session.sh "$work/session" "$files" 4096
{
  line session_copy "$fresh" "$psql -qX -f $work/session/copy.sql"
  line session_load "$fresh" "$pgpm session deploy $work/session/project -q"
} | measure "$((repetitions * 3))"

echo "Nothing to do at $many changes." >&2
sh -c "$fresh"
"$pgpm" deploy --cwd "$large" --workspace --all -y -q --tx change --no-verify </dev/null
sync -f "$on_disk"
line noop "" "$pgpm deploy --cwd $large --workspace --all -y -q" | measure "$((repetitions * 3))"

echo "Full cycles of 20 modules that require one more, $repetitions times each way." >&2
tests/bench/make_modules.sh "$work/modules" 20 10
cycle="$pgpm test-packages --cwd $work/modules --workspace --all --full-cycle -q --ephemeral"
{
  line cycle_1 "" "$cycle --jobs 1"
  line cycle_2 "" "$cycle --jobs 2"
} | measure "$repetitions"

# Three of them need PostGIS, and all an npm registry.
published=$work/published
mkdir "$published" && echo '{"packages": ["packages/*"]}' >"$published/pgpm.json"
if find /usr/share/postgresql -name postgis.control 2>/dev/null | grep -q . && command -v npm >/dev/null &&
  (cd "$published" && sh "$OLDPWD/tests/compat/fetch_published.sh") >/dev/null 2>&1; then
  echo "Full cycles of the published modules, $repetitions times each way." >&2
  "$pgpm" admin-users bootstrap --cwd "$published" --yes >/dev/null 2>&1
  sh -c "$fresh"
  modules=$("$pgpm" test-packages --cwd "$published" --workspace --all --format json 2>/dev/null |
    sed -n '/"selected"/,/\]/s/^ *"\([^"]*\)",\{0,1\}$/\1/p')
  tests/bench/by_hand.sh "$pgpm" "$published" "$work/by_hand" $modules
  for module in $modules; do
    printf '%s -qX -d postgres -c "DROP DATABASE IF EXISTS by_hand" -c "CREATE DATABASE by_hand"\n%s -qX -d by_hand -f %s\n' \
      "$psql" "$psql" "$work/by_hand/$module.sql"
  done >"$work/by_hand.sh"
  {
    line published "" "$pgpm test-packages --cwd $published --workspace --all --full-cycle -q"
    line published_psql "" "sh -e $work/by_hand.sh"
  } | measure "$repetitions"
fi

echo "Proving $changes changes, once." >&2
line prove "" "$pgpm prove --cwd $small --workspace --all --ephemeral -q" | measure 1

{
  line version "" "$pgpm --version"
  line libpq "" "$build/bench_libpq"
} | measure 51

echo "Reading a catalog of 5,000 objects." >&2
sh -c "$fresh"
"$psql" -qX -f tests/bench/five_thousand_objects.sql
line snapshot "" "$pgpm snapshot -q -o $work/snapshot.json" | measure "$((repetitions * 3))"

echo "2,000 managed objects: planned, and one of them changed; 20 views watched." >&2
tests/bench/make_objects.sh "$work/objects"
sh -c "$fresh"
declared="--cwd $work/objects --migrations-dir migrations --code-dir sql"
"$pgpm" objects apply $declared -q >/dev/null
body=$work/objects/sql/functions/f1_1.sql
{
  line objects_plan "" "$pgpm objects plan $declared -q"
  line objects_one "sed -i 's/+ a/+ a + 0/' $body" "$pgpm objects apply $declared -q"
} | measure "$((repetitions * 3))"
sh -c "$fresh"
mkdir -p "$work/watched"
for i in $(seq 20); do echo "CREATE VIEW v$i AS SELECT $i AS n;" >"$work/watched/v$i.sql"; done
"$pgpm" objects watch --cwd "$work" --code-dir watched >/dev/null 2>&1 &
watcher=$!
"$build/bench_watch" "$work/watched/one_more.sql" one_more 40 >>"$results"
kill -INT $watcher
wait $watcher || true

planned=$("$build/bench_resolve" "$work/plan" "$repetitions")
printf 'resolve\t%s\t0\n' "$(cut -f 2,3 <<<"$planned")" >>"$results"
[ "$(cut -f 1 <<<"$planned")" = "$plan" ]

commit=$(git describe --always --dirty 2>/dev/null || echo unknown)
server=$("$psql" -XAt -d postgres -c 'SHOW server_version')
echo
echo "pgpm $commit, release build; PostgreSQL $server, throwaway, fsync off; $(nproc) cores; $(date -u +%F); medians of $repetitions"
echo
awk -F '\t' -v changes="$changes" -v many="$many" -v plan="$plan" -v files="$files" '
  { time[$1] = $2; best[$1] = $3; peak[$1] = $4; all[$1] = $5 }
  # The median of the ratios of what ran right after each other: a machine that is slower for some seconds is slower for both.
  function paired(name, other,   n, m, a, b, i, j, ratio, ratios) {
    n = split(all[name], a, " "); m = split(all[other], b, " ")
    if (n == 0 || n != m) return time[name] / time[other]
    for (i = 1; i <= n; ++i) {
      ratio = a[i] / b[i]
      for (j = i; j > 1 && ratios[j - 1] > ratio; --j) ratios[j] = ratios[j - 1]
      ratios[j] = ratio
    }
    return ratios[int((n + 1) / 2)]
  }
  # The promise is held against that; the ratio of the shortest times is what a busy machine hides.
  function row(what, name, other, against, limit, unit,   ratio, value) {
    if (!(name in time) || (other != "" && !(other in time))) return
    ratio = other == "" ? 0 : paired(name, other)
    value = other == "" ? time[name] : ratio
    printf "%-45s %9.1f ms  %7s  %7s  %-34s %-11s %s\n", what, time[name], other == "" ? "" : sprintf("%.2f x", ratio),
           other == "" ? "" : sprintf("%.2f x", best[name] / best[other]),
           other == "" ? "" : sprintf("%s %.1f ms", against, time[other]),
           limit == 0 ? "" : sprintf("<= %s %s", limit, unit), limit == 0 ? "" : value <= limit ? "yes" : "NO"
  }
  END {
    printf "%-45s %12s  %7s  %7s  %-34s %-11s %s\n", "what", "time", "ratio", "at best", "against", "promised", "kept"
    row(changes " changes, one transaction", "deploy", "floor", "one message", 1.15, "x")
    row(changes " changes, one transaction", "deploy", "psql", "psql -1 -f", 1, "x")
    row(changes " changes, verified", "deploy_verified", "floor_verified", "one message", 1.15, "x")
    row(changes " changes, verified", "deploy_verified", "psql_verified", "psql -f", 1, "x")
    row(changes " changes, verified, new ledger", "deploy_first", "floor_verified", "one message", 0)
    row(changes " changes, verified, a commit each", "deploy_each", "deploy_verified", "one transaction", 0)
    row(changes " changes, verified", "deploy_verified", "sqitch", "sqitch deploy --verify", 0.125, "x")
    row(files " files of 4 kB, in a session", "session_load", "session_copy", "one COPY of the same by psql", 1.5, "x")
    row(many " changes, nothing to do", "noop", "", "", 100, "ms")
    row("prove " changes " changes", "prove", "", "", changes * 60, "ms")
    row("--version", "version", "libpq", "a program linking libpq", 2, "x")
    row(plan " planned changes read and ordered", "resolve", "", "", 250, "ms")
    row("snapshot of 5,000 objects", "snapshot", "", "", 300, "ms")
    row("plan over 2,000 objects, nothing changed", "objects_plan", "", "", 300, "ms")
    row("one function of 2,000 objects applied", "objects_one", "", "", 150, "ms")
    row("saved to applied while watched, p95, 20 views", "watch", "", "", 150, "ms")
    row("full cycles of the published modules", "published", "published_psql", "psql, catalogs not compared", 0)
    row("full cycles of 20 modules, --jobs 2", "cycle_2", "cycle_1", "--jobs 1", 1, "x")
    printf "\npeak memory: %d changes deployed %.1f MB (psql %.1f MB), nothing to do at %d %.1f MB, --version %.1f MB\n",
           changes, peak["deploy_verified"] / 1024, peak["psql_verified"] / 1024, many, peak["noop"] / 1024, peak["version"] / 1024
    if (!("sqitch" in time)) print "Sqitch was left out."
  }' "$results"
