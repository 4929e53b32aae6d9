-- Casts, without those that come and go with a range type.
SELECT 'cast' AS kind, NULL AS schema,
       '(' || format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL) || ')' AS identity,
       NULL AS within,
       CASE c.castmethod WHEN 'b' THEN 'without function' WHEN 'i' THEN 'with inout'
                         ELSE c.castfunc::regprocedure::text END AS method,
       CASE c.castcontext WHEN 'e' THEN 'explicit' WHEN 'a' THEN 'assignment' ELSE 'implicit' END AS context,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_cast'::regclass AND d.objoid = c.oid AND d.objsubid = 0) AS comment
  FROM pg_cast c
 WHERE c.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_cast'::regclass AND e.objid = c.oid AND e.deptype IN ('e', 'i'))
