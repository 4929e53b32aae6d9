-- Comments and rights of objects as statements. $1: [{"classid": ..., "objid": ..., "word": "VIEW", "name": "app.v"}, ...], both as
-- adoptable.sql says. by_other: whose grant it is, if not the owner's.
WITH w AS (
  SELECT s.* FROM jsonb_to_recordset($1::jsonb) AS s (classid oid, objid oid, word text, name text)
),
-- Rights as they are, and as they would be for an object that was just made.
o AS (
  SELECT w.*, c.relowner AS owner, coalesce(c.relacl, acldefault('r', c.relowner)) AS acl, 'r'::"char" AS letter, c.relnamespace AS schema,
         'TABLE' AS right_word
  FROM w JOIN pg_class AS c ON w.classid = 'pg_class'::regclass AND c.oid = w.objid WHERE c.relkind IN ('v', 'm')
  UNION ALL
  SELECT w.*, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner)), 'f', p.pronamespace,
         CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END
  FROM w JOIN pg_proc AS p ON w.classid = 'pg_proc'::regclass AND p.oid = w.objid
  UNION ALL
  SELECT w.*, t.typowner, coalesce(t.typacl, acldefault('T', t.typowner)), 'T', t.typnamespace, w.word
  FROM w JOIN pg_type AS t ON w.classid = 'pg_type'::regclass AND t.oid = w.objid
),
named AS (
  -- GRANT takes no ORDER BY among an aggregate's arguments.
  SELECT o.classid, o.objid, o.owner, o.acl, o.letter, o.schema, o.right_word,
         CASE WHEN o.letter = 'f' THEN (SELECT format('%I.%I(%s)', n.nspname, p.proname, coalesce(string_agg(format_type(t.type, NULL), ', ' ORDER BY t.place), ''))
                                        FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
                                        LEFT JOIN LATERAL unnest(p.proargtypes) WITH ORDINALITY AS t (type, place) ON true
                                        WHERE p.oid = o.objid GROUP BY n.nspname, p.proname)
              ELSE o.name END AS name
  FROM o
),
fresh AS (
  SELECT n.objid, n.classid, x.grantee, x.privilege_type
  FROM named AS n
  LEFT JOIN pg_default_acl AS g ON g.defaclrole = n.owner AND g.defaclnamespace = 0 AND g.defaclobjtype = n.letter
  LEFT JOIN pg_default_acl AS s ON s.defaclrole = n.owner AND s.defaclnamespace = n.schema AND s.defaclobjtype = n.letter
  CROSS JOIN LATERAL aclexplode(coalesce(g.defaclacl, acldefault(n.letter, n.owner)) || coalesce(s.defaclacl, '{}'::aclitem[])) AS x
),
held AS (
  SELECT n.classid, n.objid, n.owner, n.right_word, n.name, n.letter, NULL::text AS col, x.grantor, x.grantee, x.privilege_type, x.is_grantable
  FROM named AS n CROSS JOIN LATERAL aclexplode(n.acl) AS x
  UNION ALL
  SELECT n.classid, n.objid, n.owner, n.right_word, n.name, n.letter, a.attname, x.grantor, x.grantee, x.privilege_type, x.is_grantable
  FROM named AS n
  JOIN pg_attribute AS a ON n.classid = 'pg_class'::regclass AND a.attrelid = n.objid AND a.attacl IS NOT NULL
  CROSS JOIN LATERAL aclexplode(a.attacl) AS x
),
missing AS (
  SELECT n.classid, n.objid, n.right_word, n.name, f.grantee, string_agg(DISTINCT f.privilege_type, ', ' ORDER BY f.privilege_type) AS list
  FROM named AS n JOIN fresh AS f ON f.classid = n.classid AND f.objid = n.objid
  WHERE NOT EXISTS (SELECT FROM held AS h WHERE h.classid = f.classid AND h.objid = f.objid AND h.col IS NULL AND h.grantee = f.grantee
                    AND h.privilege_type = f.privilege_type)
  GROUP BY 1, 2, 3, 4, 5
),
given AS (
  SELECT h.classid, h.objid, h.right_word, h.name, h.grantee, h.grantor, h.owner, h.is_grantable, h.privilege_type,
         h.privilege_type || coalesce(' (' || string_agg(quote_ident(h.col), ', ' ORDER BY h.col) || ')', '') AS item
  FROM held AS h
  WHERE h.col IS NOT NULL
     OR NOT EXISTS (SELECT FROM aclexplode(acldefault(h.letter, h.owner)) AS d
                    WHERE d.grantee = h.grantee AND d.privilege_type = h.privilege_type AND d.is_grantable = h.is_grantable)
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, h.col IS NULL
)
SELECT w.classid, w.objid, 1 AS step, format('COMMENT ON %s %s IS %L', w.word, w.name, d.description) AS statement, NULL::text AS by_other
FROM w JOIN pg_description AS d ON d.classoid = w.classid AND d.objoid = w.objid AND d.objsubid = 0
UNION ALL
SELECT w.classid, w.objid, 2, format('COMMENT ON COLUMN %s.%I IS %L', w.name, a.attname, d.description), NULL
FROM w
LEFT JOIN pg_type AS t ON w.classid = 'pg_type'::regclass AND t.oid = w.objid
JOIN pg_attribute AS a ON a.attnum > 0 AND NOT a.attisdropped
  AND a.attrelid = CASE w.classid WHEN 'pg_class'::regclass THEN w.objid ELSE t.typrelid END
JOIN pg_description AS d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
WHERE w.classid = 'pg_class'::regclass AND w.word <> 'INDEX' OR t.typrelid <> 0
UNION ALL
SELECT w.classid, w.objid, 2, format('COMMENT ON CONSTRAINT %I ON DOMAIN %s IS %L', k.conname, w.name, d.description), NULL
FROM w
JOIN pg_constraint AS k ON w.classid = 'pg_type'::regclass AND k.contypid = w.objid
JOIN pg_description AS d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid
UNION ALL
SELECT m.classid, m.objid, 3, format('REVOKE %s ON %s %s FROM %s', m.list, m.right_word, m.name,
       CASE m.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(m.grantee)) END), NULL
FROM missing AS m
UNION ALL
SELECT g.classid, g.objid, 4, format('GRANT %s ON %s %s TO %s%s', string_agg(g.item, ', ' ORDER BY g.item), g.right_word, g.name,
       CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
       CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' END),
       CASE WHEN g.grantor <> g.owner THEN pg_get_userbyid(g.grantor) END
FROM given AS g
GROUP BY g.classid, g.objid, g.right_word, g.name, g.grantee, g.grantor, g.owner, g.is_grantable
ORDER BY 1, 2, 3, 4
