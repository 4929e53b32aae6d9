-- Relations whose columns or name this transaction changed or made, and types and functions likewise. $1: the transaction's number
-- (32 bits). What other transactions committed meanwhile may be among them.
SELECT DISTINCT 'pg_class'::regclass::oid AS classid, a.attrelid AS objid
FROM pg_attribute AS a
WHERE a.attrelid >= 16384 AND a.attnum > 0 AND pg_catalog.age(a.xmin) <= pg_catalog.age($1::xid)
UNION
SELECT 'pg_type'::regclass, t.oid FROM pg_type AS t
WHERE t.oid >= 16384 AND t.typrelid = 0 AND pg_catalog.age(t.xmin) <= pg_catalog.age($1::xid)
UNION
SELECT 'pg_type'::regclass, e.enumtypid FROM pg_enum AS e
WHERE e.oid >= 16384 AND pg_catalog.age(e.xmin) <= pg_catalog.age($1::xid)
UNION
SELECT 'pg_proc'::regclass, p.oid FROM pg_proc AS p
WHERE p.oid >= 16384 AND pg_catalog.age(p.xmin) <= pg_catalog.age($1::xid)
