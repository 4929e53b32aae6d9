-- Constraints of tables and domains. Left out: what stands for a constraint trigger, and the copies that the server
-- keeps of a foreign key for each partition of the table it points at (their names depend on the order of creation).
SELECT 'constraint' AS kind, n.nspname AS schema,
       quote_ident(k.conname) || ' on ' || CASE WHEN k.contypid <> 0 THEN 'domain ' ELSE '' END
         || quote_ident(n.nspname) || '.' || quote_ident(coalesce(c.relname, t.typname)) AS identity,
       CASE WHEN k.contypid <> 0 THEN 'domain ' WHEN k.contype = 'n' THEN 'column '
            WHEN c.relkind = 'f' THEN 'foreign table ' ELSE 'table ' END
         || quote_ident(n.nspname) || '.' || quote_ident(coalesce(c.relname, t.typname))
         || CASE WHEN k.contype = 'n' AND k.contypid = 0 THEN
                 (SELECT '.' || quote_ident(a.attname)
                    FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = k.conkey[1])
                 ELSE '' END AS within,
       pg_get_constraintdef(k.oid) AS definition,
       CASE WHEN NOT k.convalidated THEN 'false' END AS validated,
       CASE WHEN k.coninhcount > 0 THEN CASE WHEN k.conislocal THEN 'and declared here' ELSE 'true' END
        END AS inherited,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid AND d.objsubid = 0) AS comment
  FROM pg_constraint k
  JOIN pg_namespace n ON n.oid = k.connamespace
  LEFT JOIN pg_class c ON c.oid = k.conrelid
  LEFT JOIN pg_type t ON t.oid = k.contypid
  LEFT JOIN pg_constraint p ON p.oid = k.conparentid
 WHERE k.oid >= 16384 AND k.contype <> 't' AND (k.conrelid <> 0 OR k.contypid <> 0)
   AND NOT (k.contype = 'f' AND p.conrelid IS NOT DISTINCT FROM k.conrelid)
   AND (c.oid IS NULL OR c.relpersistence <> 't')
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_class'::regclass AND e.objid = k.conrelid AND e.deptype = 'e')
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_type'::regclass AND e.objid = k.contypid AND e.deptype = 'e')
