#!/bin/sh
# by_hand.sh PGPM WORKSPACE OUT MODULE...: for each module a file OUT/MODULE.sql that does by psql what a full cycle of
# test-packages does: everything deployed, every verify script, everything reverted, everything deployed again. Which
# scripts in which order is what a dry run against an empty database says; how is as fast as psql can be: one process
# for all. Without a ledger, and without looking at the catalog.
set -eu
pgpm=$1 workspace=$2 out=$3
shift 3
mkdir -p "$out"
cd "$workspace"
for module; do
  "$pgpm" deploy "$module" --dry-run --format json >"$out/plan.json" 2>/dev/null
  paths() { sed -n "s/^ *\"$1\": \"\(.*\)\",\{0,1\}$/\1/p" "$out/plan.json"; }
  include() { sed "s#^#\\\\i '$workspace/#; s#\$#'#"; }
  extensions() { tr -d '\n' <"$out/plan.json" | grep -o '"extensions": *\[[^]]*\]' | sed 's/^"extensions"//' | grep -o '"[^"]*"' || true; }
  {
    printf '\\set ON_ERROR_STOP on\nSET client_min_messages = warning;\n'
    extensions | sed 's/.*/CREATE EXTENSION IF NOT EXISTS & CASCADE;/'
    paths script | include
    paths verify | include
    paths script | sed 's#/deploy/#/revert/#' | tac | include
    paths script | include
  } >"$out/$module.sql"
done
