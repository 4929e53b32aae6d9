CREATE FUNCTION add(int, int) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 + $2;';
CREATE FUNCTION two() RETURNS TABLE (a int, b text) LANGUAGE SQL AS $$ SELECT 1, 'x;'; SELECT 2, 'y' $$ ROWS 2;
CREATE FUNCTION short(a int) RETURNS int RETURN a + 1;
CREATE FUNCTION short_case(a int) RETURNS text RETURN CASE a WHEN 1 THEN 'one;' ELSE 'many' END;
CREATE FUNCTION c_function(text) RETURNS text AS 'MODULE_PATHNAME', 'symbol;name' LANGUAGE C;
ALTER FUNCTION add(int, int) OWNER TO postgres;
DROP FUNCTION IF EXISTS add(int, int), two();
