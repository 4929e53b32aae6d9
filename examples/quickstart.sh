#!/usr/bin/env bash
# A tour: installs what is missing, builds pgpm, and takes the example workspace through its life on a private PostgreSQL
# server: deploy, status, tag, a new change, verify, revert to the tag. Works on a copy; may be run again and again.
#
#   examples/quickstart.sh [--no-install | --with FOLDER]
#
# --with FOLDER uses the pgpm that is there, and installs and builds nothing.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

install=yes programs=
while [ $# -gt 0 ]; do
  case $1 in
    --no-install) install=no ;;
    --with) programs=${2:?--with needs a folder}; shift ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "quickstart.sh: unknown option \"$1\" (see --help)" >&2; exit 2 ;;
  esac
  shift
done

if [ -z "$programs" ]; then
  if [ "$install" = yes ]; then "$root/third_party/install.sh" build server; fi
  (cd "$root" && cmake --preset release -DPGPM_TESTS=OFF && cmake --build --preset release --parallel "$(nproc)") </dev/null
  programs=$root/build/release
fi

export PATH=$programs:$PATH
export PGDATABASE=quickstart
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
trap 'exit 130' INT TERM
cp -R "$root/examples/workspace/." "$copy"
cd "$copy"

bold='' blue='' plain=''
if [ -t 1 ]; then bold=$'\033[1m' blue=$'\033[36m' plain=$'\033[0m'; fi
say() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
run() {
  local word shown='$'
  for word in "$@"; do
    if [[ $word =~ ^[A-Za-z0-9_./:@=-]+$ ]]; then shown+=" $word"; else shown+=" '$word'"; fi
  done
  printf '%s%s%s\n' "$blue" "$shown" "$plain"
  "$@" </dev/null
}

was_running=no
if pgpm local status --format json | grep -q '"running": *true'; then was_running=yes; fi
# What an earlier tour left.
pgpm local psql -d postgres -- -qX -c 'SET client_min_messages = warning' -c 'DROP DATABASE IF EXISTS quickstart' </dev/null

say "Three modules, each with a plan and deploy, revert and verify scripts. Is everything in order?"
run pgpm check --workspace --all

say "Deploy them to a private server of your own: started on demand, unix socket only."
run pgpm deploy --local --createdb --workspace --all -y

say "What is deployed?"
run pgpm status --local --workspace --all

say "Billing is ready to be released: tag it."
cd packages/app-billing
run pgpm tag v1.0.0 -m 'First release'

say "The next change: plan it, write its three scripts, deploy. Its verify script runs in the same transaction."
run pgpm add columns/invoices_note --requires tables/invoices -m 'What an invoice is about'
cat >deploy/columns/invoices_note.sql <<'SQL'
ALTER TABLE app.invoices ADD COLUMN note text NOT NULL DEFAULT '';
SQL
cat >verify/columns/invoices_note.sql <<'SQL'
SELECT note FROM app.invoices WHERE false;
SQL
cat >revert/columns/invoices_note.sql <<'SQL'
ALTER TABLE app.invoices DROP COLUMN note;
SQL
run pgpm deploy --local -y

say "Is what is deployed really there?"
run pgpm verify --local

say "Back to the release. The tag stays, what came after it goes."
run pgpm revert --local --to @v1.0.0 -y
run pgpm status --local app-billing

say "Who did what?"
run pgpm log --local

if [ "$was_running" = no ]; then
  say "The server has done its work."
  run pgpm local stop
fi

say "That was the tour. The database is still there:"
cat <<TEXT
  export PATH=$programs:\$PATH
  pgpm local psql -d quickstart     look around (the server starts when it is needed)
  pgpm local destroy                remove the server and its databases
  pgpm help                         everything else
TEXT
