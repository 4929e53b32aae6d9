-- Text search templates.
SELECT 'text search template' AS kind, n.nspname AS schema,
       quote_ident(n.nspname) || '.' || quote_ident(t.tmplname) AS identity, NULL AS within,
       nullif(t.tmplinit::oid, 0)::regprocedure AS init,
       nullif(t.tmpllexize::oid, 0)::regprocedure AS lexize,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_ts_template'::regclass AND d.objoid = t.oid AND d.objsubid = 0) AS comment
  FROM pg_ts_template t
  JOIN pg_namespace n ON n.oid = t.tmplnamespace
 WHERE t.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_ts_template'::regclass AND e.objid = t.oid AND e.deptype = 'e')
