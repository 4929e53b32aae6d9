-- All that the server knows to need the objects of $1 ([{"classid": ..., "objid": ...}, ...]), directly or through others.
-- One row an edge: what needs, what is needed, and how ("n" normal, "a" goes with it, "i" is a part of it). A rule _RETURN is
-- its view, a row of pg_class for a composite type is the type.
WITH RECURSIVE found (classid, objid) AS (
  SELECT s.classid, s.objid FROM jsonb_to_recordset($1::jsonb) AS s (classid oid, objid oid)
  UNION
  SELECT u.classid, u.objid
  FROM found AS f
  JOIN pg_depend AS d ON d.refclassid = f.classid AND d.refobjid = f.objid
  LEFT JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND r.rulename = '_RETURN'
  LEFT JOIN pg_class AS c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.relkind = 'c'
  CROSS JOIN LATERAL (SELECT CASE WHEN r.oid IS NOT NULL THEN 'pg_class'::regclass::oid
                                  WHEN c.oid IS NOT NULL THEN 'pg_type'::regclass::oid ELSE d.classid END AS classid,
                             coalesce(r.ev_class, c.reltype, d.objid) AS objid) AS u
  WHERE d.deptype IN ('n', 'a', 'i', 'P', 'S') AND d.objid >= 16384
    -- What hangs on a TOAST table is the server's own.
    AND NOT EXISTS (SELECT FROM pg_class AS t WHERE d.classid = 'pg_class'::regclass AND t.oid = d.objid AND t.relkind = 't')
)
SELECT DISTINCT u.classid, u.objid, f.classid, f.objid, d.deptype
FROM found AS f
JOIN pg_depend AS d ON d.refclassid = f.classid AND d.refobjid = f.objid
LEFT JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND r.rulename = '_RETURN'
LEFT JOIN pg_class AS c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.relkind = 'c'
CROSS JOIN LATERAL (SELECT CASE WHEN r.oid IS NOT NULL THEN 'pg_class'::regclass::oid
                                WHEN c.oid IS NOT NULL THEN 'pg_type'::regclass::oid ELSE d.classid END AS classid,
                           coalesce(r.ev_class, c.reltype, d.objid) AS objid) AS u
WHERE d.deptype IN ('n', 'a', 'i', 'P', 'S') AND d.objid >= 16384 AND (u.classid, u.objid) <> (f.classid, f.objid)
