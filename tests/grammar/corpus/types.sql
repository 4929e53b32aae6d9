CREATE TYPE mood AS ENUM ('sad', 'ok;', 'it''s');
ALTER TYPE mood ADD VALUE IF NOT EXISTS 'happy' BEFORE 'ok;';
CREATE TYPE pair AS (a int, b text COLLATE "C");
CREATE TYPE r AS RANGE (subtype = float8, subtype_diff = float8mi);
CREATE DOMAIN email AS text CHECK (VALUE ~ '^[^@;]+@.+$') NOT NULL DEFAULT 'a@b';
CREATE TYPE shell; CREATE CAST (text AS pair) WITH FUNCTION f(text) AS ASSIGNMENT;
CREATE COLLATION c (provider = icu, locale = 'und;x'); DROP TYPE mood, pair CASCADE;
