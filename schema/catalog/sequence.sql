-- Sequences with their parameters and the column that owns them. Their current value is content, not shape.
SELECT 'sequence' AS kind, n.nspname AS schema,
       quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS identity,
       (SELECT 'column ' || o.refobjid::regclass || '.' || quote_ident(a.attname)
          FROM pg_attribute a WHERE a.attrelid = o.refobjid AND a.attnum = o.refobjsubid) AS within,
       format_type(q.seqtypid, NULL) AS type,
       q.seqstart AS start, q.seqincrement AS increment, q.seqmin AS minimum, q.seqmax AS maximum, q.seqcache AS cache,
       CASE WHEN q.seqcycle THEN 'true' END AS cycle,
       CASE c.relpersistence WHEN 'u' THEN 'unlogged' END AS persistence,
       (SELECT o.refobjid::regclass || '.' || quote_ident(a.attname)
          FROM pg_attribute a WHERE a.attrelid = o.refobjid AND a.attnum = o.refobjsubid) AS "owned by",
       CASE o.deptype WHEN 'i' THEN 'identity column' WHEN 'a' THEN 'column' END AS "owner kind",
       pg_get_userbyid(c.relowner) AS owner,
       (SELECT coalesce(string_agg(g::text, ', ' ORDER BY g::text COLLATE "C"), 'none')
          FROM unnest(coalesce(c.relacl, acldefault('s', c.relowner))) g) AS grants,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0) AS comment
  FROM pg_sequence q
  JOIN pg_class c ON c.oid = q.seqrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_depend o ON o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.objsubid = 0
                       AND o.refclassid = 'pg_class'::regclass AND o.refobjsubid > 0 AND o.deptype IN ('a', 'i')
 WHERE c.oid >= 16384 AND c.relpersistence <> 't'
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
