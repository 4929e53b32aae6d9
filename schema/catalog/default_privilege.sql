-- Default privileges: what ALTER DEFAULT PRIVILEGES has changed.
SELECT 'default privileges' AS kind, n.nspname AS schema,
       'of ' || quote_ident(pg_get_userbyid(p.defaclrole)) || coalesce(' in schema ' || quote_ident(n.nspname), '') || ' on '
         || CASE p.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
                                 WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' WHEN 'L' THEN 'large objects'
                                 ELSE p.defaclobjtype::text END AS identity,
       'schema ' || quote_ident(n.nspname) AS within,
       (SELECT coalesce(string_agg(g::text, ', ' ORDER BY g::text COLLATE "C"), 'none') FROM unnest(p.defaclacl) g) AS grants
  FROM pg_default_acl p
  LEFT JOIN pg_namespace n ON n.oid = p.defaclnamespace
