-- Tablespaces, without the server's own.
SELECT 'tablespace' AS kind, NULL AS schema, quote_ident(s.spcname) AS identity, NULL AS within,
       pg_tablespace_location(s.oid) AS location,
       (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(s.spcoptions) o) AS options,
       pg_get_userbyid(s.spcowner) AS owner,
       (SELECT coalesce(string_agg(g::text, ', ' ORDER BY g::text COLLATE "C"), 'none')
          FROM unnest(coalesce(s.spcacl, acldefault('t', s.spcowner))) g) AS grants,
       (SELECT d.description FROM pg_shdescription d
         WHERE d.classoid = 'pg_tablespace'::regclass AND d.objoid = s.oid) AS comment
  FROM pg_tablespace s
 WHERE s.oid >= 16384
