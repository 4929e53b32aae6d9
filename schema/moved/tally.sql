-- How many rows of the catalog belong to each relation and each routine, and whether one of them is new: written by a
-- transaction that was not over when $1 was the oldest one running. Rows of others are counted under oid 0: what the
-- server brought along, types, and what more catalogs ({others}) hold. Row types and array types come and go with their
-- relation or element. What hangs on a part of a relation (the comment on a constraint) is counted under the part.
SELECT class::oid::bigint AS class, oid::bigint AS oid, sum(n)::bigint AS n, bool_or(new) AS new
  FROM (
SELECT 'pg_class'::regclass AS class, CASE WHEN oid < 16384 THEN 0 ELSE oid END AS oid,
       count(*) AS n, bool_or(age(xmin) <= (SELECT age($1))) AS new
  FROM pg_class GROUP BY 2
UNION ALL
SELECT 'pg_class'::regclass, CASE WHEN attrelid < 16384 THEN 0 ELSE attrelid END,
       count(*), bool_or(age(xmin) <= (SELECT age($1)))
  FROM pg_attribute WHERE attnum > 0 GROUP BY 2
UNION ALL
SELECT 'pg_class'::regclass, CASE WHEN adrelid < 16384 THEN 0 ELSE adrelid END,
       count(*), bool_or(age(xmin) <= (SELECT age($1)))
  FROM pg_attrdef GROUP BY 2
UNION ALL
SELECT 'pg_class'::regclass, CASE WHEN conrelid < 16384 THEN 0 ELSE conrelid END,
       count(*), bool_or(age(xmin) <= (SELECT age($1)))
  FROM pg_constraint GROUP BY 2
UNION ALL
SELECT 'pg_class'::regclass, CASE WHEN indrelid < 16384 THEN 0 ELSE indrelid END,
       count(*), bool_or(age(xmin) <= (SELECT age($1)))
  FROM pg_index GROUP BY 2
UNION ALL
SELECT 'pg_class'::regclass, tgrelid, count(*), bool_or(age(xmin) <= (SELECT age($1)))
  FROM pg_trigger GROUP BY 2
UNION ALL
SELECT 'pg_class'::regclass, CASE WHEN ev_class < 16384 THEN 0 ELSE ev_class END,
       count(*), bool_or(age(xmin) <= (SELECT age($1)))
  FROM pg_rewrite GROUP BY 2
UNION ALL
SELECT 'pg_class'::regclass, polrelid, count(*), bool_or(age(xmin) <= (SELECT age($1)))
  FROM pg_policy GROUP BY 2
UNION ALL
SELECT 'pg_class'::regclass, inhrelid, count(*), bool_or(age(xmin) <= (SELECT age($1)))
  FROM pg_inherits GROUP BY 2
UNION ALL
SELECT 'pg_class'::regclass, partrelid, count(*), bool_or(age(xmin) <= (SELECT age($1)))
  FROM pg_partitioned_table GROUP BY 2
UNION ALL
SELECT 'pg_class'::regclass, ftrelid, count(*), bool_or(age(xmin) <= (SELECT age($1)))
  FROM pg_foreign_table GROUP BY 2
UNION ALL
SELECT 'pg_class'::regclass, seqrelid, count(*), bool_or(age(xmin) <= (SELECT age($1)))
  FROM pg_sequence GROUP BY 2
UNION ALL
SELECT 'pg_class'::regclass, stxrelid, count(*), bool_or(age(xmin) <= (SELECT age($1)))
  FROM pg_statistic_ext GROUP BY 2
UNION ALL
SELECT 'pg_class'::regclass, CASE WHEN typrelid < 16384 THEN 0 ELSE typrelid END,
       count(*), bool_or(age(xmin) <= (SELECT age($1)))
  FROM pg_type WHERE NOT (typelem <> 0 AND typarray = 0 AND typcategory = 'A') GROUP BY 2
UNION ALL
SELECT 'pg_class'::regclass, objid, count(*), bool_or(age(xmin) <= (SELECT age($1)))
  FROM pg_depend
 WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND refobjsubid > 0 AND deptype IN ('a', 'i')
 GROUP BY 2
UNION ALL
SELECT 'pg_class'::regclass, 0, count(*), bool_or(age(xmin) <= (SELECT age($1)))
  FROM pg_depend WHERE deptype = 'e'
UNION ALL
SELECT 'pg_proc'::regclass, CASE WHEN oid < 16384 OR prokind = 'a' THEN 0 ELSE oid END,
       count(*), bool_or(age(xmin) <= (SELECT age($1)))
  FROM pg_proc GROUP BY 2
UNION ALL
SELECT CASE WHEN is_part THEN classoid ELSE 0 END, CASE WHEN is_part THEN objoid ELSE 0 END, count(*), bool_or(new)
  FROM (SELECT classoid, objoid, age(xmin) <= (SELECT age($1)) AS new,
               classoid IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_constraint'::regclass, 'pg_trigger'::regclass,
                            'pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_statistic_ext'::regclass) AS is_part
          FROM pg_description WHERE objoid >= 16384) description
 GROUP BY 1, 2
UNION ALL
SELECT 0, 0, count(*), bool_or(age(xmin) <= (SELECT age($1)))
  FROM pg_description WHERE objoid < 16384
{others}) counted
 GROUP BY 1, 2
