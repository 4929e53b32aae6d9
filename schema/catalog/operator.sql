-- Operators.
SELECT 'operator' AS kind, n.nspname AS schema, o.oid::regoperator::text AS identity, NULL AS within,
       nullif(o.oprcode, 0)::regprocedure AS function,
       CASE WHEN o.oprresult <> 0 THEN format_type(o.oprresult, NULL) END AS returns,
       nullif(o.oprcom, 0)::regoperator AS commutator,
       nullif(o.oprnegate, 0)::regoperator AS negator,
       nullif(o.oprrest, 0)::regprocedure AS restrict,
       nullif(o.oprjoin, 0)::regprocedure AS "join",
       nullif(o.oprcanhash, false)::text AS hashes,
       nullif(o.oprcanmerge, false)::text AS merges,
       pg_get_userbyid(o.oprowner) AS owner,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_operator'::regclass AND d.objoid = o.oid AND d.objsubid = 0) AS comment
  FROM pg_operator o
  JOIN pg_namespace n ON n.oid = o.oprnamespace
 WHERE o.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_operator'::regclass AND e.objid = o.oid AND e.deptype = 'e')
