#!/usr/bin/env bash
# Measures what a deploy that has to wait for a lock does to an application: 20 writers at a fixed rate, a reader that
# holds ACCESS SHARE for READER_SECONDS, and an ALTER TABLE with --lock-timeout. Then RUNS short ones, to see whether the
# blocker is named each time. Fails if a writer stalls for longer than lock_timeout + 100 ms, if the deploy ends later
# than 2 s after the reader, or if one run does not name the blocker.
#
#   tests/faults/locks.sh [PGPM]        READER_SECONDS=20 RUNS=50 LOCK_TIMEOUT_MS=200 RATE=400
#
# Starts a private server of its own (pgpm local) and removes it.
set -euo pipefail

pgpm=$(realpath "${1:-build/release/pgpm}")
reader_seconds=${READER_SECONDS:-20} runs=${RUNS:-50} limit=${LOCK_TIMEOUT_MS:-200} rate=${RATE:-400}
. "$(dirname "$0")/own_server.sh"
cd "$work"
bin=$(psql -XAtc 'SELECT setting FROM pg_config WHERE name = $$BINDIR$$')
PATH=$bin:$PATH

now() { date +%s.%N; }
psql -Xqc 'CREATE TABLE busy (id int PRIMARY KEY, n int); INSERT INTO busy SELECT i, 0 FROM generate_series(1, 1000) i;'
echo '\set id random(1, 1000)
UPDATE busy SET n = n + 1 WHERE id = :id;' > write.sql

workspace() {
  mkdir -p "$1/deploy" "$1/revert" "$1/verify"
  printf '%%syntax-version=1.0.0\n%%project=%s\n%%uri=%s\n\nalter 2024-01-15T10:00:00Z T <t@example.com>\n' "$1" "$1" > "$1/pgpm.plan"
  printf "comment = '%s'\ndefault_version = '0.0.1'\n" "$1" > "$1/$1.control"
  echo "ALTER TABLE busy ADD $1 int;" > "$1/deploy/alter.sql"
  echo "ALTER TABLE busy DROP $1;" > "$1/revert/alter.sql"
  echo "SELECT $1 FROM busy LIMIT 0;" > "$1/verify/alter.sql"
}
# Holds the lock for so many seconds; its pid is in reader.pid, the time of its end in reader.end.
reader() {
  psql -XAtq -c 'SELECT pg_backend_pid()' -c 'BEGIN' -c 'SELECT count(*) FROM busy' -c "SELECT pg_sleep($1)" -c COMMIT |
    { head -n 1 > reader.pid.new; mv reader.pid.new reader.pid; cat > /dev/null; }
  now > reader.end
}
await_reader() { until [ -s reader.pid ] && [ "$(psql -XAtc "SELECT count(*) FROM pg_locks WHERE pid = $(cat reader.pid) AND relation = 'busy'::regclass")" = 1 ]; do sleep 0.02; done; }

workspace one
pgbench -n -f write.sql -c 20 -j 2 -R "$rate" -T $((reader_seconds + 8)) -l --log-prefix=writers postgres > pgbench.txt 2>&1 &
writers=$!
sleep 2
reader "$reader_seconds" & held=$!
await_reader
(cd one && "$pgpm" deploy --lock-timeout "${limit}ms" --retry-for 5min --format json) > one.json 2> one.err
ended=$(now)
wait $held
wait $writers
# Column 3 is the time from when the transaction was due to its end, in microseconds; -R counts the wait to begin.
stall=$(cat writers.* | awk '{ if ($3 > most) most = $3 } END { printf "%d", most / 1000 }')
transactions=$(cat writers.* | wc -l)
late=$(awk -v a="$ended" -v b="$(cat reader.end)" 'BEGIN { printf "%.2f", a - b }')
misses=$(grep -c '"attempt"' one.json)
named=$(grep -c "\"pid\": $(cat reader.pid)," one.json || true)

missing=0
for i in $(seq "$runs"); do
  workspace "run$i"
  rm -f reader.pid
  reader 1 & held=$!
  await_reader
  (cd "run$i" && "$pgpm" deploy --lock-timeout "${limit}ms") > /dev/null 2> "run$i.err"
  grep -q "pid $(cat reader.pid)," "run$i.err" || missing=$((missing + 1))
  wait $held
done

echo "lock_timeout ${limit} ms, $transactions writes at $rate/s, reader ${reader_seconds} s, $misses misses, blocker named in $named of them"
echo "longest stall of a writer ${stall} ms (<= $((limit + 100)))"
echo "deploy ended ${late} s after the reader (<= 2)"
echo "blocker's pid in the output of $((runs - missing)) of $runs runs"
[ "$stall" -le $((limit + 100)) ] && awk -v l="$late" 'BEGIN { exit !(l <= 2) }' && [ "$missing" = 0 ]
