-- What the server refuses, between what it takes: each statement is on its own, as psql sends them.
CREATE TABLE kept (a int PRIMARY KEY, b text); INSERT INTO kept VALUES (1, 'a;'); INSERT INTO kept VALUES (1, ';');
SELECT missing FROM kept; SELEC 1; SELECT 1 FROM; INSERT INTO kept VALUES (2, 'b;');
CREATE FUNCTION broken() RETURNS int LANGUAGE sql AS $$ SELECT nothing; $$; SELECT 1/0; UPDATE kept SET b = ';' WHERE a = 1;
CREATE FUNCTION broken_atomic() RETURNS int BEGIN ATOMIC SELECT 1; SELECT wrong; END; SELECT 'behind it';
SELECT ')'; SELECT 1); SELECT 'after the parenthesis;';
BEGIN; INSERT INTO kept VALUES (3, 'c'); SAVEPOINT s; INSERT INTO kept VALUES (3, 'again'); ROLLBACK TO s; COMMIT;
BEGIN; INSERT INTO kept VALUES (4, 'd'); SELECT 1/0; SELECT 'not run'; COMMIT; SELECT * FROM kept ORDER BY a;
CREATE TABLE kept (a int); DROP TABLE none; ALTER TABLE kept ADD c int, ADD c int; GRANT everything ON kept TO nobody;
DO $$ BEGIN RAISE EXCEPTION 'told; %', 'so' USING ERRCODE = 'P0099'; END $$; SELECT count(*) FROM kept;
CREATE TABLE IF NOT EXISTS kept (x int); TRUNCATE kept; INSERT INTO kept SELECT 7, ';' RETURNING *;
SELECT '%;', 1 %% 2; SELECT 8; VACUUM kept; BEGIN; VACUUM kept; ROLLBACK; SELECT a FROM kept
