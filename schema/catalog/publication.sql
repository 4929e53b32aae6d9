-- Publications with the tables and schemas in them.
SELECT 'publication' AS kind, NULL AS schema, quote_ident(p.pubname) AS identity, NULL AS within,
       nullif(p.puballtables, false)::text AS "all tables",
       concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                 CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END) AS publishes,
       nullif(p.pubviaroot, false)::text AS "via root",  -- since 13
       CASE p.pubgencols WHEN 's' THEN 'stored' END AS "generated columns",  -- since 18
       (SELECT string_agg(r.prrelid::regclass::text
                 || coalesce(' (' || (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)  -- since 15
                                        FROM pg_attribute a  -- since 15
                                       WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)) || ')', '')  -- since 15
                 || coalesce(' where ' || pg_get_expr(r.prqual, r.prrelid), '')  -- since 15
                 , ', ' ORDER BY r.prrelid::regclass::text COLLATE "C")
          FROM pg_publication_rel r WHERE r.prpubid = p.oid) AS tables,
       (SELECT string_agg(quote_ident(n.nspname), ', ' ORDER BY n.nspname COLLATE "C")  -- since 15
          FROM pg_publication_namespace s JOIN pg_namespace n ON n.oid = s.pnnspid  -- since 15
         WHERE s.pnpubid = p.oid) AS schemas,  -- since 15
       pg_get_userbyid(p.pubowner) AS owner,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_publication'::regclass AND d.objoid = p.oid AND d.objsubid = 0) AS comment
  FROM pg_publication p
 WHERE p.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_publication'::regclass AND e.objid = p.oid AND e.deptype = 'e')
