-- Triggers of tables and views. Those of extensions' own tables are listed too, unless the function is the extension's.
SELECT 'trigger' AS kind, n.nspname AS schema,
       quote_ident(t.tgname) || ' on ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS identity,
       CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'f' THEN 'foreign table ' ELSE 'table ' END
         || quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS within,
       pg_get_triggerdef(t.oid) AS definition,
       CASE t.tgenabled WHEN 'D' THEN 'false' WHEN 'R' THEN 'on replicas' WHEN 'A' THEN 'always' END AS enabled,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_trigger'::regclass AND d.objoid = t.oid AND d.objsubid = 0) AS comment
  FROM pg_trigger t
  JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE t.oid >= 16384 AND NOT t.tgisinternal AND c.relpersistence <> 't'
   AND (NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
        OR NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_proc'::regclass AND e.objid = t.tgfoid AND e.deptype = 'e'))
