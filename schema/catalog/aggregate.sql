-- Aggregates: plain, ordered-set and hypothetical-set.
SELECT 'aggregate' AS kind, n.nspname AS schema, p.oid::regprocedure::text AS identity, NULL AS within,
       pg_get_function_arguments(p.oid) AS arguments,
       pg_get_function_result(p.oid) AS returns,
       CASE a.aggkind WHEN 'o' THEN 'ordered-set' WHEN 'h' THEN 'hypothetical-set' END AS form,
       nullif(a.aggtransfn, 0)::regprocedure AS "state function",
       format_type(a.aggtranstype, NULL) AS "state type",
       nullif(a.aggtransspace, 0) AS "state size",
       a.agginitval AS "initial value",
       nullif(a.aggfinalfn, 0)::regprocedure AS "final function",
       nullif(a.aggfinalextra, false)::text AS "final function extra",
       a.aggfinalmodify AS "final function modifies",
       nullif(a.aggcombinefn, 0)::regprocedure AS "combine function",
       nullif(a.aggserialfn, 0)::regprocedure AS "serial function",
       nullif(a.aggdeserialfn, 0)::regprocedure AS "deserial function",
       nullif(a.aggmtransfn, 0)::regprocedure AS "moving state function",
       nullif(a.aggminvtransfn, 0)::regprocedure AS "moving inverse function",
       nullif(a.aggmfinalfn, 0)::regprocedure AS "moving final function",
       nullif(a.aggmfinalextra, false)::text AS "moving final function extra",
       a.aggmfinalmodify AS "moving final function modifies",
       CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END AS "moving state type",
       nullif(a.aggmtransspace, 0) AS "moving state size",
       a.aggminitval AS "moving initial value",
       nullif(a.aggsortop, 0)::regoperator AS "sort operator",
       p.proparallel AS parallel,
       pg_get_userbyid(p.proowner) AS owner,
       (SELECT coalesce(string_agg(g::text, ', ' ORDER BY g::text COLLATE "C"), 'none')
          FROM unnest(coalesce(p.proacl, acldefault('f', p.proowner))) g) AS grants,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_proc'::regclass AND d.objoid = p.oid AND d.objsubid = 0) AS comment
  FROM pg_aggregate a
  JOIN pg_proc p ON p.oid = a.aggfnoid
  JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE p.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')
