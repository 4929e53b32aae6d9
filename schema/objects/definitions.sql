-- What objects are, in the server's words. $1: [{"classid": 1259, "objid": 16384}, ...]. definition: everything a file says about
-- it; interface: what others that use it rely on.
-- Branches of classes that are not asked for are left out (catalog_branches.h).
SELECT w.classid, w.objid, f.definition, f.interface
FROM jsonb_to_recordset($1::jsonb) AS w (classid oid, objid oid)
CROSS JOIN LATERAL (
  SELECT NULL::text AS definition, NULL::text AS interface WHERE false
  -- of relation
  UNION ALL
  SELECT format('%s %s %s %s', c.relkind, c.reloptions, pg_get_viewdef(c.oid), columns.list) AS definition,
         columns.list AS interface
  FROM pg_class AS c
  CROSS JOIN LATERAL (
    SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, NULL)), ', ' ORDER BY a.attnum) AS list
    FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
  WHERE w.classid = 'pg_class'::regclass AND c.oid = w.objid AND c.relkind IN ('v', 'm')
  UNION ALL
  SELECT pg_get_indexdef(c.oid), '' FROM pg_class AS c
  WHERE w.classid = 'pg_class'::regclass AND c.oid = w.objid AND c.relkind IN ('i', 'I')
  -- of routine
  UNION ALL
  SELECT CASE WHEN p.prokind = 'a' THEN
           (SELECT format('%s %s %s %s %s %s %s %s', pg_get_function_arguments(p.oid), a.aggkind, a.aggtransfn::regprocedure,
                          a.aggfinalfn::regprocedure, a.aggcombinefn::regprocedure, format_type(a.aggtranstype, NULL),
                          a.agginitval, a.aggsortop::regoperator)
            FROM pg_aggregate AS a WHERE a.aggfnoid = p.oid)
         ELSE pg_get_functiondef(p.oid) END,
         format('%s (%s) %s', p.prokind, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid))
  FROM pg_proc AS p WHERE w.classid = 'pg_proc'::regclass AND p.oid = w.objid
  -- of type
  UNION ALL
  SELECT d.text, CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) ELSE d.text END
  FROM pg_type AS t
  CROSS JOIN LATERAL (
    SELECT CASE t.typtype
      WHEN 'e' THEN (SELECT 'enum ' || string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
                     FROM pg_enum AS e WHERE e.enumtypid = t.oid)
      WHEN 'c' THEN (SELECT 'composite ' || coalesce(string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)),
                                                                ', ' ORDER BY a.attnum), '')
                     FROM pg_attribute AS a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)
      WHEN 'd' THEN format('domain %s %s %s %s', format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault,
                           (SELECT string_agg(format('%I %s', k.conname, pg_get_constraintdef(k.oid)), ', ' ORDER BY k.conname)
                            FROM pg_constraint AS k WHERE k.contypid = t.oid))
      WHEN 'r' THEN (SELECT format('range %s %s %s', format_type(r.rngsubtype, NULL), r.rngcanonical, r.rngsubdiff)
                     FROM pg_range AS r WHERE r.rngtypid = t.oid)
      ELSE t.typtype::text END AS text) AS d
  WHERE w.classid = 'pg_type'::regclass AND t.oid = w.objid
  -- of trigger
  UNION ALL
  SELECT pg_get_triggerdef(t.oid), '' FROM pg_trigger AS t WHERE w.classid = 'pg_trigger'::regclass AND t.oid = w.objid
  -- of rule
  UNION ALL
  SELECT pg_get_ruledef(r.oid), '' FROM pg_rewrite AS r WHERE w.classid = 'pg_rewrite'::regclass AND r.oid = w.objid
  -- of policy
  UNION ALL
  SELECT format('%s %s %s %s %s %s', y.polname, y.polcmd, y.polpermissive,
                (SELECT string_agg(coalesce(r.rolname, 'public'), ', ' ORDER BY r.rolname)
                 FROM unnest(y.polroles) AS u (oid) LEFT JOIN pg_roles AS r ON r.oid = u.oid),
                pg_get_expr(y.polqual, y.polrelid), pg_get_expr(y.polwithcheck, y.polrelid)), ''
  FROM pg_policy AS y WHERE w.classid = 'pg_policy'::regclass AND y.oid = w.objid
  -- of operator
  UNION ALL
  SELECT format('%s %s %s %s', o.oid::regoperator, o.oprcode, o.oprrest, o.oprjoin),
         format('%s %s', o.oid::regoperator, format_type(o.oprresult, NULL))
  FROM pg_operator AS o WHERE w.classid = 'pg_operator'::regclass AND o.oid = w.objid
  -- of cast
  UNION ALL
  SELECT format('%s %s %s %s %s', format_type(k.castsource, NULL), format_type(k.casttarget, NULL), k.castcontext,
                k.castmethod, k.castfunc::regprocedure), ''
  FROM pg_cast AS k WHERE w.classid = 'pg_cast'::regclass AND k.oid = w.objid
  -- of all
) AS f
