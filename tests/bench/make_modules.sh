#!/bin/sh
# make_modules.sh DIR MODULES CHANGES: a workspace of MODULES modules that all require one more, base; each has CHANGES
# tables with their scripts.
set -eu
dir=$1 modules=$2 changes=$3
mkdir -p "$dir"
echo '{"packages": ["packages/*"]}' >"$dir/pgpm.json"
for module in base $(seq -f 'm%03.0f' 1 "$modules"); do
  folder=$dir/packages/$module requires=base
  [ "$module" != base ] || requires=plpgsql
  mkdir -p "$folder/deploy" "$folder/revert" "$folder/verify"
  printf "default_version = '0.0.1'\nrequires = '%s'\n" "$requires" >"$folder/$module.control"
  printf '%%syntax-version=1.0.0\n%%project=%s\n\n' "$module" >"$folder/pgpm.plan"
  for i in $(seq "$changes"); do
    name=${module}_$i
    echo "$name 2024-01-15T10:00:00Z Bench <bench@example.com> # generated" >>"$folder/pgpm.plan"
    echo "CREATE TABLE public.$name (id bigint PRIMARY KEY, name text);" >"$folder/deploy/$name.sql"
    echo "DROP TABLE public.$name;" >"$folder/revert/$name.sql"
    echo "SELECT id, name FROM public.$name WHERE false;" >"$folder/verify/$name.sql"
  done
done
