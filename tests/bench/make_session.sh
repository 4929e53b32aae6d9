#!/usr/bin/env bash
# Writes a session project of FILES files of BYTES bytes to DIR/project, whose deploy.sql does nothing, and DIR/copy.sql, by
# which psql loads the same texts with one COPY.
#
#   make_session.sh DIR FILES BYTES
set -euo pipefail
dir=${1:?a directory} files=${2:?a number of files} bytes=${3:?a number of bytes}
mkdir -p "$dir/project/migrations"
echo 'SELECT 1;' >"$dir/project/deploy.sql"
awk -v dir="$dir/project/migrations" -v files="$files" -v bytes="$bytes" 'BEGIN {
  for (i = 1; i <= files; ++i) {
    text = sprintf("-- What file %d is for.\nCREATE TABLE IF NOT EXISTS app.table_%d (\n  id int PRIMARY KEY", i, i)
    for (column = 1; length(text) < bytes - 100; ++column)
      text = text sprintf(",\n  column_%d text NOT NULL DEFAULT '\''none'\'' CHECK (length(column_%d) < 100)", column, column)
    text = text "\n);\n"
    while (length(text) < bytes - 1) text = text "-"
    file = sprintf("%s/%05d_table.sql", dir, i)
    print text > file
    close(file)
    gsub(/\n/, "\\n", text)
    printf "./migrations/%05d_table.sql\t%s\\n\n", i, text > (dir "/../../copy.tsv")
  }
}'
printf 'CREATE TEMPORARY TABLE source (path text PRIMARY KEY, content text NOT NULL);\n\\copy source FROM %s\n' \
  "'$dir/copy.tsv'" >"$dir/copy.sql"
