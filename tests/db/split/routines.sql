-- Bodies: in quotes, in dollars, between BEGIN ATOMIC and END.
CREATE FUNCTION quoted() RETURNS text LANGUAGE sql AS 'SELECT ''a;b''; SELECT ''c;'' || E''\\d''';
SELECT quoted();
CREATE FUNCTION dollars(a int) RETURNS int LANGUAGE plpgsql AS $body$
DECLARE r int; -- a comment; with $$ and '
BEGIN
  EXECUTE $$ SELECT 1; $$;
  r := a; /* ; */ IF a > 1 THEN r := $q$2;$q$::char::int; END IF;
  RETURN r;
END $body$; SELECT dollars(1), dollars(5);
CREATE FUNCTION atomic_one(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT a; SELECT CASE a WHEN 1 THEN 2 ELSE 3 END; END;
CREATE FUNCTION atomic_two() RETURNS text BEGIN ATOMIC
  SELECT 'END;'; -- END;
  SELECT "end" FROM (SELECT 'x;' AS "end") begin;
END; SELECT atomic_one(1), atomic_two();
CREATE FUNCTION product(a int, b int DEFAULT 2) RETURNS int RETURN a * b; SELECT product(4);
CREATE TABLE counted (n int); CREATE PROCEDURE count_up(a int) BEGIN ATOMIC
  INSERT INTO counted VALUES (a);
  INSERT INTO counted SELECT CASE WHEN a > 1 THEN 10 ELSE 20 END;
END;
CALL count_up(1); CALL count_up(2); SELECT n FROM counted ORDER BY n;
DO $$ BEGIN PERFORM 1; INSERT INTO counted VALUES (99); END $$; DO 'BEGIN INSERT INTO counted VALUES (98); END;';
DO $größe$ BEGIN PERFORM ';'; END $größe$;
CREATE FUNCTION begin() RETURNS int LANGUAGE sql AS 'SELECT 1'; SELECT begin();
CREATE TABLE atomic (atomic int, "begin" int); SELECT atomic FROM atomic; SELECT "begin" atomic FROM atomic;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $_$ BEGIN NEW.n := NEW.n + 1; RETURN NEW; END; $_$;
CREATE TRIGGER stamp BEFORE INSERT ON counted FOR EACH ROW WHEN (NEW.n > 0) EXECUTE FUNCTION stamp();
INSERT INTO counted VALUES (1000); SELECT max(n) FROM counted;
PREPARE found(int) AS SELECT n FROM counted WHERE n > $1 ORDER BY n; EXECUTE found(50); DEALLOCATE found;
