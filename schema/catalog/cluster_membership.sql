-- Who is a member of which role.
SELECT 'membership' AS kind, NULL AS schema,
       quote_ident(pg_get_userbyid(m.member)) || ' in ' || quote_ident(pg_get_userbyid(m.roleid))
         || ' by ' || quote_ident(pg_get_userbyid(m.grantor)) AS identity,
       NULL AS within,
       nullif(m.admin_option, false) AS "admin option",
       m.inherit_option::text AS inherit,  -- since 16
       m.set_option::text AS "set",  -- since 16
       NULL AS comment
  FROM pg_auth_members m
 WHERE pg_get_userbyid(m.member) !~ '^pg_'
