#!/usr/bin/env bash
# Measures what a round trip of DELAY_MS costs 1,000 changes with verify scripts: each verb beside the server and through
# fault_proxy, and psql -1 -f over the same link. Fails if a verb takes longer than promised: deploy and revert in one
# transaction 1.5 times the local time + 0.5 s, a transaction each 3 s above it, verify 1.5 times + 0.5 s, and a deploy
# less than a fifth of psql's time.
#
#   tests/faults/slow_link.sh [BUILD_DIR]        DELAY_MS=20 CHANGES=1000
#
# Beside a throwaway server, in memory if there is room: a disk that is busy with what was measured before would be
# measured too.
set -euo pipefail

build=$(realpath "${1:-build/release}")
if [ "${2:-}" != --inner ]; then
  if [ -w /dev/shm ] && [ "$(df --output=avail -k /dev/shm | tail -n 1)" -gt 2000000 ]; then export TMPDIR=/dev/shm; fi
  exec "$build/bench_server" "$0" "$build" --inner
fi
pgpm=$build/pgpm
delay=${DELAY_MS:-20} changes=${CHANGES:-1000}
make_workspace=$(realpath "$(dirname "$0")/../bench/make_workspace.sh")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME=$work XDG_STATE_HOME=$work/state PGDATABASE=postgres
cd "$work"
"$make_workspace" "$work/ws" "$changes"
sed '/^SAVEPOINT v;$/,/^ROLLBACK TO/d' ws/verified.sql > plain.sql
bin=$(psql -XAtc 'SELECT setting FROM pg_config WHERE name = $$BINDIR$$')
PATH=$bin:$PATH

"$build/fault_proxy" --server "$PGHOST:${PGPORT:-5432}" --delay "$delay" > proxy.txt & proxy=$!
trap 'kill $proxy 2>/dev/null || true; rm -rf "$work"' EXIT
until [ -s proxy.txt ]; do sleep 0.02; done
port=$(sed 's/^port //' proxy.txt)

run() { # NAME PLACE COMMAND...: its time in ms
  local name=$1 place=$2 began; shift 2
  began=$(date +%s%N)
  if [ "$place" = slow ]; then PGHOST=127.0.0.1 PGPORT=$port "$@"; else "$@"; fi > out.txt 2>&1 || { cat out.txt; exit 1; }
  echo "$name $place $((($(date +%s%N) - began) / 1000000))" >> times
}
fresh() { psql -Xqc 'SET client_min_messages = error' -c 'DROP DATABASE IF EXISTS link' -c 'CREATE DATABASE link'; }
for place in local slow; do
  for scope in module change; do
    fresh
    export PGDATABASE=link
    "$pgpm" migrate init -q --cwd ws > out.txt
    run "deploy-$scope" $place "$pgpm" deploy --cwd ws --workspace --all -y -q --tx $scope
    [ $scope = change ] || run verify $place "$pgpm" verify --cwd ws --workspace --all -q
    run "revert-$scope" $place "$pgpm" revert --cwd ws --workspace --all -y -q --tx $scope
    export PGDATABASE=postgres
  done
done
fresh
PGDATABASE=link run psql slow psql -qX -1 -f plain.sql

awk -v delay="$delay" -v changes="$changes" '
  { time[$1, $2] = $3 / 1000 }
  function row(what, name, factor, extra,   limit, kept) {
    limit = factor * time[name, "local"] + extra
    kept = time[name, "slow"] <= limit
    bad += !kept
    printf "%-22s %7.2f s %7.2f s   <= %.2f s %s\n", what, time[name, "local"], time[name, "slow"], limit, kept ? "yes" : "NO"
  }
  END {
    printf "%d changes        %12s %8.0f ms   promised\n", changes, "local", delay
    row("deploy --tx module", "deploy-module", 1.5, 0.5)
    row("deploy --tx change", "deploy-change", 1, 3)
    row("verify", "verify", 1.5, 0.5)
    row("revert --tx module", "revert-module", 1.5, 0.5)
    row("revert --tx change", "revert-change", 1, 3)
    faster = time["psql", "slow"] / time["deploy-module", "slow"]
    bad += faster < 5
    printf "%-22s %9s %7.2f s   >= 5 x slower than deploy: %.1f x %s\n", "psql -1 -f", "", time["psql", "slow"], faster, faster < 5 ? "NO" : "yes"
    exit bad > 0
  }' times
