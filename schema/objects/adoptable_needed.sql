-- What cannot be declared since something needs it that is made by migrations, which run first: tables with their defaults,
-- constraints and indexes, and all that no file can declare. One row an object: what it is, and who needs it.
WITH RECURSIVE tables AS (
  SELECT c.oid FROM pg_class AS c
  WHERE c.relkind IN ('r', 'p', 'f', 'S') AND c.oid >= 16384
    AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
),
migrated (classid, objid) AS (
  SELECT 'pg_class'::regclass::oid, t.oid FROM tables AS t
  UNION ALL
  SELECT 'pg_attrdef'::regclass, d.oid FROM pg_attrdef AS d JOIN tables AS t ON t.oid = d.adrelid
  UNION ALL
  -- A constraint trigger is a trigger.
  SELECT 'pg_constraint'::regclass, k.oid FROM pg_constraint AS k JOIN tables AS t ON t.oid = k.conrelid WHERE k.contype <> 't'
  UNION ALL
  SELECT 'pg_class'::regclass, x.indexrelid FROM pg_index AS x JOIN tables AS t ON t.oid = x.indrelid
  UNION ALL
  SELECT 'pg_type'::regclass, y.oid FROM pg_type AS y
  LEFT JOIN pg_range AS r ON r.rngtypid = y.oid
  WHERE y.oid >= 16384
    AND (y.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type AS e WHERE e.typarray = y.oid) OR r.rngcanonical <> 0)
  UNION
  SELECT d.classid, d.objid FROM pg_depend AS d
  WHERE d.objid >= 16384
    AND d.classid NOT IN ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass, 'pg_rewrite'::regclass, 'pg_trigger'::regclass,
                          'pg_policy'::regclass, 'pg_operator'::regclass, 'pg_cast'::regclass, 'pg_constraint'::regclass,
                          'pg_attrdef'::regclass)
),
found (classid, objid, by_classid, by_objid, by_objsubid) AS (
  SELECT DISTINCT ON (d.refclassid, d.refobjid) d.refclassid, d.refobjid, d.classid, d.objid, d.objsubid
  FROM migrated AS m
  JOIN pg_depend AS d ON d.classid = m.classid AND d.objid = m.objid
  WHERE d.refobjid >= 16384 AND d.deptype <> 'e'
    AND NOT EXISTS (SELECT FROM migrated AS k WHERE k.classid = d.refclassid AND k.objid = d.refobjid)
  UNION
  SELECT d.refclassid, d.refobjid, f.by_classid, f.by_objid, f.by_objsubid
  FROM found AS f
  JOIN LATERAL (
    SELECT f.classid AS classid, f.objid AS objid
    UNION ALL
    -- What makes it is recorded with a part of it: a view's query, a composite type's attributes, a domain's constraints.
    SELECT 'pg_rewrite'::regclass, r.oid FROM pg_rewrite AS r
    WHERE f.classid = 'pg_class'::regclass AND r.ev_class = f.objid AND r.rulename = '_RETURN'
    UNION ALL
    SELECT 'pg_class'::regclass, y.typrelid FROM pg_type AS y
    WHERE f.classid = 'pg_type'::regclass AND y.oid = f.objid AND y.typtype = 'c'
    UNION ALL
    SELECT 'pg_constraint'::regclass, k.oid FROM pg_constraint AS k WHERE f.classid = 'pg_type'::regclass AND k.contypid = f.objid
  ) AS p ON true
  JOIN pg_depend AS d ON d.classid = p.classid AND d.objid = p.objid
  WHERE d.refobjid >= 16384 AND d.deptype <> 'e'
)
SELECT f.classid, f.objid, min(pg_describe_object(f.by_classid, f.by_objid, f.by_objsubid)) AS needed_by
FROM found AS f
GROUP BY 1, 2
