-- Row security policies. Whether row security is on is the table's fact.
SELECT 'policy' AS kind, n.nspname AS schema,
       quote_ident(p.polname) || ' on ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS identity,
       'table ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS within,
       CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete'
                     ELSE 'all' END AS command,
       CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END AS mode,
       (SELECT string_agg(name, ', ' ORDER BY name COLLATE "C")
          FROM (SELECT CASE r WHEN 0 THEN 'public' ELSE quote_ident(pg_get_userbyid(r)) END
                  FROM unnest(p.polroles) r) role(name)) AS roles,
       pg_get_expr(p.polqual, p.polrelid) AS "using",
       pg_get_expr(p.polwithcheck, p.polrelid) AS "with check",
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_policy'::regclass AND d.objoid = p.oid AND d.objsubid = 0) AS comment
  FROM pg_policy p
  JOIN pg_class c ON c.oid = p.polrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE p.oid >= 16384 AND c.relpersistence <> 't'
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
