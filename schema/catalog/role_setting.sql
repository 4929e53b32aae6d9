-- Settings of roles in this database: ALTER ROLE ... IN DATABASE ... SET.
SELECT 'role settings' AS kind, NULL AS schema, 'of ' || quote_ident(pg_get_userbyid(r.setrole)) || ' in this database' AS identity,
       NULL AS within,
       (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(r.setconfig) o) AS settings
  FROM pg_db_role_setting r
 WHERE r.setrole <> 0
   AND r.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
