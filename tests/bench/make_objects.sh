#!/bin/sh
# make_objects.sh DIR: 100 tables in a migration, and 2,000 declared objects that are one file each, in folders: 100 enums, 700
# views in chains of seven, 900 functions (half of them PL/pgSQL), 100 triggers, 200 comments.
set -eu
dir=$1
mkdir -p "$dir/migrations" "$dir/sql/types" "$dir/sql/views" "$dir/sql/functions" "$dir/sql/triggers" "$dir/sql/comments"
awk -v dir="$dir" '
  function put(file, text) { file = dir "/sql/" file ".sql"; print text > file; close(file) }
  BEGIN {
    for (i = 1; i <= 100; ++i) {
      printf "CREATE TABLE t%d (id int PRIMARY KEY, name text, amount numeric, at timestamptz);\n", i > (dir "/migrations/001_tables.sql")
      put("types/e" i, "CREATE TYPE e" i " AS ENUM (\x27new\x27, \x27paid\x27, \x27sent\x27);")
      for (j = 1; j <= 7; ++j) {
        from = j == 1 ? "t" i : "v" i "_" (j - 1)
        put("views/v" i "_" j, "CREATE VIEW v" i "_" j " AS\nSELECT id, name, amount, at FROM " from " WHERE amount > " j ";")
      }
      for (j = 1; j <= 8; ++j)
        put("functions/f" i "_" j, j % 2 ? \
          "CREATE FUNCTION f" i "_" j "(a int) RETURNS bigint LANGUAGE sql STABLE AS $$\n  SELECT count(*) + a FROM v" i "_7\n$$;" : \
          "CREATE FUNCTION f" i "_" j "(a int, s e" i ") RETURNS bigint LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN f" i "_" (j - 1) "(a);\nEND\n$$;")
      put("functions/touch" i, "CREATE FUNCTION touch" i "() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  NEW.at := now();\n  RETURN NEW;\nEND\n$$;")
      put("triggers/touched" i, "CREATE TRIGGER touched BEFORE UPDATE ON t" i " FOR EACH ROW EXECUTE FUNCTION touch" i "();")
      put("comments/v" i, "COMMENT ON VIEW v" i "_1 IS \x27of number " i "\x27;")
      put("comments/f" i, "COMMENT ON FUNCTION f" i "_1(int) IS \x27counts\x27;")
    }
  }'
