-- The database itself, whatever its name is.
SELECT 'database' AS kind, NULL AS schema, 'as a whole' AS identity, NULL AS within,
       pg_encoding_to_char(b.encoding) AS encoding,
       b.datcollate AS "lc_collate",
       b.datctype AS "lc_ctype",
       b.datallowconn::text AS "allow connections",
       nullif(b.datconnlimit, -1) AS "connection limit",
       nullif(b.datistemplate, false)::text AS template,
       s.spcname AS tablespace,
       (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C")
          FROM pg_db_role_setting r, unnest(r.setconfig) o
         WHERE r.setdatabase = b.oid AND r.setrole = 0) AS settings,
       pg_get_userbyid(b.datdba) AS owner,
       (SELECT coalesce(string_agg(g::text, ', ' ORDER BY g::text COLLATE "C"), 'none')
          FROM unnest(coalesce(b.datacl, acldefault('d', b.datdba))) g) AS grants,
       (SELECT d.description FROM pg_shdescription d
         WHERE d.classoid = 'pg_database'::regclass AND d.objoid = b.oid) AS comment
  FROM pg_database b
  JOIN pg_tablespace s ON s.oid = b.dattablespace
 WHERE b.datname = current_database()
