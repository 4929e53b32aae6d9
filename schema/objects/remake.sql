-- How objects are dropped and made again as they are. $1: [{"classid": ..., "objid": ...}, ...]. what: the server's description;
-- drop_sql; make_sql: NULL where it cannot be made again from the catalog (a table's column, for one).
SELECT w.classid, w.objid, i.type AS kind, i.identity,
       CASE
         WHEN w.classid = 'pg_attrdef'::regclass THEN
           (SELECT format('ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT', d.adrelid::regclass, a.attname)
            FROM pg_attrdef AS d JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
            WHERE d.oid = w.objid AND a.attgenerated = '') -- since 12
            WHERE d.oid = w.objid) -- before 12
         WHEN w.classid = 'pg_constraint'::regclass THEN
           (SELECT CASE WHEN k.conrelid <> 0 THEN format('ALTER TABLE %s DROP CONSTRAINT %I', k.conrelid::regclass, k.conname)
                        ELSE format('ALTER DOMAIN %s DROP CONSTRAINT %I', k.contypid::regtype, k.conname) END
            FROM pg_constraint AS k WHERE k.oid = w.objid)
         WHEN w.classid = 'pg_proc'::regclass THEN format('DROP ROUTINE %s', i.identity)
         WHEN w.classid = 'pg_statistic_ext'::regclass THEN format('DROP STATISTICS %s', i.identity)
         WHEN w.classid = 'pg_cast'::regclass THEN format('DROP CAST %s', i.identity)
         WHEN w.classid = 'pg_operator'::regclass THEN
           (SELECT format('DROP OPERATOR %I.%s (%s, %s)', n.nspname, o.oprname,
                          CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END,
                          CASE WHEN o.oprright = 0 THEN 'NONE' ELSE format_type(o.oprright, NULL) END)
            FROM pg_operator AS o JOIN pg_namespace AS n ON n.oid = o.oprnamespace WHERE o.oid = w.objid)
         WHEN w.classid IN ('pg_class'::regclass, 'pg_type'::regclass, 'pg_trigger'::regclass, 'pg_rewrite'::regclass,
                            'pg_policy'::regclass) THEN format('DROP %s %s', i.type, i.identity)
       END AS drop_sql,
       CASE
         WHEN w.classid = 'pg_class'::regclass THEN
           (SELECT CASE c.relkind
              WHEN 'v' THEN format('CREATE VIEW %s%s AS %s', i.identity, options.list, pg_get_viewdef(c.oid))
              -- Always filled: what is made from it reads it. It is emptied at the end (keepsake.sql).
              WHEN 'm' THEN format('CREATE MATERIALIZED VIEW %s%s%s%s AS %s', i.identity,
                                   ' USING ' || quote_ident(am.amname), options.list, ' TABLESPACE ' || quote_ident(ts.spcname),
                                   rtrim(pg_get_viewdef(c.oid), ';'))
              WHEN 'i' THEN pg_get_indexdef(c.oid) END
            FROM pg_class AS c
            LEFT JOIN pg_am AS am ON am.oid = c.relam
            LEFT JOIN pg_tablespace AS ts ON ts.oid = c.reltablespace
            CROSS JOIN LATERAL (SELECT coalesce(' WITH (' || string_agg(format('%s=%L', o.option_name, o.option_value), ', ') || ')', '') AS list
                                FROM pg_options_to_table(c.reloptions) AS o) AS options
            WHERE c.oid = w.objid)
         WHEN w.classid = 'pg_proc'::regclass THEN
           (SELECT CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END FROM pg_proc AS p WHERE p.oid = w.objid)
         WHEN w.classid = 'pg_trigger'::regclass THEN pg_get_triggerdef(w.objid)
         WHEN w.classid = 'pg_rewrite'::regclass THEN pg_get_ruledef(w.objid)
         WHEN w.classid = 'pg_statistic_ext'::regclass THEN pg_get_statisticsobjdef(w.objid)
         WHEN w.classid = 'pg_attrdef'::regclass THEN
           (SELECT format('ALTER TABLE %s ALTER COLUMN %I SET DEFAULT %s', d.adrelid::regclass, a.attname,
                          pg_get_expr(d.adbin, d.adrelid))
            FROM pg_attrdef AS d JOIN pg_attribute AS a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
            WHERE d.oid = w.objid AND a.attgenerated = '') -- since 12
            WHERE d.oid = w.objid) -- before 12
         WHEN w.classid = 'pg_constraint'::regclass THEN
           (SELECT CASE WHEN k.conrelid <> 0
                        THEN format('ALTER TABLE %s ADD CONSTRAINT %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
                        ELSE format('ALTER DOMAIN %s ADD CONSTRAINT %I %s', k.contypid::regtype, k.conname, pg_get_constraintdef(k.oid)) END
            FROM pg_constraint AS k WHERE k.oid = w.objid AND k.contype = 'c' AND k.conislocal)
         WHEN w.classid = 'pg_policy'::regclass THEN
           (SELECT format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s', y.polname, y.polrelid::regclass,
                          CASE WHEN y.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
                          CASE y.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE'
                                        ELSE 'ALL' END,
                          (SELECT string_agg(coalesce(quote_ident(r.rolname), 'PUBLIC'), ', ')
                           FROM unnest(y.polroles) AS u (oid) LEFT JOIN pg_roles AS r ON r.oid = u.oid),
                          ' USING (' || pg_get_expr(y.polqual, y.polrelid) || ')',
                          ' WITH CHECK (' || pg_get_expr(y.polwithcheck, y.polrelid) || ')')
            FROM pg_policy AS y WHERE y.oid = w.objid)
       END AS make_sql,
       pg_describe_object(w.classid, w.objid, 0) AS what,
       (w.classid = 'pg_type'::regclass
        AND EXISTS (SELECT FROM pg_type AS t LEFT JOIN pg_class AS c ON c.oid = t.typrelid
                    WHERE t.oid = w.objid AND (c.relkind IS DISTINCT FROM 'c' AND t.typrelid <> 0 OR t.typelem <> 0 AND t.typlen = -1))
       ) AS is_part
FROM jsonb_to_recordset($1::jsonb) AS w (classid oid, objid oid)
CROSS JOIN LATERAL pg_identify_object(w.classid, w.objid, 0) AS i
WHERE i.identity IS NOT NULL
