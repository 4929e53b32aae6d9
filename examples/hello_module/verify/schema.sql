-- Verify hello:schema on pg

SELECT pg_catalog.has_schema_privilege('hello', 'usage');
