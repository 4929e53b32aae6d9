-- Foreign servers. What looks like a secret among the options is not shown.
SELECT 'server' AS kind, NULL AS schema, quote_ident(s.srvname) AS identity, NULL AS within,
       quote_ident(w.fdwname) AS wrapper,
       s.srvtype AS type,
       s.srvversion AS version,
       (SELECT string_agg(regexp_replace(o, '^([^=]*(pass|secret|token|key)[^=]*)=.*', '\1=***', 'i'), ', '
                          ORDER BY o COLLATE "C") FROM unnest(s.srvoptions) o) AS options,
       pg_get_userbyid(s.srvowner) AS owner,
       (SELECT coalesce(string_agg(g::text, ', ' ORDER BY g::text COLLATE "C"), 'none')
          FROM unnest(coalesce(s.srvacl, acldefault('S', s.srvowner))) g) AS grants,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_foreign_server'::regclass AND d.objoid = s.oid AND d.objsubid = 0) AS comment
  FROM pg_foreign_server s
  JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
 WHERE s.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_foreign_server'::regclass AND e.objid = s.oid AND e.deptype = 'e')
