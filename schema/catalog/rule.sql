-- Rewrite rules, without the one that makes a view a view.
SELECT 'rule' AS kind, n.nspname AS schema,
       quote_ident(r.rulename) || ' on ' || quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS identity,
       CASE c.relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view ' WHEN 'f' THEN 'foreign table '
                      ELSE 'table ' END
         || quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS within,
       pg_get_ruledef(r.oid) AS definition,
       CASE r.ev_enabled WHEN 'D' THEN 'false' WHEN 'R' THEN 'on replicas' WHEN 'A' THEN 'always' END AS enabled,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_rewrite'::regclass AND d.objoid = r.oid AND d.objsubid = 0) AS comment
  FROM pg_rewrite r
  JOIN pg_class c ON c.oid = r.ev_class
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE r.oid >= 16384 AND r.rulename <> '_RETURN' AND c.relpersistence <> 't'
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
