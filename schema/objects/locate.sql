-- Where declared objects are in the catalogs. $1: [{"n": 0, "class": "relation", "schema": "s", "name": "v", "on_schema": "",
-- "on_name": "", "args": ["integer"]}, ...]. One row for each that is there.
-- Branches of classes that are not asked for are left out (catalog_branches.h).
SELECT w.n, f.classid, f.objid
FROM jsonb_to_recordset($1::jsonb) AS w (n integer, class text, schema text, name text, on_schema text, on_name text, args text[])
CROSS JOIN LATERAL (
  SELECT NULL::oid AS classid, NULL::oid AS objid WHERE false
  -- of relation
  UNION ALL
  SELECT 'pg_class'::regclass, c.oid
  FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE w.class = 'relation' AND n.nspname = w.schema AND c.relname = w.name AND c.relkind IN ('v', 'm', 'i', 'I')
  -- of routine
  UNION ALL
  SELECT 'pg_proc'::regclass, p.oid
  FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
  WHERE w.class = 'routine' AND n.nspname = w.schema AND p.proname = w.name
    AND p.pronargs = coalesce(array_length(w.args, 1), 0)
    AND NOT EXISTS (SELECT FROM unnest(w.args) WITH ORDINALITY AS a (type, place)
                    WHERE to_regtype(a.type) IS DISTINCT FROM p.proargtypes[a.place - 1])
  -- of type
  UNION ALL
  SELECT 'pg_type'::regclass, t.oid
  FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
  WHERE w.class = 'type' AND n.nspname = w.schema AND t.typname = w.name
    AND (t.typrelid = 0 OR EXISTS (SELECT FROM pg_class AS c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
  -- of trigger
  UNION ALL
  SELECT 'pg_trigger'::regclass, t.oid
  FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE w.class = 'trigger' AND n.nspname = w.on_schema AND c.relname = w.on_name AND t.tgname = w.name
    AND NOT t.tgisinternal
  -- of rule
  UNION ALL
  SELECT 'pg_rewrite'::regclass, r.oid
  FROM pg_rewrite AS r JOIN pg_class AS c ON c.oid = r.ev_class JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE w.class = 'rule' AND n.nspname = w.on_schema AND c.relname = w.on_name AND r.rulename = w.name
  -- of policy
  UNION ALL
  SELECT 'pg_policy'::regclass, y.oid
  FROM pg_policy AS y JOIN pg_class AS c ON c.oid = y.polrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
  WHERE w.class = 'policy' AND n.nspname = w.on_schema AND c.relname = w.on_name AND y.polname = w.name
  -- of operator
  UNION ALL
  SELECT 'pg_operator'::regclass, o.oid
  FROM pg_operator AS o JOIN pg_namespace AS n ON n.oid = o.oprnamespace
  WHERE w.class = 'operator' AND n.nspname = w.schema AND o.oprname = w.name
    AND o.oprleft = coalesce(to_regtype(nullif(w.args[1], 'NONE')), 0)
    AND o.oprright = coalesce(to_regtype(nullif(w.args[2], 'NONE')), 0)
  -- of cast
  UNION ALL
  SELECT 'pg_cast'::regclass, k.oid
  FROM pg_cast AS k
  WHERE w.class = 'cast' AND k.castsource = to_regtype(w.args[1]) AND k.casttarget = to_regtype(w.args[2])
  -- of all
) AS f
ORDER BY w.n
