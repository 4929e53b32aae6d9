-- Operator families with their operators and support functions. A family of the server or of an extension is listed
-- when a script has added operators or functions of its own to it.
WITH operators AS (
  SELECT a.amopfamily AS family,
         string_agg(a.amopstrategy || ' ' || a.amopopr::regoperator
                      || CASE WHEN a.amopsortfamily <> 0 THEN
                              (SELECT ' for order by ' || quote_ident(n.nspname) || '.' || quote_ident(s.opfname)
                                 FROM pg_opfamily s JOIN pg_namespace n ON n.oid = s.opfnamespace
                                WHERE s.oid = a.amopsortfamily)
                              ELSE '' END, ', '
                    ORDER BY format_type(a.amoplefttype, NULL) COLLATE "C", format_type(a.amoprighttype, NULL) COLLATE "C",
                             a.amopstrategy) AS list
    FROM pg_amop a
   WHERE a.oid >= 16384
     AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_operator'::regclass AND e.objid = a.amopopr AND e.deptype = 'e')
   GROUP BY a.amopfamily),
functions AS (
  SELECT a.amprocfamily AS family,
         string_agg(a.amprocnum || ' (' || format_type(a.amproclefttype, NULL) || ', '
                      || format_type(a.amprocrighttype, NULL) || ') ' || a.amproc::regprocedure, ', '
                    ORDER BY format_type(a.amproclefttype, NULL) COLLATE "C",
                             format_type(a.amprocrighttype, NULL) COLLATE "C", a.amprocnum) AS list
    FROM pg_amproc a
   WHERE a.oid >= 16384
     AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_proc'::regclass AND e.objid = a.amproc AND e.deptype = 'e')
   GROUP BY a.amprocfamily)
SELECT 'operator family' AS kind, n.nspname AS schema,
       quote_ident(n.nspname) || '.' || quote_ident(f.opfname) || ' using ' || quote_ident(m.amname) AS identity,
       NULL AS within,
       o.list AS operators,
       p.list AS functions,
       pg_get_userbyid(f.opfowner) AS owner,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_opfamily'::regclass AND d.objoid = f.oid AND d.objsubid = 0) AS comment
  FROM pg_opfamily f
  JOIN pg_namespace n ON n.oid = f.opfnamespace
  JOIN pg_am m ON m.oid = f.opfmethod
  LEFT JOIN operators o ON o.family = f.oid
  LEFT JOIN functions p ON p.family = f.oid
 WHERE (f.oid >= 16384
        AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_opfamily'::regclass AND e.objid = f.oid AND e.deptype = 'e'))
    OR (f.oid < 16384 AND (o.list IS NOT NULL OR p.list IS NOT NULL))
