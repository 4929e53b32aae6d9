-- Functions, window functions and procedures. The definition holds everything but owner, grants and comment: body,
-- settings, volatility, parallel safety, leakproof, security definer, cost, rows, support function.
SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'w' THEN 'window function' ELSE 'function' END AS kind,
       n.nspname AS schema, p.oid::regprocedure::text AS identity, NULL AS within,
       pg_get_functiondef(p.oid) AS definition,
       pg_get_userbyid(p.proowner) AS owner,
       (SELECT coalesce(string_agg(g::text, ', ' ORDER BY g::text COLLATE "C"), 'none')
          FROM unnest(coalesce(p.proacl, acldefault('f', p.proowner))) g) AS grants,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_proc'::regclass AND d.objoid = p.oid AND d.objsubid = 0) AS comment
  FROM pg_proc p
  JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE p.prokind <> 'a' AND p.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')
   -- the constructors of a range type come and go with it
   AND NOT EXISTS (SELECT FROM pg_depend i
                    WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i'
                      AND i.refclassid = 'pg_type'::regclass)
