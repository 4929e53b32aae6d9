#!/usr/bin/env bash
# Installs what pgpm is built and tested with, from Debian's own archive, and says why.
#
#   third_party/install.sh [GROUP...]     build server test (the default) | bench | pooler | postgis | pgtap | plpgsql_check | tools
#   third_party/install.sh --list         the table below
#   third_party/install.sh --missing ...  what would be installed; exit 1 if anything would be
#
# What is there already is left alone, and then nothing is asked of the network. Needs root, or sudo. No system database
# cluster is created or started: pgpm and its tests run servers of their own.
set -euo pipefail

# group | package | why | there already if this holds (default: the package is installed)
table() {
  cat <<'TABLE'
build   | g++                          | compiles C++20 (12 or newer)                            | compiler_works
build   | cmake                        | configures the build (3.25 or newer)                    |
build   | ninja-build                  | runs the build                                          |
build   | libboost-dev                 | Boost.Graph: dependency graphs (headers only)           |
build   | libboost-program-options-dev | command line options                                    |
build   | libfmt-dev                   | text formatting                                         |
build   | nlohmann-json3-dev           | JSON files in, JSON output                              |
build   | libarchive-dev               | tar files: packaged modules in and out                  |
build   | libpugixml-dev               | XML in and out: metadata, drawings, reports             |
build   | libyaml-cpp-dev              | pgmi.yaml of session projects                           |
build   | libpg-query-dev              | PostgreSQL's own grammar: what statements define, name  |
build   | liburing-dev                 | many small files read by one system call                |
build   | libpq-dev                    | talks to PostgreSQL                                     |
build   | libssl-dev                   | SHA digests of scripts                                  |
build   | libtomlplusplus-dev          | pgmg.toml                                               |
server  | postgresql                   | initdb, postgres, psql for private servers              | server_there
test    | catch2                       | test framework                                          |
test    | librapidcheck-dev            | random sequences against a model, shrunk when they fail |
test    | git                          | the commit a run was made from, and who plans           |
test    | libxml2-utils                | xmllint: another's reading of JUnit reports             |
test    | perl                         | prove: another's reading of TAP                         |
test    | python3-jsonschema           | another's reading of JSON reports, against our schemas  |
bench   | sqitch                       | the tool the benchmarks compare with                    |
bench   | libdbd-pg-perl               | Sqitch's way to PostgreSQL                              |
pooler  | pgbouncer                    | the tests of connections through a pooler                | pgbouncer_there
postgis | postgis-for-server           | three of the published modules deployed by a test use it | postgis_there
pgtap   | pgtap-for-server             | tests of `pgpm test` with TAP-producing tests need it     | pgtap_there
plpgsql_check | plpgsql-check-for-server | a test of `pgpm objects --check-plpgsql` needs it | plpgsql_check_there
tools   | ccache                       | builds again in seconds                                 |
tools   | mold                         | links faster                                            |
tools   | clang-format                 | keeps the style (.clang-format)                         |
tools   | clang-tidy                   | the tidy preset                                         |
TABLE
}

installed() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }
compiler_works() { installed g++ || command -v c++ >/dev/null; }
server_bin_dir() { find /usr/lib/postgresql -path "*/bin/initdb" 2>/dev/null | sort -V | tail -n 1; }
server_there() { command -v initdb >/dev/null || [ -n "$(server_bin_dir)" ]; }
server_version() {
  local found
  found=$(server_bin_dir | sed -E 's#.*/postgresql/([0-9]+)/.*#\1#')
  [ -n "$found" ] || found=$(apt-cache depends postgresql | sed -nE 's/.*Depends: postgresql-([0-9]+)$/\1/p')
  echo "${found:-15}"
}
pgbouncer_there() { [ -x /usr/sbin/pgbouncer ]; }
postgis_there() { installed "$(real_name postgis-for-server)"; }

pgtap_there() { installed "$(real_name pgtap-for-server)"; }
plpgsql_check_there() { installed "$(real_name plpgsql-check-for-server)"; }

