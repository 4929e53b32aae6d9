-- Roles of the whole cluster, without the server's own (pg_...). Passwords cannot be seen.
SELECT 'role' AS kind, NULL AS schema, quote_ident(r.rolname) AS identity, NULL AS within,
       nullif(r.rolsuper, false)::text AS superuser,
       r.rolinherit::text AS inherit,
       nullif(r.rolcreaterole, false)::text AS "create role",
       nullif(r.rolcreatedb, false)::text AS "create database",
       nullif(r.rolcanlogin, false)::text AS login,
       nullif(r.rolreplication, false)::text AS replication,
       nullif(r.rolbypassrls, false)::text AS "bypass row security",
       nullif(r.rolconnlimit, -1) AS "connection limit",
       r.rolvaliduntil AS "valid until",
       (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(r.rolconfig) o) AS settings,
       (SELECT d.description FROM pg_shdescription d
         WHERE d.classoid = 'pg_authid'::regclass AND d.objoid = r.oid) AS comment
  FROM pg_roles r
 WHERE r.rolname !~ '^pg_'
