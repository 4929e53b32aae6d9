-- Procedural languages.
SELECT 'language' AS kind, NULL AS schema, quote_ident(l.lanname) AS identity, NULL AS within,
       nullif(l.lanplcallfoid, 0)::regprocedure AS handler,
       nullif(l.laninline, 0)::regprocedure AS inline,
       nullif(l.lanvalidator, 0)::regprocedure AS validator,
       l.lanpltrusted::text AS trusted,
       pg_get_userbyid(l.lanowner) AS owner,
       (SELECT coalesce(string_agg(g::text, ', ' ORDER BY g::text COLLATE "C"), 'none')
          FROM unnest(coalesce(l.lanacl, acldefault('l', l.lanowner))) g) AS grants,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_language'::regclass AND d.objoid = l.oid AND d.objsubid = 0) AS comment
  FROM pg_language l
 WHERE l.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_language'::regclass AND e.objid = l.oid AND e.deptype = 'e')
