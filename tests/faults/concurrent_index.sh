#!/usr/bin/env bash
# CREATE INDEX CONCURRENTLY on ROWS rows under pgpm: killed (client or server process, in turns) at KILLS random moments,
# one rerun each must end with exactly one valid index; and how much longer it takes while WAITERS other deployers wait for
# the run lock. Fails if an index is missing, invalid or there twice, or if their waiting costs more than a tenth. Also
# measured: that many deployers, and that many psql with one question each, who start while the index is being built.
#
#   tests/faults/concurrent_index.sh [PGPM]        ROWS=1000000 KILLS=20 WAITERS=5 ROUNDS=5
#
# Starts a private server of its own (pgpm local) and removes it.
set -euo pipefail

pgpm=$(realpath "${1:-build/release/pgpm}")
rows=${ROWS:-1000000} kills=${KILLS:-20} waiters=${WAITERS:-5} rounds=${ROUNDS:-5}
. "$(dirname "$0")/own_server.sh"
cd "$work"

# A module with the index, whose change may have another before it.
make_module() {
  mkdir -p "$1/deploy" "$1/revert"
  printf '%%syntax-version=1.0.0\n%%project=%s\n\n' "$1" > "$1/pgpm.plan"
  local change
  for change in "${@:2}" i; do echo "$change 2024-01-15T10:00:00Z T <t@example.com>" >> "$1/pgpm.plan"; done
  printf "default_version = '0.0.1'\n" > "$1/$1.control"
  echo 'CREATE INDEX CONCURRENTLY big_text ON big (md5(id::text));' > "$1/deploy/i.sql"
  echo 'DROP INDEX CONCURRENTLY big_text;' > "$1/revert/i.sql"
}
make_module killed
make_module watched gate
# Holds the run, and thereby the others, until there is a row in opened.
cat > watched/deploy/gate.sql <<'SQL'
DO $$
BEGIN
  WHILE NOT EXISTS (SELECT FROM opened) LOOP
    PERFORM pg_sleep(0.02);
  END LOOP;
END
$$;
SQL
echo 'TRUNCATE opened;' > watched/revert/gate.sql
psql -Xqc 'CREATE TABLE opened (at timestamptz)' -c "CREATE TABLE big AS SELECT i AS id FROM generate_series(1, $rows) i" \
  -c 'VACUUM ANALYZE big' -c CHECKPOINT

indexes() { psql -XAtc "SELECT count(*) FILTER (WHERE indisvalid) || ' ' || count(*) FROM pg_index WHERE indrelid = 'big'::regclass"; }

milliseconds() { echo $(($(date +%s%N) / 1000000)); }
deploy() { "$pgpm" deploy --cwd killed --lock-wait 10min > out 2>&1; }
revert() { "$pgpm" revert --cwd "$1" --all --yes > /dev/null 2>&1; }

begin=$(milliseconds)
deploy
typical=$(($(milliseconds) - begin))
revert killed
wrong=0
for i in $(seq "$kills"); do
  pause=$((RANDOM * typical / 32768))
  "$pgpm" deploy --cwd killed > victim 2>&1 & victim=$!
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
  revert killed
done

# Waits until a file says something, a minute at most.
until_said() {
  local i
  for i in $(seq 6000); do
    if grep -qs "$1" "$2"; then return; fi
    sleep 0.01
  done
  echo "$2 does not say $1:" >&2
  cat "$2" >&2
  exit 1
}
# Prints how many milliseconds the index takes, by the deployer's own watch, with WAITERS others: none, waiting (for the run
# lock, before it begins), arriving (the same, while it is being built) or asking (psql, the same).
build() {
  local first others=() w
  "$pgpm" deploy --cwd watched --format jsonl > first 2>&1 & first=$!
  until_said '"change_started".*"gate"' first
  if [ "$1" = waiting ]; then
    for w in $(seq "$waiters"); do wait_for_lock "$w"; done
    for w in $(seq "$waiters"); do until_said waiting "other$w"; done
  fi
  psql -Xqc 'INSERT INTO opened VALUES (now())'
  if [ "$1" = arriving ] || [ "$1" = asking ]; then
    until_said '"change_started".*"i"' first
    sleep 0.2
    for w in $(seq "$waiters"); do
      if [ "$1" = arriving ]; then wait_for_lock "$w"; else ask "$w"; fi
    done
  fi
  # Of a failed deploy, or beside a failed other, no time counts.
  local process
  for process in $first "${others[@]}"; do
    wait "$process" || { tail -n 20 first other* >&2 2>/dev/null; exit 1; }
  done
  sed -n 's/.*"change_finished".*"change":"i".*"duration_ms":\([0-9]*\).*/\1/p' first
  revert watched
}
wait_for_lock() {
  "$pgpm" deploy --cwd watched --lock-wait 10min > "other$1" 2>&1 & others+=($!)
}
ask() {
  psql -Xqc 'SELECT 1' > "other$1" 2>&1 & others+=($!)
}

declare -A times
for i in $(seq "$rounds"); do
  for others in none waiting arriving asking; do
    took=$(build $others)
    times[$others]+="$took "
  done
done
median() { printf '%s\n' ${times[$1]} | sort -n | sed -n "$(((rounds + 1) / 2))p"; }
ratio() { awk -v a="$(median none)" -v b="$(median "$1")" 'BEGIN { printf "%.3f", b / a }'; }
echo "$kills kills, $wrong wrong"
echo "build alone $(median none) ms, with $waiters waiting deployers $(median waiting) ms: $(ratio waiting) x (<= 1.10)"
echo "$waiters deployers who start while it is built: $(ratio arriving) x; $waiters psql who ask one question: $(ratio asking) x"
[ "$wrong" = 0 ] && awk -v r="$(ratio waiting)" 'BEGIN { exit !(r <= 1.10) }'
