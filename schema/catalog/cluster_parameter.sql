-- Rights on server parameters: GRANT SET ON PARAMETER. PostgreSQL 15 and later.
SELECT 'parameter' AS kind, NULL AS schema, p.parname AS identity, NULL AS within,
       (SELECT string_agg(g::text, ', ' ORDER BY g::text COLLATE "C") FROM unnest(p.paracl) g) AS grants
  FROM pg_parameter_acl p
