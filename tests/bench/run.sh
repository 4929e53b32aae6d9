#!/usr/bin/env bash
# Measures pgpm side by side with what it can be compared to, on the release build and a throwaway server, and prints one
# table of ratios. Nothing here fails for being slow: the last column says what was promised.
#
#   tests/bench/run.sh [--quick] [--repetitions N] [--no-install]
#
# --quick: 100 and 1,000 changes instead of 1,000 and 10,000, to see that it works.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
build=$PWD/build/release

repetitions=5 changes=1000 many=10000 plan=100000 install=yes inner=no
while [ $# -gt 0 ]; do
  case $1 in
    --quick) repetitions=3 changes=100 many=1000 plan=10000 ;;
    --repetitions) repetitions=${2:?--repetitions needs a number}; shift ;;
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
  arguments=(--inner --repetitions "$repetitions")
  if [ "$changes" = 100 ]; then arguments=(--inner --quick); fi
  exec "$build/bench_server" "$0" "${arguments[@]}"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work XDG_STATE_HOME=$work/state LC_ALL=C.UTF-8 TZ=UTC PGDATABASE=bench PGCLIENTENCODING=UTF8 SQITCH_CONFIG=$work/none
psql=$(dirname "$(readlink -f "$(command -v initdb || find /usr/lib/postgresql -name initdb | sort -V | tail -n 1)")")/psql
fresh="$psql -qX -d postgres -c 'DROP DATABASE IF EXISTS bench' -c 'CREATE DATABASE bench' >/dev/null 2>&1"

echo "Generating workspaces of $changes, $many and $plan changes." >&2
small=$work/small large=$work/large
tests/bench/make_workspace.sh "$small" "$changes"
tests/bench/make_workspace.sh "$large" "$many"
tests/bench/make_workspace.sh "$work/plan" "$plan" plan-only

results=$work/results
measure() { "$build/bench_time" "$1" >>"$results"; }
line() { printf '%s\t%s\t%s\n' "$@"; }
pgpm="$build/pgpm"
deploy="$pgpm deploy --cwd $small --workspace --all -y -q"

echo "Deploying $changes changes, $repetitions times each way." >&2
{
  line floor "$fresh" "$build/bench_floor $small/deploy.sql"
  line psql "$fresh" "$psql -qX -1 -f $small/deploy.sql"
  line deploy "$fresh" "$deploy --tx run --no-verify"
  line floor_verified "$fresh" "$build/bench_floor $small/verified.sql"
  line psql_verified "$fresh" "$psql -qX -1 -f $small/verified.sql"
  line deploy_verified "$fresh" "$deploy --tx run"
  line deploy_each "$fresh" "$deploy --tx change"
} | measure "$repetitions"

if command -v sqitch >/dev/null; then
  echo "The same with Sqitch, once (it starts psql for every script)." >&2
  module=$small/packages/bench
  sed 's/^%uri=.*//' "$module/pgpm.plan" >"$module/sqitch.plan"
  printf '[core]\n\tengine = pg\n[user]\n\tname = Bench\n\temail = bench@example.com\n' >"$module/sqitch.conf"
  line sqitch "$fresh" "sqitch -C $module deploy --verify --db-client $psql --target db:pg:bench" | measure 1
fi

echo "Nothing to do at $many changes." >&2
sh -c "$fresh"
"$pgpm" deploy --cwd "$large" --workspace --all -y -q --tx change --no-verify </dev/null
line noop "" "$pgpm deploy --cwd $large --workspace --all -y -q" | measure "$((repetitions * 3))"

{
  line version "" "$pgpm --version"
  line libpq "" "$build/bench_libpq"
} | measure 51

planned=$("$build/bench_resolve" "$work/plan" "$repetitions")
printf 'resolve\t%s\t0\n' "$(cut -f 2 <<<"$planned")" >>"$results"
[ "$(cut -f 1 <<<"$planned")" = "$plan" ]

commit=$(git describe --always --dirty 2>/dev/null || echo unknown)
server=$("$psql" -XAt -d postgres -c 'SHOW server_version')
echo
echo "pgpm $commit, release build; PostgreSQL $server, throwaway, fsync off; $(nproc) cores; $(date -u +%F); medians of $repetitions"
echo
awk -F '\t' -v changes="$changes" -v many="$many" -v plan="$plan" '
  { time[$1] = $2; peak[$1] = $3 }
  function row(what, name, other, against, wanted, ok,   ratio) {
    if (!(name in time) || (other != "" && !(other in time))) return
    ratio = other == "" ? "" : sprintf("%.2f x", time[name] / time[other])
    printf "%-44s %9.1f ms  %8s  %-32s %-12s %s\n", what, time[name], ratio,
           other == "" ? against : sprintf("%s %.1f ms", against, time[other]), wanted,
           wanted == "" ? "" : ok ? "yes" : "NO"
  }
  function ratio(a, b) { return (b in time) && time[b] > 0 ? time[a] / time[b] : 0 }
  END {
    printf "%-44s %12s  %8s  %-32s %-12s %s\n", "what", "time", "ratio", "against", "promised", "kept"
    row(changes " changes, one transaction", "deploy", "floor", "one message", "<= 1.15 x", ratio("deploy", "floor") <= 1.15)
    row(changes " changes, one transaction", "deploy", "psql", "psql -1 -f", "< 1 x", ratio("deploy", "psql") < 1)
    row(changes " changes, verified", "deploy_verified", "floor_verified", "one message", "<= 1.15 x", ratio("deploy_verified", "floor_verified") <= 1.15)
    row(changes " changes, verified", "deploy_verified", "psql_verified", "psql -1 -f", "< 1 x", ratio("deploy_verified", "psql_verified") < 1)
    row(changes " changes, verified, a commit each", "deploy_each", "deploy_verified", "one transaction", "", 0)
    row(changes " changes, verified", "deploy_verified", "sqitch", "sqitch deploy --verify", "<= 1/8 x", ratio("deploy_verified", "sqitch") <= 0.125)
    row(many " changes, nothing to do", "noop", "", "", "<= 100 ms", time["noop"] <= 100)
    row("--version", "version", "libpq", "a program linking libpq", "<= 2 x", ratio("version", "libpq") <= 2)
    row(plan " planned changes read and ordered", "resolve", "", "", "<= 250 ms", time["resolve"] <= 250)
    printf "\npeak memory: %d changes deployed %.1f MB (psql %.1f MB), nothing to do at %d %.1f MB, --version %.1f MB\n",
           changes, peak["deploy_verified"] / 1024, peak["psql_verified"] / 1024, many, peak["noop"] / 1024, peak["version"] / 1024
    if (!("sqitch" in time)) print "Sqitch is not installed: left out."
  }' "$results"
