-- Indexes of tables and materialized views, also those that back a constraint.
SELECT 'index' AS kind, n.nspname AS schema,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS identity,
       CASE WHEN k.oid IS NOT NULL THEN 'constraint ' || quote_ident(k.conname) || ' on '
            WHEN r.relkind = 'm' THEN 'materialized view ' ELSE 'table ' END
         || quote_ident(rn.nspname) || '.' || quote_ident(r.relname) AS within,
       pg_get_indexdef(i.indexrelid) AS definition,
       CASE WHEN NOT i.indisvalid THEN 'false' END AS valid,
       CASE WHEN i.indisclustered THEN 'true' END AS clustered,
       CASE WHEN i.indisreplident THEN 'true' END AS "replica identity",
       (SELECT h.inhparent::regclass::text FROM pg_inherits h WHERE h.inhrelid = c.oid) AS "part of",
       s.spcname AS tablespace,
       CASE WHEN i.indexprs IS NOT NULL THEN
            (SELECT string_agg(a.attnum || ': ' || a.attstattarget, ', ' ORDER BY a.attnum)
               FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attstattarget >= 0) END AS "statistics targets",
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0) AS comment
  FROM pg_index i
  JOIN pg_class c ON c.oid = i.indexrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_class r ON r.oid = i.indrelid
  JOIN pg_namespace rn ON rn.oid = r.relnamespace
  LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')
  LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
 WHERE i.indexrelid >= 16384 AND r.relkind IN ('r', 'p', 'm') AND r.relpersistence <> 't'
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_class'::regclass AND e.objid = r.oid AND e.deptype = 'e')
