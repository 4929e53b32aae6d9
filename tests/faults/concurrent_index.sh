#!/usr/bin/env bash
# CREATE INDEX CONCURRENTLY on ROWS rows under pgpm: killed (client or server process, in turns) at KILLS random moments,
# one rerun each must end with exactly one valid index; and what WAITERS other deployers, who wait for the run lock, add
# to the time it takes. Fails if an index is missing, invalid or there twice, or if waiting costs more than a tenth.
#
#   tests/faults/concurrent_index.sh [PGPM]        ROWS=1000000 KILLS=20 WAITERS=5 ROUNDS=5
#
# Starts a private server of its own (pgpm local) and removes it.
set -euo pipefail

pgpm=$(realpath "${1:-build/release/pgpm}")
rows=${ROWS:-1000000} kills=${KILLS:-20} waiters=${WAITERS:-5} rounds=${ROUNDS:-5}
. "$(dirname "$0")/own_server.sh"
cd "$work"

mkdir -p m/deploy m/revert
cd m
printf '%%syntax-version=1.0.0\n%%project=m\n%%uri=m\n\ni 2024-01-15T10:00:00Z T <t@example.com>\n' > pgpm.plan
printf "comment = 'm'\ndefault_version = '0.0.1'\n" > m.control
echo 'CREATE INDEX CONCURRENTLY big_text ON big (md5(id::text));' > deploy/i.sql
echo 'DROP INDEX CONCURRENTLY big_text;' > revert/i.sql
psql -Xqc "CREATE TABLE big AS SELECT i AS id FROM generate_series(1, $rows) i" -c 'VACUUM ANALYZE big' -c CHECKPOINT

milliseconds() { echo $(($(date +%s%N) / 1000000)); }
deploy() { "$pgpm" deploy --lock-wait 10min > out 2>&1; }
# Deploys the index, with so many other deployers that come once it is being built, and prints how long that took.
build() {
  local begin first others=()
  begin=$(milliseconds)
  "$pgpm" deploy > first 2>&1 & first=$!
  until [ "$(psql -XAtc "SELECT count(*) FROM pg_stat_progress_create_index")" = 1 ]; do sleep 0.01; done
  for w in $(seq "$1"); do "$pgpm" deploy --lock-wait 10min > "waiter$w" 2>&1 & others+=($!); done
  wait $first
  echo $(($(milliseconds) - begin))
  wait "${others[@]}"
  "$pgpm" revert --yes > /dev/null 2>&1
}
indexes() { psql -XAtc "SELECT count(*) FILTER (WHERE indisvalid) || ' ' || count(*) FROM pg_index WHERE indrelid = 'big'::regclass"; }

typical=$(build 0)
wrong=0
for i in $(seq "$kills"); do
  pause=$((RANDOM * typical / 32768))
  "$pgpm" deploy > killed 2>&1 & victim=$!
  sleep "$(printf '%d.%03d' $((pause / 1000)) $((pause % 1000)))"
  if [ $((i % 2)) = 0 ]; then
    kill -KILL $victim 2>/dev/null || true
  else
    psql -XAtqc "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pgpm deploy'" > /dev/null
  fi
  wait $victim 2>/dev/null || true
  left=$(indexes)
  deploy || { echo "the rerun failed:"; cat out; wrong=$((wrong + 1)); }
  now=$(indexes)
  echo "killed after $pause ms ($([ $((i % 2)) = 0 ] && echo client || echo backend)): valid and all indexes $left, after the rerun $now"
  [ "$now" = "1 1" ] || wrong=$((wrong + 1))
  "$pgpm" revert --yes > /dev/null 2>&1
done

median() { sort -n | sed -n "$(((rounds + 1) / 2))p"; }
alone=() crowded=()
for i in $(seq "$rounds"); do
  alone+=("$(build 0)")
  crowded+=("$(build "$waiters")")
done
a=$(printf '%s\n' "${alone[@]}" | median) c=$(printf '%s\n' "${crowded[@]}" | median)
ratio=$(awk -v a="$a" -v c="$c" 'BEGIN { printf "%.3f", c / a }')
echo "$kills kills, $wrong wrong"
echo "build alone $a ms, with $waiters waiting deployers $c ms: $ratio x (<= 1.10)"
[ "$wrong" = 0 ] && awk -v r="$ratio" 'BEGIN { exit !(r <= 1.10) }'
