-- From owners of catalog rows that moved ($1: class, $2: oid, $3: whether it was there before) to the relations and routines that are to be
-- read again: those that the rows belong to, and those whose definitions may name one of them in other words now. A row
-- with oid 0 means that this cannot be told, and all is to be read again: what moved belongs to an extension or to
-- pg_catalog (whose names can hide others), or something else than a relation or routine depends on it.
WITH touched AS (
  SELECT * FROM unnest($1, $2, $3) AS t(class, oid, known)),
belonging AS (
  SELECT class, oid, known FROM touched WHERE class IN ('pg_class'::regclass, 'pg_proc'::regclass)
  UNION ALL
  SELECT 'pg_class'::regclass, k.conrelid, true FROM touched t JOIN pg_constraint k ON k.oid = t.oid
   WHERE t.class = 'pg_constraint'::regclass
  UNION ALL
  SELECT 'pg_class'::regclass, g.tgrelid, true FROM touched t JOIN pg_trigger g ON g.oid = t.oid
   WHERE t.class = 'pg_trigger'::regclass
  UNION ALL
  SELECT 'pg_class'::regclass, r.ev_class, true FROM touched t JOIN pg_rewrite r ON r.oid = t.oid
   WHERE t.class = 'pg_rewrite'::regclass
  UNION ALL
  SELECT 'pg_class'::regclass, p.polrelid, true FROM touched t JOIN pg_policy p ON p.oid = t.oid
   WHERE t.class = 'pg_policy'::regclass
  UNION ALL
  SELECT 'pg_class'::regclass, s.stxrelid, true FROM touched t JOIN pg_statistic_ext s ON s.oid = t.oid
   WHERE t.class = 'pg_statistic_ext'::regclass),
-- an index is read with its table, TOAST storage with what it stores for
listed AS (
  SELECT b.class, coalesce(i.indrelid, b.oid) AS oid, b.known
    FROM belonging b
    LEFT JOIN pg_index i ON b.class = 'pg_class'::regclass AND i.indexrelid = b.oid),
moved AS (
  SELECT l.class, coalesce(s.oid, l.oid) AS oid, bool_or(l.known) AS known
    FROM listed l
    LEFT JOIN pg_class t ON l.class = 'pg_class'::regclass AND t.oid = l.oid AND t.relkind = 't'
    LEFT JOIN pg_class s ON t.oid IS NOT NULL AND s.reltoastrelid = t.oid
   GROUP BY 1, 2),
referenced AS (
  SELECT class, oid FROM moved WHERE known
  UNION
  SELECT 'pg_class'::regclass, i.indexrelid FROM moved m JOIN pg_index i ON i.indrelid = m.oid
   WHERE m.known AND m.class = 'pg_class'::regclass
  UNION
  SELECT 'pg_constraint'::regclass, k.oid FROM moved m JOIN pg_constraint k ON k.conrelid = m.oid
   WHERE m.known AND m.class = 'pg_class'::regclass
  UNION
  SELECT 'pg_type'::regclass, y.oid
    FROM moved m JOIN pg_class c ON c.oid = m.oid JOIN pg_type y ON c.reltype <> 0 AND y.oid = c.reltype
   WHERE m.known AND m.class = 'pg_class'::regclass
  UNION
  SELECT 'pg_type'::regclass, y.typarray
    FROM moved m JOIN pg_class c ON c.oid = m.oid JOIN pg_type y ON c.reltype <> 0 AND y.oid = c.reltype
   WHERE m.known AND m.class = 'pg_class'::regclass AND y.typarray <> 0),
dependants AS (
  SELECT DISTINCT d.classid AS class, d.objid AS oid
    FROM referenced r JOIN pg_depend d ON d.refclassid = r.class AND d.refobjid = r.oid
   WHERE d.deptype <> 'e'),
dependant_parts AS (
  SELECT CASE d.class
           WHEN 'pg_class'::regclass THEN coalesce((SELECT i.indrelid FROM pg_index i WHERE i.indexrelid = d.oid), d.oid)
           WHEN 'pg_proc'::regclass THEN
             CASE WHEN (SELECT p.prokind FROM pg_proc p WHERE p.oid = d.oid) = 'a' THEN 0 ELSE d.oid END
           WHEN 'pg_rewrite'::regclass THEN (SELECT r.ev_class FROM pg_rewrite r WHERE r.oid = d.oid)
           WHEN 'pg_constraint'::regclass THEN (SELECT k.conrelid FROM pg_constraint k WHERE k.oid = d.oid)
           WHEN 'pg_attrdef'::regclass THEN (SELECT a.adrelid FROM pg_attrdef a WHERE a.oid = d.oid)
           WHEN 'pg_trigger'::regclass THEN (SELECT t.tgrelid FROM pg_trigger t WHERE t.oid = d.oid)
           WHEN 'pg_policy'::regclass THEN (SELECT p.polrelid FROM pg_policy p WHERE p.oid = d.oid)
           WHEN 'pg_statistic_ext'::regclass THEN (SELECT s.stxrelid FROM pg_statistic_ext s WHERE s.oid = d.oid)
           WHEN 'pg_type'::regclass THEN
             (SELECT CASE WHEN y.typelem <> 0 AND y.typarray = 0 AND y.typcategory = 'A' THEN NULL ELSE y.typrelid END
                FROM pg_type y WHERE y.oid = d.oid)
           ELSE 0 END AS oid,
         CASE d.class WHEN 'pg_proc'::regclass THEN d.class ELSE 'pg_class'::regclass END AS class
    FROM dependants d),
parts AS (
  SELECT class, oid FROM moved
  UNION
  SELECT class, oid FROM dependant_parts WHERE oid IS NOT NULL)
SELECT class::oid::bigint AS class, oid::bigint AS oid FROM parts
UNION ALL
SELECT 0, 0
 WHERE EXISTS (SELECT FROM parts p JOIN pg_depend e ON e.classid = p.class AND e.objid = p.oid AND e.deptype = 'e')
    OR EXISTS (SELECT FROM parts p JOIN pg_proc f ON p.class = 'pg_proc'::regclass AND f.oid = p.oid
                WHERE f.pronamespace = 'pg_catalog'::regnamespace)
    OR EXISTS (SELECT FROM parts p JOIN pg_class c ON p.class = 'pg_class'::regclass AND c.oid = p.oid
                WHERE c.relnamespace = 'pg_catalog'::regnamespace)
