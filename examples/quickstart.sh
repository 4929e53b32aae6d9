#!/usr/bin/env bash
# A tour: installs what is missing, builds pgpm, and takes the example workspace through its life on a private PostgreSQL
# server: deploy, status, tag, a new change, verify, revert to the tag. Works on a copy; may be run again and again.
#
#   examples/quickstart.sh [--no-install]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
case ${1:-} in
  "" | --no-install) ;;
  -h | --help) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
  *) echo "quickstart.sh: unknown option \"$1\" (see --help)" >&2; exit 2 ;;
esac

if [ "${1:-}" != --no-install ]; then "$root/third_party/install.sh" build server; fi
(cd "$root" && cmake --preset release -DPGPM_TESTS=OFF && cmake --build --preset release --parallel "$(nproc)") </dev/null

export PATH=$root/build/release:$PATH
export PGDATABASE=quickstart
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
trap 'exit 130' INT TERM
cp -R "$root/examples/workspace/." "$copy"
cd "$copy"

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
run() {
  printf '\033[36m$'
  local word
  for word in "$@"; do
    if [[ $word =~ ^[A-Za-z0-9_./:@=-]+$ ]]; then printf ' %s' "$word"; else printf " '%s'" "$word"; fi
  done
  printf '\033[0m\n'
  "$@" </dev/null
}
if ! [ -t 1 ]; then
  say() { printf '\n%s\n' "$*"; }
fi

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

say "That was the tour. The database is still there:"
cat <<TEXT
  export PATH=$root/build/release:\$PATH
  pgpm local psql -d quickstart     look around
  pgpm local stop                   stop the server; it starts again when needed
  pgpm local destroy                remove it and its databases
  pgpm help                         everything else
TEXT
