-- Objects whose definitions hold semicolons where no statement ends: rules, schema elements, defaults, comments.
CREATE SCHEMA app CREATE TABLE item (id int PRIMARY KEY, note text DEFAULT ';') CREATE VIEW notes AS SELECT note FROM item;
CREATE TABLE app.log (at int GENERATED ALWAYS AS IDENTITY, what text CHECK (what <> ';;'));;
/* a comment; with /* another; inside */ one */ CREATE RULE log_item AS ON INSERT TO app.item DO ALSO (
  INSERT INTO app.log (what) VALUES ('first;');
  INSERT INTO app.log (what) VALUES ($$second;$$); -- ; behind it
);
INSERT INTO app.item VALUES (1, 'a;b'), (2, E'c\';d'), (3, $x$e;$$f$x$); SELECT * FROM app.item ORDER BY id;
SELECT what FROM app.log ORDER BY at; COMMENT ON TABLE app.item IS 'kept; as "it" is';
CREATE TABLE app."odd;name" ("a;b" int, "c""d;" text, U&"d\0061t;\+000061" text);
INSERT INTO app."odd;name" VALUES (1, U&'\0441;', B'1010'::text); SELECT * FROM app."odd;name";
CREATE TABLE app.parts (id int, region text) PARTITION BY LIST (region);
CREATE TABLE app.parts_north PARTITION OF app.parts FOR VALUES IN ('north;west', 'north');
CREATE POLICY mine ON app.item USING (note <> ';') WITH CHECK (id > 0); ALTER TABLE app.item ENABLE ROW LEVEL SECURITY;
CREATE INDEX item_note ON app.item (lower(note)) WHERE note LIKE '%;%';
CREATE TYPE app.mood AS ENUM ('so;so', 'well'); CREATE DOMAIN app.short AS text CHECK (length(VALUE) < 5);
CREATE SEQUENCE app.numbers START 5; SELECT nextval('app.numbers');
CREATE OPERATOR app.<~> (LEFTARG = int, RIGHTARG = int, FUNCTION = int4mul); SELECT 6 OPERATOR(app.<~>) 7;
CREATE AGGREGATE app.total (int) (SFUNC = int4pl, STYPE = int, INITCOND = '0'); SELECT app.total(v) FROM (VALUES (1), (2)) x(v);
UPDATE app.item SET note = 'x;' WHERE id = 1;
SELECT * FROM app.item ORDER BY id
