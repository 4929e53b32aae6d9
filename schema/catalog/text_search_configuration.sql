-- Text search configurations with their mappings: token type, then its dictionaries in the order they are asked.
SELECT 'text search configuration' AS kind, n.nspname AS schema,
       quote_ident(n.nspname) || '.' || quote_ident(c.cfgname) AS identity, NULL AS within,
       quote_ident(pn.nspname) || '.' || quote_ident(p.prsname) AS parser,
       (SELECT string_agg(token || ': ' || dictionaries, '; ' ORDER BY token COLLATE "C")
          FROM (SELECT (SELECT t.alias FROM ts_token_type(c.cfgparser) t WHERE t.tokid = m.maptokentype) AS token,
                       string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno) AS dictionaries
                  FROM pg_ts_config_map m
                 WHERE m.mapcfg = c.oid
                 GROUP BY m.maptokentype) mapping) AS mappings,
       pg_get_userbyid(c.cfgowner) AS owner,
       (SELECT d.description FROM pg_description d
         WHERE d.classoid = 'pg_ts_config'::regclass AND d.objoid = c.oid AND d.objsubid = 0) AS comment
  FROM pg_ts_config c
  JOIN pg_namespace n ON n.oid = c.cfgnamespace
  JOIN pg_ts_parser p ON p.oid = c.cfgparser
  JOIN pg_namespace pn ON pn.oid = p.prsnamespace
 WHERE c.oid >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend e
                  WHERE e.classid = 'pg_ts_config'::regclass AND e.objid = c.oid AND e.deptype = 'e')
