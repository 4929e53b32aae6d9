-- Materialized views without rows that reading the relation $1 would read, directly, through views, or to be filled themselves. Those
-- that others of them are filled from come first.
WITH RECURSIVE reads (relation, depth) AS (
  SELECT $1::oid, 0
  UNION
  SELECT c.oid, reads.depth + 1
  FROM reads
  JOIN pg_rewrite AS r ON r.ev_class = reads.relation AND r.rulename = '_RETURN'
  JOIN pg_depend AS d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
  JOIN pg_class AS c ON c.oid = d.refobjid AND c.oid <> reads.relation
  WHERE c.relkind = 'v' OR c.relkind = 'm' AND NOT c.relispopulated
)
SELECT (pg_identify_object('pg_class'::regclass, c.oid, 0)).identity
FROM reads JOIN pg_class AS c ON c.oid = reads.relation
WHERE c.relkind = 'm' AND reads.depth > 0
GROUP BY c.oid
ORDER BY max(reads.depth) DESC, c.oid