# The packages whose names depend on the server's version.
real_name() {
  case $1 in
    postgis-for-server) echo "postgresql-$(server_version)-postgis-3" ;;
    pgtap-for-server) echo "postgresql-$(server_version)-pgtap" ;;
    plpgsql-check-for-server) echo "postgresql-$(server_version)-plpgsql-check" ;;
    *) echo "$1" ;;
  esac
}

trim() { sed -E 's/^ +//; s/ +$//' <<<"$1"; }

# Fills packages and reasons with what is missing of the groups named.
packages=() reasons=()
find_missing() {
  local group package why test
  while IFS='|' read -r group package why test; do
    group=$(trim "$group") package=$(trim "$package") why=$(trim "$why") test=$(trim "$test")
    [[ " $* " == *" $group "* ]] || continue
    if [ -n "$test" ]; then "$test" && continue; else installed "$package" && continue; fi
    packages+=("$(real_name "$package")")
    reasons+=("$why")
  done < <(table)
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# While the server package is set up, its scripts find that no cluster is wanted and no service may start. Both notes
# are taken away again, so that the machine's own defaults hold afterwards.
cluster_note=/etc/postgresql-common/createcluster.d/zz-pgpm-install.conf
service_note=/usr/sbin/policy-rc.d
notes_up=no service_note_is_ours=no
put_up_notes() {
  notes_up=yes
  as_root mkdir -p "${cluster_note%/*}"
  echo 'create_main_cluster = false' | as_root tee "$cluster_note" >/dev/null
  if [ ! -e "$service_note" ]; then
    service_note_is_ours=yes
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$service_note" >/dev/null
    as_root chmod 755 "$service_note"
  fi
}
take_down_notes() {
  if [ "$notes_up" = no ]; then return; fi
  as_root rm -f "$cluster_note"
  if [ "$service_note_is_ours" = yes ]; then as_root rm -f "$service_note"; fi
}

main() {
  local groups=() mode=install argument index
  for argument in "$@"; do
    case $argument in
      build | server | test | bench | pooler | postgis | pgtap | plpgsql_check | tools) groups+=("$argument") ;;
      --list) table | sed -E 's/ *\|[^|]*$//'; return 0 ;;
      --missing) mode=missing ;;
      -h | --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; return 0 ;;
      *) echo "install.sh: no group or option \"$argument\" (see --help)" >&2; return 2 ;;
    esac
  done
  [ ${#groups[@]} -gt 0 ] || groups=(build server test)

  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    echo "install.sh: there is no apt here. These are Debian's names of what is needed:" >&2
    while IFS='|' read -r group package why _; do
      [[ " ${groups[*]} " == *" $(trim "$group") "* ]] && echo "  $(trim "$package"): $(trim "$why")" >&2
    done < <(table)
    echo "Install them your system's way; tests/run.sh and examples/quickstart.sh take --no-install." >&2
    return 1
  fi

  find_missing "${groups[@]}"
  if [ ${#packages[@]} = 0 ]; then
    echo "Everything needed is installed (${groups[*]})."
    return 0
  fi
  echo "To install (${groups[*]}):"
  for index in "${!packages[@]}"; do printf '  %-30s %s\n' "${packages[$index]}" "${reasons[$index]}"; done
  [ "$mode" = install ] || return 1

  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    echo "install.sh: neither root nor sudo. Run this as root, then again what you were doing:" >&2
    echo "  apt-get update && apt-get install --no-install-recommends ${packages[*]}" >&2
    return 1
  fi
  trap take_down_notes EXIT
  trap 'exit 130' INT TERM HUP
  if [[ " ${packages[*]} " == *" postgresql"* ]]; then put_up_notes; fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q </dev/null ||
    echo "install.sh: the package lists could not be refreshed; trying with those that are here" >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \
    -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 "${packages[@]}" </dev/null
}

main "$@"
