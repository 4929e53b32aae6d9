-- Foreign data wrappers. What looks like a secret among the options is not shown.
SELECT 'foreign data wrapper' AS kind, NULL AS schema, quote_ident(w.fdwname) AS identity, NULL AS within,
       nullif(w.fdwhandler, 0)::regprocedure AS handler,
       nullif(w.fdwvalidator, 0)::regprocedure AS validator,
       (SELECT string_agg(regexp_replace(o, '^([^=]*(pass|secret|token|key)[^=]*)=.*', '\1=***', 'i'), ', '
                          ORDER BY o COLLATE "C") FROM unnest(w.fdwoptions) o) AS options,
       pg_get_userbyid(w.fdwowner) AS owner,
       (SELECT coalesce(string_agg(g::text, ', ' ORDER BY g::text COLLATE "C"), 'none')
          FROM unnest(coalesce(w.fdwacl, acldefault('F', w.fdwowner))) g) AS grants,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_foreign_data_wrapper'::regclass AND d.objoid = w.oid AND d.objsubid = 0) AS comment
  FROM pg_foreign_data_wrapper w
 WHERE w.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_foreign_data_wrapper'::regclass AND e.objid = w.oid AND e.deptype = 'e')
