-- Domains; their constraints are objects of their own.
SELECT 'domain' AS kind, n.nspname AS schema,
       quote_ident(n.nspname) || '.' || quote_ident(t.typname) AS identity, NULL AS within,
       format_type(t.typbasetype, t.typtypmod) AS type,
       (SELECT quote_ident(cn.nspname) || '.' || quote_ident(l.collname)
          FROM pg_collation l JOIN pg_namespace cn ON cn.oid = l.collnamespace
         WHERE l.oid = t.typcollation AND t.typcollation <> b.typcollation) AS collation,
       CASE WHEN t.typnotnull THEN 'true' END AS "not null",
       coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault) AS "default",
       pg_get_userbyid(t.typowner) AS owner,
       (SELECT coalesce(string_agg(g::text, ', ' ORDER BY g::text COLLATE "C"), 'none')
          FROM unnest(coalesce(t.typacl, acldefault('T', t.typowner))) g) AS grants,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_type'::regclass AND d.objoid = t.oid AND d.objsubid = 0) AS comment
  FROM pg_type t
  JOIN pg_type b ON b.oid = t.typbasetype
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typtype = 'd' AND t.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e')
