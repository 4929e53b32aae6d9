-- What a domain or composite type consists of. $1: oid of pg_type. One row a part: what it is (base, default, not null, constraint,
-- attribute), its name, and its definition.
SELECT 'base' AS part, '' AS name, format('%s COLLATE %s', format_type(t.typbasetype, t.typtypmod), t.typcollation) AS definition, 0 AS place
FROM pg_type AS t WHERE t.oid = $1::oid AND t.typtype = 'd'
UNION ALL
SELECT 'default', '', pg_get_expr(t.typdefaultbin, 0), 1
FROM pg_type AS t WHERE t.oid = $1::oid AND t.typtype = 'd' AND t.typdefaultbin IS NOT NULL
UNION ALL
SELECT 'not null', '', '', 2
FROM pg_type AS t WHERE t.oid = $1::oid AND t.typtype = 'd' AND t.typnotnull
UNION ALL
SELECT 'constraint', k.conname, pg_get_constraintdef(k.oid), 3
FROM pg_constraint AS k WHERE k.contypid = $1::oid AND k.contype = 'c'
UNION ALL
SELECT 'attribute', a.attname,
       format_type(a.atttypid, a.atttypmod)
         || coalesce((SELECT format(' COLLATE %I.%I', n.nspname, c.collname)
                      FROM pg_collation AS c JOIN pg_namespace AS n ON n.oid = c.collnamespace JOIN pg_type AS e ON e.oid = a.atttypid
                      WHERE c.oid = a.attcollation AND a.attcollation <> e.typcollation), ''),
       3 + a.attnum
FROM pg_type AS t JOIN pg_attribute AS a ON a.attrelid = t.typrelid
WHERE t.oid = $1::oid AND t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY 4, 2
