-- Objects that files can declare, each with the statement that makes it: all that are nobody's extension and of no system schema.
-- $1: names of schemas (text[]), NULL = all. word and name: as COMMENT ON calls it. unsaid: what the statement leaves out.
-- cannot: why it cannot be declared after all.
SELECT a.classid, a.objid, a.word, a.name, pg_describe_object(a.classid, a.objid, 0) AS what, pg_get_userbyid(a.owner) AS owner,
       a.statement, a.unsaid, a.cannot
FROM (
  SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, n.nspname AS schema, c.relowner AS owner, 1 AS rank,
         k.word, format('%I.%I', n.nspname, c.relname) AS name,
         format(E'CREATE %s %I.%I%s%s%s AS\n%s%s', k.word, n.nspname, c.relname,
                CASE WHEN m.amname <> current_setting('default_table_access_method') THEN ' USING ' || quote_ident(m.amname) END, -- since 12
                '', -- before 12
                (SELECT ' WITH (' || string_agg(format('%s=%L', o.option_name, o.option_value), ', ') || ')'
                 FROM pg_options_to_table(c.reloptions) AS o),
                ' TABLESPACE ' || quote_ident(s.spcname),
                btrim(pg_get_viewdef(c.oid, true), E' \n;'),
                CASE WHEN NOT c.relispopulated THEN E'\nWITH NO DATA' END) AS statement,
         NULL::text AS unsaid, NULL::text AS cannot
  FROM pg_class AS c
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  CROSS JOIN LATERAL (SELECT CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END AS word) AS k
  LEFT JOIN pg_am AS m ON m.oid = c.relam -- since 12
  LEFT JOIN pg_tablespace AS s ON s.oid = c.reltablespace
  WHERE c.relkind IN ('v', 'm')
  UNION ALL
  SELECT 'pg_class'::regclass, c.oid, n.nspname, c.relowner, 2, 'INDEX', format('%I.%I', n.nspname, c.relname), pg_get_indexdef(c.oid),
         CASE WHEN c.reltablespace <> 0 THEN 'its tablespace' END, NULL
  FROM pg_index AS x
  JOIN pg_class AS c ON c.oid = x.indexrelid
  JOIN pg_class AS r ON r.oid = x.indrelid AND r.relkind = 'm'
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  UNION ALL
  SELECT 'pg_proc'::regclass, p.oid, n.nspname, p.proowner, 3, k.word,
         format('%I.%I(%s)', n.nspname, p.proname, k.arguments),
         CASE WHEN p.prokind <> 'a' THEN regexp_replace(rtrim(pg_get_functiondef(p.oid), E'\n'), '^CREATE OR REPLACE ', 'CREATE ')
              ELSE
           (SELECT format(E'CREATE AGGREGATE %I.%I(%s) (\n  %s\n)', n.nspname, p.proname, k.arguments, concat_ws(E',\n  ',
                     'SFUNC = ' || a.aggtransfn::regproc::text,
                     'STYPE = ' || format_type(a.aggtranstype, NULL),
                     'SSPACE = ' || nullif(a.aggtransspace, 0),
                     'FINALFUNC = ' || nullif(a.aggfinalfn, 0)::regproc::text,
                     CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
                     'FINALFUNC_MODIFY = ' || CASE nullif(a.aggfinalmodify, u.modify) WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE'
                                                                                    WHEN 'w' THEN 'READ_WRITE' END,
                     'COMBINEFUNC = ' || nullif(a.aggcombinefn, 0)::regproc::text,
                     'SERIALFUNC = ' || nullif(a.aggserialfn, 0)::regproc::text,
                     'DESERIALFUNC = ' || nullif(a.aggdeserialfn, 0)::regproc::text,
                     'INITCOND = ' || quote_literal(a.agginitval),
                     'MSFUNC = ' || nullif(a.aggmtransfn, 0)::regproc::text,
                     'MINVFUNC = ' || nullif(a.aggminvtransfn, 0)::regproc::text,
                     'MSTYPE = ' || CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END,
                     'MSSPACE = ' || nullif(a.aggmtransspace, 0),
                     'MFINALFUNC = ' || nullif(a.aggmfinalfn, 0)::regproc::text,
                     CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
                     CASE WHEN a.aggmtransfn <> 0 THEN
                       'MFINALFUNC_MODIFY = ' || CASE nullif(a.aggmfinalmodify, u.modify) WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE'
                                                                                        WHEN 'w' THEN 'READ_WRITE' END END,
                     'MINITCOND = ' || quote_literal(a.aggminitval),
                     'SORTOP = ' || (SELECT format('OPERATOR(%I.%s)', m.nspname, o.oprname) FROM pg_operator AS o
                                     JOIN pg_namespace AS m ON m.oid = o.oprnamespace WHERE o.oid = a.aggsortop),
                     'PARALLEL = ' || CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' END,
                     CASE WHEN a.aggkind = 'h' THEN 'HYPOTHETICAL' END))
            FROM pg_aggregate AS a
            CROSS JOIN LATERAL (SELECT (CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END)::"char" AS modify) AS u
            WHERE a.aggfnoid = p.oid) END,
         NULL, NULL
  FROM pg_proc AS p
  JOIN pg_namespace AS n ON n.oid = p.pronamespace
  CROSS JOIN LATERAL (
    SELECT CASE p.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END AS word,
           CASE WHEN p.prokind = 'a' AND p.pronargs = 0 THEN '*'
                WHEN p.prokind = 'a' THEN pg_get_function_identity_arguments(p.oid)
                ELSE (SELECT string_agg(format_type(t.type, NULL), ', ' ORDER BY t.place)
                      FROM unnest(p.proargtypes) WITH ORDINALITY AS t (type, place)) END AS arguments) AS k
  UNION ALL
  SELECT 'pg_type'::regclass, t.oid, n.nspname, t.typowner, 4, CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END,
         format('%I.%I', n.nspname, t.typname),
         CASE t.typtype
           WHEN 'e' THEN
             (SELECT format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
                            string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder))
              FROM pg_enum AS e WHERE e.enumtypid = t.oid)
           WHEN 'c' THEN
             (SELECT format('CREATE TYPE %I.%I AS (%s)', n.nspname, t.typname,
                            E'\n' || string_agg(format('  %I %s%s', a.attname, format_type(a.atttypid, a.atttypmod), y.clause),
                                                E',\n' ORDER BY a.attnum) || E'\n')
              FROM pg_attribute AS a
              JOIN pg_type AS b ON b.oid = a.atttypid
              LEFT JOIN LATERAL (SELECT format(' COLLATE %I.%I', m.nspname, o.collname) AS clause
                                 FROM pg_collation AS o JOIN pg_namespace AS m ON m.oid = o.collnamespace
                                 WHERE o.oid = a.attcollation AND a.attcollation <> b.typcollation) AS y ON true
              WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)
           WHEN 'd' THEN
             format('CREATE DOMAIN %I.%I AS %s%s%s%s%s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
                    (SELECT format(' COLLATE %I.%I', m.nspname, o.collname)
                     FROM pg_collation AS o JOIN pg_namespace AS m ON m.oid = o.collnamespace
                     JOIN pg_type AS b ON b.oid = t.typbasetype
                     WHERE o.oid = t.typcollation AND t.typcollation <> b.typcollation),
                    ' DEFAULT ' || pg_get_expr(t.typdefaultbin, 0),
                    CASE WHEN t.typnotnull THEN ' NOT NULL' END,
                    (SELECT string_agg(format(E'\n  CONSTRAINT %I %s', k.conname,
                                              regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', '')), '' ORDER BY k.conname)
                     FROM pg_constraint AS k WHERE k.contypid = t.oid AND k.contype = 'c'))
           WHEN 'r' THEN
             (SELECT format(E'CREATE TYPE %I.%I AS RANGE (\n  %s\n)', n.nspname, t.typname, concat_ws(E',\n  ',
                       'SUBTYPE = ' || format_type(r.rngsubtype, NULL),
                       'SUBTYPE_OPCLASS = ' || (SELECT format('%I.%I', m.nspname, o.opcname) FROM pg_opclass AS o
                                                JOIN pg_namespace AS m ON m.oid = o.opcnamespace
                                                WHERE o.oid = r.rngsubopc AND NOT o.opcdefault),
                       'COLLATION = ' || (SELECT format('%I.%I', m.nspname, o.collname) FROM pg_collation AS o
                                          JOIN pg_namespace AS m ON m.oid = o.collnamespace JOIN pg_type AS b ON b.oid = r.rngsubtype
                                          WHERE o.oid = r.rngcollation AND r.rngcollation <> b.typcollation),
                       'SUBTYPE_DIFF = ' || nullif(r.rngsubdiff, 0)::regproc::text,
                       (SELECT format('MULTIRANGE_TYPE_NAME = %I.%I', m.nspname, y.typname) -- since 14
                        FROM pg_type AS y JOIN pg_namespace AS m ON m.oid = y.typnamespace -- since 14
                        WHERE y.oid = r.rngmultitypid -- since 14
                          AND y.typname <> CASE WHEN t.typname ~ 'range' THEN regexp_replace(t.typname, 'range', 'multirange') -- since 14
                                                ELSE t.typname || '_multirange' END), -- since 14
                       NULL))
              FROM pg_range AS r WHERE r.rngtypid = t.oid)
         END,
         CASE WHEN EXISTS (SELECT FROM pg_constraint AS k WHERE k.contypid = t.oid AND NOT k.convalidated)
              THEN 'that a constraint is NOT VALID' END,
         CASE WHEN EXISTS (SELECT FROM pg_range AS r WHERE r.rngtypid = t.oid AND r.rngcanonical <> 0)
              THEN 'it and its canonical function need each other' END
  FROM pg_type AS t
  JOIN pg_namespace AS n ON n.oid = t.typnamespace
  WHERE t.typtype IN ('e', 'd', 'r')
     OR t.typtype = 'c' AND EXISTS (SELECT FROM pg_class AS c WHERE c.oid = t.typrelid AND c.relkind = 'c')
  UNION ALL
  SELECT 'pg_trigger'::regclass, t.oid, n.nspname, c.relowner, 5, 'TRIGGER', format('%I ON %I.%I', t.tgname, n.nspname, c.relname),
         pg_get_triggerdef(t.oid), NULL, NULL
  FROM pg_trigger AS t
  JOIN pg_class AS c ON c.oid = t.tgrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE NOT t.tgisinternal
    AND t.tgparentid = 0 -- since 13
  UNION ALL
  SELECT 'pg_rewrite'::regclass, r.oid, n.nspname, c.relowner, 6, 'RULE', format('%I ON %I.%I', r.rulename, n.nspname, c.relname),
         btrim(pg_get_ruledef(r.oid), E' \n;'), NULL, NULL
  FROM pg_rewrite AS r
  JOIN pg_class AS c ON c.oid = r.ev_class
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE r.rulename <> '_RETURN'
  UNION ALL
  SELECT 'pg_policy'::regclass, y.oid, n.nspname, c.relowner, 7, 'POLICY', format('%I ON %I.%I', y.polname, n.nspname, c.relname),
         format('CREATE POLICY %I ON %I.%I%s%s%s%s%s', y.polname, n.nspname, c.relname,
                CASE WHEN NOT y.polpermissive THEN ' AS RESTRICTIVE' END,
                CASE y.polcmd WHEN 'r' THEN ' FOR SELECT' WHEN 'a' THEN ' FOR INSERT' WHEN 'w' THEN ' FOR UPDATE'
                              WHEN 'd' THEN ' FOR DELETE' END,
                (SELECT ' TO ' || string_agg(quote_ident(o.rolname), ', ' ORDER BY o.rolname) FROM pg_roles AS o WHERE o.oid = ANY (y.polroles)),
                E'\n  USING (' || pg_get_expr(y.polqual, y.polrelid) || ')',
                E'\n  WITH CHECK (' || pg_get_expr(y.polwithcheck, y.polrelid) || ')'), NULL, NULL
  FROM pg_policy AS y
  JOIN pg_class AS c ON c.oid = y.polrelid
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  UNION ALL
  SELECT 'pg_operator'::regclass, o.oid, n.nspname, o.oprowner, 8, 'OPERATOR',
         format('%I.%s (%s, %s)', n.nspname, o.oprname, CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END,
                CASE WHEN o.oprright = 0 THEN 'NONE' ELSE format_type(o.oprright, NULL) END),
         format(E'CREATE OPERATOR %I.%s (\n  %s\n)', n.nspname, o.oprname, concat_ws(E',\n  ',
           'FUNCTION = ' || o.oprcode::regproc::text,
           'LEFTARG = ' || CASE WHEN o.oprleft <> 0 THEN format_type(o.oprleft, NULL) END,
           'RIGHTARG = ' || CASE WHEN o.oprright <> 0 THEN format_type(o.oprright, NULL) END,
           (SELECT format('COMMUTATOR = OPERATOR(%I.%s)', m.nspname, x.oprname) FROM pg_operator AS x
            JOIN pg_namespace AS m ON m.oid = x.oprnamespace WHERE x.oid = o.oprcom),
           (SELECT format('NEGATOR = OPERATOR(%I.%s)', m.nspname, x.oprname) FROM pg_operator AS x
            JOIN pg_namespace AS m ON m.oid = x.oprnamespace WHERE x.oid = o.oprnegate),
           'RESTRICT = ' || nullif(o.oprrest, 0)::regproc::text,
           'JOIN = ' || nullif(o.oprjoin, 0)::regproc::text,
           CASE WHEN o.oprcanhash THEN 'HASHES' END,
           CASE WHEN o.oprcanmerge THEN 'MERGES' END)), NULL, NULL
  FROM pg_operator AS o
  JOIN pg_namespace AS n ON n.oid = o.oprnamespace
  WHERE o.oprcode <> 0
  UNION ALL
  SELECT 'pg_cast'::regclass, k.oid, coalesce(f.schema, s.nspname), NULL, 9, 'CAST',
         format('(%s AS %s)', format_type(k.castsource, NULL), format_type(k.casttarget, NULL)),
         format('CREATE CAST (%s AS %s) %s%s', format_type(k.castsource, NULL), format_type(k.casttarget, NULL),
                CASE k.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || k.castfunc::regprocedure::text WHEN 'b' THEN 'WITHOUT FUNCTION'
                                  ELSE 'WITH INOUT' END,
                CASE k.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' END), NULL, NULL
  FROM pg_cast AS k
  JOIN pg_type AS t ON t.oid = CASE WHEN k.castsource >= 16384 THEN k.castsource ELSE k.casttarget END
  JOIN pg_namespace AS s ON s.oid = t.typnamespace
  -- It is of its function's schema, if it has one; of its type's otherwise.
  LEFT JOIN LATERAL (SELECT m.nspname AS schema FROM pg_proc AS p JOIN pg_namespace AS m ON m.oid = p.pronamespace
                     WHERE p.oid = k.castfunc AND p.oid >= 16384) AS f ON true
) AS a
WHERE a.objid >= 16384
  AND a.schema NOT LIKE 'pg\_%' AND a.schema NOT IN ('information_schema', 'pgpm_migrate')
  AND ($1::text[] IS NULL OR a.schema = ANY ($1::text[]))
  -- Internal: a range type's constructors, and the cast to its multirange.
  AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = a.classid AND d.objid = a.objid AND d.deptype IN ('e', 'i'))
ORDER BY a.rank, a.schema, a.name COLLATE "C"
