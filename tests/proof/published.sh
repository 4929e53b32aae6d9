#!/bin/sh
# Fetches the published modules into a folder that goes away again and mutates their revert scripts:
#   published.sh PROGRAM [FOLDER]     the program built from published_mutations.cc; a folder that has them already
# Ends with 77 (skipped) where no npm registry answers or the server has no PostGIS, which some of them require.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$1
find /usr/share/postgresql -name postgis.control 2>/dev/null | grep -q . || { echo "skipped: no PostGIS"; exit 77; }
if [ $# -gt 1 ]; then exec "$program" "$2" "$here"; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"packages": ["extensions/@pgpm/*"]}' >pgpm.json
command -v npm >/dev/null || { echo "skipped: no npm"; exit 77; }
sh "$here/../compat/fetch_published.sh" >/dev/null 2>&1 || { echo "skipped: no npm registry answers"; exit 77; }
"$program" "$work" "$here"
