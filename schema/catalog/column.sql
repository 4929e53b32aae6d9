-- Columns of tables and views, attributes of composite types. A column's place is told by the column it follows, so
-- that dropped columns leave no trace and a column added last changes no other. pg_attver is a mark of the server's own
-- among the options (15.20 has it): it tells when a column was last redefined, is refused to scripts and not dumped.
-- Columns are most of a snapshot: comments are joined, and the rest is looked up only where there is one.
SELECT CASE c.relkind WHEN 'c' THEN 'attribute' ELSE 'column' END AS kind,
       n.nspname AS schema,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname) || '.' || quote_ident(a.attname) AS identity,
       CASE c.relkind WHEN 'c' THEN 'composite type ' WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view '
                      WHEN 'f' THEN 'foreign table ' ELSE 'table ' END
         || quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS within,
       lag(a.attname) OVER (PARTITION BY a.attrelid ORDER BY a.attnum) AS follows,
       format_type(a.atttypid, a.atttypmod) AS type,
       CASE WHEN a.attcollation <> t.typcollation THEN
            (SELECT quote_ident(cn.nspname) || '.' || quote_ident(l.collname)
               FROM pg_collation l JOIN pg_namespace cn ON cn.oid = l.collnamespace
              WHERE l.oid = a.attcollation) END AS collation,
       CASE WHEN a.attnotnull THEN 'true' END AS "not null",
       pg_get_expr(v.adbin, v.adrelid) AS "default",
       CASE a.attgenerated WHEN 's' THEN 'stored' WHEN 'v' THEN 'virtual' END AS generated,  -- since 12
       CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS "identity column",
       CASE WHEN a.attstorage <> t.typstorage THEN
            CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END
        END AS storage,
       CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,  -- since 14
       nullif(a.attstattarget, -1) AS "statistics target",
       CASE WHEN a.attinhcount > 0 THEN CASE WHEN a.attislocal THEN 'and declared here' ELSE 'true' END
        END AS inherited,
       CASE WHEN a.attoptions IS NOT NULL THEN
            (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(a.attoptions) o
              WHERE split_part(o, '=', 1) <> 'pg_attver') END AS options,
       CASE WHEN a.attfdwoptions IS NOT NULL THEN
            (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(a.attfdwoptions) o) END AS "foreign options",
       CASE WHEN a.attacl IS NOT NULL THEN
            (SELECT string_agg(g::text, ', ' ORDER BY g::text COLLATE "C") FROM unnest(a.attacl) g) END AS grants,
       d.description AS comment
  FROM pg_attribute a
  JOIN pg_class c ON c.oid = a.attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_attrdef v ON v.adrelid = a.attrelid AND v.adnum = a.attnum
  LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
 WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid >= 16384
   AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c') AND c.relpersistence <> 't'
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
   AND (c.relkind <> 'c' OR NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_type'::regclass AND e.objid = c.reltype AND e.deptype = 'e'))
