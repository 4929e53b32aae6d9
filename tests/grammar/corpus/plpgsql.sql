CREATE FUNCTION touch() RETURNS trigger AS $$
BEGIN
  -- a comment; with a semicolon
  NEW.updated := now();
  IF NEW.a IS NULL THEN RAISE EXCEPTION 'no; a'; END IF;
  RETURN NEW;
END;
$$ LANGUAGE plpgsql;

CREATE OR REPLACE FUNCTION nested(a int, OUT b int) LANGUAGE plpgsql AS $outer$
DECLARE
  q text := $inner$ SELECT $1; $$ ; $$ $inner$;
BEGIN
  EXECUTE q INTO b USING a;
  EXECUTE $x$ SELECT '$inner' || '$$' $x$;
END $outer$ STABLE;
DO $do$ BEGIN PERFORM 1; COMMIT; END $do$;
DO LANGUAGE plpgsql 'BEGIN PERFORM ''a;b''; END';
