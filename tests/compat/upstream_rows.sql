-- What upstream leaves behind: two modules, a qualified and an old unqualified requirement, a failure, a revert. The times
-- are not in the order of the rows, the clock had stepped back.
CALL pgpm_migrate.deploy('pgpm-base32', 'schemas/base32/schema',
  '80c15ba56427860f0d7d25d62cb7af2da6037ea42383d49365bc3a3c1aea3f76', NULL, 'CREATE SCHEMA base32');
CALL pgpm_migrate.deploy('pgpm-base32', 'schemas/base32/procedures/encode', repeat('b', 64),
  '{pgpm-base32:schemas/base32/schema}', 'CREATE FUNCTION base32.encode() RETURNS int LANGUAGE sql AS ''SELECT 1''');
CALL pgpm_migrate.deploy('shop', 'users', repeat('c', 64), NULL, 'CREATE TABLE users ()');
CALL pgpm_migrate.deploy('shop', 'orders', repeat('d', 64),
  '{users,pgpm-base32:schemas/base32/schema}', 'CREATE TABLE orders ()');
CALL pgpm_migrate.deploy('shop', 'gone', repeat('e', 64), NULL, 'CREATE TABLE gone ()');
CALL pgpm_migrate.revert('shop', 'gone', 'DROP TABLE gone');
INSERT INTO pgpm_migrate.events (event_type, change_name, package, error_message, error_code)
VALUES ('deploy', 'broken', 'shop', 'division by zero', '22012');
UPDATE pgpm_migrate.changes SET deployed_at = CASE change_name
  WHEN 'users' THEN timestamptz '2024-01-15 10:00:00+00'
  WHEN 'schemas/base32/schema' THEN timestamptz '2024-01-15 10:00:01.5+00'
  ELSE timestamptz '2024-01-15 11:00:02.000003+00' END;
