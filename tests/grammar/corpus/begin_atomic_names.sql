CREATE FUNCTION begin(begin int DEFAULT 1) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT $1; END;
CREATE FUNCTION atomic() RETURNS int LANGUAGE sql BEGIN /* a /* nested */ comment */ ATOMIC SELECT begin(2); RETURN 3; END;
CREATE TABLE begin (atomic int);
SELECT begin.atomic FROM begin;
CREATE FUNCTION replace() RETURNS int RETURN 1;
