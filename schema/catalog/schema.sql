-- Schemas: of scripts, and "public".
SELECT 'schema' AS kind, n.nspname AS schema, quote_ident(n.nspname) AS identity, NULL AS within,
       pg_get_userbyid(n.nspowner) AS owner,
       (SELECT coalesce(string_agg(g::text, ', ' ORDER BY g::text COLLATE "C"), 'none')
          FROM unnest(coalesce(n.nspacl, acldefault('n', n.nspowner))) g) AS grants,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid AND d.objsubid = 0) AS comment
  FROM pg_namespace n
 WHERE (n.oid >= 16384 OR n.nspname = 'public')
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_namespace'::regclass AND e.objid = n.oid AND e.deptype = 'e')
