-- User mappings. They hold passwords: of their options only the names.
SELECT 'user mapping' AS kind, NULL AS schema,
       CASE m.umuser WHEN 0 THEN 'public' ELSE quote_ident(m.usename) END || ' on server ' || quote_ident(m.srvname) AS identity,
       'server ' || quote_ident(m.srvname) AS within,
       (SELECT string_agg(split_part(o, '=', 1), ', ' ORDER BY o COLLATE "C") FROM unnest(m.umoptions) o) AS "option names"
  FROM pg_user_mappings m
 WHERE m.umid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_foreign_server'::regclass AND e.objid = m.srvid AND e.deptype = 'e')
