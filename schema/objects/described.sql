-- What a message may call objects that stand in the way, in the session's language and search_path.
SELECT d.classid, d.objid, pg_catalog.pg_describe_object(d.described_class, d.described, 0) AS what
FROM (
  SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, 'pg_class'::regclass::oid AS described_class, c.oid AS described
  FROM pg_class AS c WHERE c.relkind IN ('v', 'm', 'i') AND c.oid >= 16384
  UNION ALL
  SELECT CASE WHEN r.rulename = '_RETURN' THEN 'pg_class'::regclass ELSE 'pg_rewrite'::regclass END,
         CASE WHEN r.rulename = '_RETURN' THEN r.ev_class ELSE r.oid END, 'pg_rewrite'::regclass, r.oid
  FROM pg_rewrite AS r WHERE r.ev_class >= 16384
  UNION ALL
  SELECT 'pg_proc'::regclass, p.oid, 'pg_proc'::regclass, p.oid FROM pg_proc AS p WHERE p.oid >= 16384
  UNION ALL
  SELECT 'pg_type'::regclass, t.oid, 'pg_type'::regclass, t.oid FROM pg_type AS t WHERE t.oid >= 16384 AND t.typelem = 0
  UNION ALL
  SELECT 'pg_trigger'::regclass, t.oid, 'pg_trigger'::regclass, t.oid FROM pg_trigger AS t WHERE NOT t.tgisinternal
  UNION ALL
  SELECT 'pg_policy'::regclass, y.oid, 'pg_policy'::regclass, y.oid FROM pg_policy AS y
  UNION ALL
  SELECT 'pg_operator'::regclass, o.oid, 'pg_operator'::regclass, o.oid FROM pg_operator AS o WHERE o.oid >= 16384
  UNION ALL
  SELECT 'pg_cast'::regclass, k.oid, 'pg_cast'::regclass, k.oid FROM pg_cast AS k WHERE k.oid >= 16384
) AS d
