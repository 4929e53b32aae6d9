-- Composite types made by CREATE TYPE; their attributes are objects of their own.
SELECT 'composite type' AS kind, n.nspname AS schema,
       quote_ident(n.nspname) || '.' || quote_ident(t.typname) AS identity, NULL AS within,
       pg_get_userbyid(t.typowner) AS owner,
       (SELECT coalesce(string_agg(g::text, ', ' ORDER BY g::text COLLATE "C"), 'none')
          FROM unnest(coalesce(t.typacl, acldefault('T', t.typowner))) g) AS grants,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_type'::regclass AND d.objoid = t.oid AND d.objsubid = 0) AS comment
  FROM pg_type t
  JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e')
