-- Text search dictionaries.
SELECT 'text search dictionary' AS kind, n.nspname AS schema,
       quote_ident(n.nspname) || '.' || quote_ident(c.dictname) AS identity, NULL AS within,
       quote_ident(tn.nspname) || '.' || quote_ident(t.tmplname) AS template,
       c.dictinitoption AS options,
       pg_get_userbyid(c.dictowner) AS owner,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_ts_dict'::regclass AND d.objoid = c.oid AND d.objsubid = 0) AS comment
  FROM pg_ts_dict c
  JOIN pg_namespace n ON n.oid = c.dictnamespace
  JOIN pg_ts_template t ON t.oid = c.dicttemplate
  JOIN pg_namespace tn ON tn.oid = t.tmplnamespace
 WHERE c.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_ts_dict'::regclass AND e.objid = c.oid AND e.deptype = 'e')
