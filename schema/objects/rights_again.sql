-- Statements that turn the rights of one object into what they were. $1 classid, $2 objid, $3 the rights before (aclitem[] as text,
-- NULL = the built-in ones), $4 the columns' ({"column": "aclitem[]"}), $5 the letter for acldefault(). The owner is as before.
WITH o AS (
  SELECT c.relowner AS owner, c.relacl AS acl, 'TABLE' AS word FROM pg_class AS c WHERE $1::oid = 'pg_class'::regclass AND c.oid = $2::oid
  UNION ALL
  SELECT p.proowner, p.proacl, 'ROUTINE' FROM pg_proc AS p WHERE $1::oid = 'pg_proc'::regclass AND p.oid = $2::oid
  UNION ALL
  SELECT t.typowner, t.typacl, 'TYPE' FROM pg_type AS t WHERE $1::oid = 'pg_type'::regclass AND t.oid = $2::oid
),
target AS (
  SELECT o.owner, o.word || ' ' || (pg_identify_object($1::oid, $2::oid, 0)).identity AS name FROM o
),
was AS (
  SELECT NULL::text AS col, x.* FROM o CROSS JOIN LATERAL aclexplode(coalesce($3::aclitem[], acldefault($5::"char", o.owner))) AS x
  UNION ALL
  SELECT c.key, x.* FROM jsonb_each_text(coalesce($4::jsonb, '{}')) AS c CROSS JOIN LATERAL aclexplode(c.value::aclitem[]) AS x
  WHERE EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = $2::oid AND a.attname = c.key AND NOT a.attisdropped)
),
now AS (
  SELECT NULL::text AS col, x.* FROM o CROSS JOIN LATERAL aclexplode(coalesce(o.acl, acldefault($5::"char", o.owner))) AS x
  UNION ALL
  SELECT a.attname, x.* FROM pg_attribute AS a CROSS JOIN LATERAL aclexplode(a.attacl) AS x
  WHERE $1::oid = 'pg_class'::regclass AND a.attrelid = $2::oid AND a.attacl IS NOT NULL
),
excess AS (SELECT * FROM now EXCEPT SELECT * FROM was),
missing AS (SELECT * FROM was EXCEPT SELECT * FROM now)
SELECT 0 AS step, false AS by_owner, '' AS grantor,
       format('REVOKE %s%s ON %s FROM %s', e.privilege_type, coalesce('(' || quote_ident(e.col) || ')', ''), t.name,
              CASE e.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(e.grantee)) END) AS statement
FROM excess AS e CROSS JOIN target AS t
UNION ALL
SELECT CASE WHEN m.grantor = t.owner THEN 1 ELSE 2 END, m.grantor = t.owner, pg_get_userbyid(m.grantor),
       format('GRANT %s%s ON %s TO %s%s', m.privilege_type, coalesce('(' || quote_ident(m.col) || ')', ''), t.name,
              CASE m.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(m.grantee)) END,
              CASE WHEN m.is_grantable AND m.grantee <> m.grantor THEN ' WITH GRANT OPTION' ELSE '' END)
FROM missing AS m CROSS JOIN target AS t
WHERE m.grantee <> t.owner OR NOT EXISTS (SELECT FROM now AS n WHERE n.grantee = m.grantee AND n.privilege_type = m.privilege_type
                                          AND n.col IS NOT DISTINCT FROM m.col)
ORDER BY 1, 4
