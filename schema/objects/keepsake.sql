-- What is said about an object besides its definition, as statements that say it again. $1: [{"classid": ..., "objid": ...}, ...].
-- column_name: the statement is for that column, and goes with it.
WITH w AS (
  SELECT s.classid, s.objid, i.type AS kind, i.identity,
         CASE WHEN s.classid = 'pg_proc'::regclass THEN 'ROUTINE'
              WHEN s.classid = 'pg_type'::regclass THEN 'TYPE'
              ELSE upper(i.type) END AS word
  FROM jsonb_to_recordset($1::jsonb) AS s (classid oid, objid oid)
  CROSS JOIN LATERAL pg_identify_object(s.classid, s.objid, 0) AS i
)
-- comments
SELECT w.classid, w.objid, 3 AS step, a.attname AS column_name,
       CASE WHEN d.objsubid > 0
            THEN format('COMMENT ON COLUMN %s.%I IS %L', w.identity, a.attname, d.description)
            ELSE format('COMMENT ON %s %s IS %L',
                        CASE WHEN w.classid = 'pg_proc'::regclass THEN 'ROUTINE'
                             WHEN w.classid = 'pg_type'::regclass THEN 'TYPE' ELSE w.kind END, 
                        CASE WHEN w.classid = 'pg_operator'::regclass THEN
                          (SELECT format('%I.%s (%s, %s)', n.nspname, o.oprname,
                                         CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END,
                                         CASE WHEN o.oprright = 0 THEN 'NONE' ELSE format_type(o.oprright, NULL) END)
                           FROM pg_operator AS o JOIN pg_namespace AS n ON n.oid = o.oprnamespace WHERE o.oid = w.objid)
                             ELSE w.identity END, d.description) END AS statement
FROM w JOIN pg_description AS d ON d.classoid = w.classid AND d.objoid = w.objid
LEFT JOIN pg_attribute AS a ON w.classid = 'pg_class'::regclass AND a.attrelid = w.objid AND a.attnum = d.objsubid AND d.objsubid > 0
UNION ALL
SELECT w.classid, w.objid, 3, NULL, format('COMMENT ON CONSTRAINT %I ON DOMAIN %s IS %L', k.conname, w.identity, d.description)
FROM w JOIN pg_constraint AS k ON w.classid = 'pg_type'::regclass AND k.contypid = w.objid
JOIN pg_description AS d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid
UNION ALL
SELECT w.classid, w.objid, 3, a.attname, format('COMMENT ON COLUMN %s.%I IS %L', w.identity, a.attname, d.description)
FROM w JOIN pg_type AS t ON w.classid = 'pg_type'::regclass AND t.oid = w.objid AND t.typrelid <> 0
JOIN pg_description AS d ON d.classoid = 'pg_class'::regclass AND d.objoid = t.typrelid AND d.objsubid > 0
JOIN pg_attribute AS a ON a.attrelid = t.typrelid AND a.attnum = d.objsubid
UNION ALL
-- security labels
SELECT w.classid, w.objid, 3, a.attname,
       format('SECURITY LABEL FOR %I ON %s %s IS %L', l.provider, CASE WHEN a.attname IS NULL THEN w.word ELSE 'COLUMN' END,
              w.identity || coalesce('.' || quote_ident(a.attname), ''), l.label)
FROM w JOIN pg_seclabel AS l ON l.classoid = w.classid AND l.objoid = w.objid
LEFT JOIN pg_attribute AS a ON w.classid = 'pg_class'::regclass AND a.attrelid = w.objid AND a.attnum = l.objsubid AND l.objsubid > 0
UNION ALL
-- defaults of a view's columns
SELECT w.classid, w.objid, 3, a.attname,
       format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', w.identity, a.attname, pg_get_expr(d.adbin, d.adrelid))
FROM w JOIN pg_attrdef AS d ON w.classid = 'pg_class'::regclass AND d.adrelid = w.objid
JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
UNION ALL
-- a trigger that is switched off, or on for replicas
SELECT w.classid, w.objid, 3, NULL,
       format('ALTER TABLE %s %s TRIGGER %I', t.tgrelid::regclass,
              CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE' END,
              t.tgname)
FROM w JOIN pg_trigger AS t ON w.classid = 'pg_trigger'::regclass AND t.oid = w.objid
WHERE t.tgenabled <> 'O' AND t.tgparentid = 0 -- since 13
WHERE t.tgenabled <> 'O' -- before 13
UNION ALL
SELECT w.classid, w.objid, 3, NULL,
       format('ALTER TABLE %s %s RULE %I', r.ev_class::regclass,
              CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE' END,
              r.rulename)
FROM w JOIN pg_rewrite AS r ON w.classid = 'pg_rewrite'::regclass AND r.oid = w.objid WHERE r.ev_enabled <> 'O'
UNION ALL
-- whether a materialized view holds rows: run only if it is otherwise
SELECT w.classid, w.objid, 4, NULL, format('REFRESH MATERIALIZED VIEW %s%s', w.identity, CASE WHEN c.relispopulated THEN '' ELSE ' WITH NO DATA' END)
FROM w JOIN pg_class AS c ON w.classid = 'pg_class'::regclass AND c.oid = w.objid WHERE c.relkind = 'm'
UNION ALL
-- what an index was marked for
SELECT w.classid, w.objid, 5, NULL, format('ALTER TABLE %s CLUSTER ON %I', x.indrelid::regclass, c.relname)
FROM w JOIN pg_index AS x ON w.classid = 'pg_class'::regclass AND x.indexrelid = w.objid AND x.indisclustered
JOIN pg_class AS c ON c.oid = x.indexrelid
UNION ALL
-- statistics targets of a materialized view's columns
SELECT w.classid, w.objid, 3, a.attname, format('ALTER MATERIALIZED VIEW %s ALTER COLUMN %I SET STATISTICS %s', w.identity, a.attname, a.attstattarget)
FROM w JOIN pg_class AS c ON w.classid = 'pg_class'::regclass AND c.oid = w.objid AND c.relkind = 'm'
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attstattarget > -1
ORDER BY 1, 2, 3
