#!/usr/bin/env bash
# Memory and time for what is far too big: scripts of 200 MB, a plan of a million changes. Ends with 1 if a script of
# statements or COPY data takes more than 64 MB above its own size.
#
#   tests/bench/memory.sh [PGPM]      build/release/pgpm unless named; needs python3 and GNU time
set -euo pipefail
pgpm=$(realpath "${1:-$(dirname "${BASH_SOURCE[0]}")/../../build/release/pgpm}")
. "$(dirname "${BASH_SOURCE[0]}")/../faults/own_server.sh"
command -v time >/dev/null || { echo "memory.sh: GNU time is not installed" >&2; exit 2; }

mkdir -p "$work"/m/{deploy,revert,verify} && cd "$work/m"
printf '%%syntax-version=1.0.0\n%%project=m\n\nbig 2024-01-15T10:00:00Z T <t@example.com>\n' >pgpm.plan
echo "default_version = '1'" >m.control
echo 'DROP TABLE big' >revert/big.sql
echo 'SELECT FROM big' >verify/big.sql

write_script() { # KIND
  python3 - "$1" >deploy/big.sql <<'PYTHON'
import sys
kind, size, out = sys.argv[1], 200 << 20, sys.stdout
out.write("CREATE TABLE big (a text);\n")
def rows(row, size=size):
    for _ in range(size // len(row)): out.write(row)
if kind == "statements": rows("INSERT INTO big VALUES ('" + "x" * 9950 + "');\n")
if kind == "copy":
    out.write("COPY big FROM STDIN;\n"); rows("x" * 9950 + "\n"); out.write("\\.\n")
if kind == "literal":
    out.write("INSERT INTO big VALUES ('"); rows("x" * (1 << 20)); out.write("');\n")
if kind == "comments": rows("-- " + "x" * 80 + "\n")
PYTHON
}

measured() { # NAME COMMAND...: the line "NAME megabytes seconds"
  local name=$1
  shift
  env time -f '%M %e' -o "$work/measured" "$@" >/dev/null
  read -r kilobytes seconds <"$work/measured"
  printf '  %-28s %5d MB %8s s\n' "$name" $((kilobytes / 1024)) "$seconds"
}

status=0
for kind in statements copy literal comments; do
  write_script $kind
  measured "200 MB of $kind" "$pgpm" deploy -y -q
  case $kind in statements | copy) [ $((kilobytes / 1024)) -le 264 ] || status=1 ;; esac
  measured "  deployed already" "$pgpm" deploy -y -q
  "$pgpm" revert --all -y -q
done

python3 - >pgpm.plan <<'PYTHON'
print("%syntax-version=1.0.0\n%project=m\n")
for i in range(1000000): print(f"c{i} 2024-01-15T10:00:00Z T <t@example.com>")
PYTHON
measured "plan of a million, status" "$pgpm" status -q
measured "  deps of its last change" "$pgpm" migrate deps c999999
measured "  one more change" "$pgpm" add last
exit "$status"
