-- About 5,000 objects of the usual kinds: 400 tables with all that hangs on them, 600 functions, 150 views.
CREATE SCHEMA app;
DO $$
BEGIN
  FOR i IN 1..400 LOOP
    EXECUTE format('CREATE TABLE app.t%1$s (id int PRIMARY KEY, name text NOT NULL DEFAULT ''x'', amount numeric CHECK (amount > 0),
                    at timestamptz DEFAULT now(), other int)', i);
    EXECUTE format('CREATE INDEX t%1$s_name ON app.t%1$s (lower(name))', i);
    EXECUTE format('GRANT SELECT ON app.t%1$s TO PUBLIC', i);
    EXECUTE format('COMMENT ON COLUMN app.t%1$s.name IS ''of number %1$s''', i);
  END LOOP;
  FOR i IN 1..600 LOOP
    EXECUTE format('CREATE FUNCTION app.f%1$s(a int, b text) RETURNS int LANGUAGE plpgsql AS ''BEGIN RETURN a + %1$s; END''', i);
  END LOOP;
  FOR i IN 1..150 LOOP
    EXECUTE format('CREATE VIEW app.v%1$s AS SELECT id, name FROM app.t%1$s WHERE other > %1$s', i);
  END LOOP;
END $$;
VACUUM ANALYZE;
