-- What no file can declare, apart from tables and what belongs to them. $1: names of schemas (text[]), NULL = all, and then also
-- what is of no schema.
SELECT pg_describe_object(u.classid, u.objid, 0) AS what
FROM (
  SELECT 'pg_type'::regclass::oid AS classid, t.oid AS objid FROM pg_type AS t
  WHERE t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type AS e WHERE e.typarray = t.oid)
  UNION ALL SELECT 'pg_opclass'::regclass, oid FROM pg_opclass
  UNION ALL SELECT 'pg_opfamily'::regclass, oid FROM pg_opfamily
  UNION ALL SELECT 'pg_collation'::regclass, oid FROM pg_collation
  UNION ALL SELECT 'pg_conversion'::regclass, oid FROM pg_conversion
  UNION ALL SELECT 'pg_ts_parser'::regclass, oid FROM pg_ts_parser
  UNION ALL SELECT 'pg_ts_template'::regclass, oid FROM pg_ts_template
  UNION ALL SELECT 'pg_ts_dict'::regclass, oid FROM pg_ts_dict
  UNION ALL SELECT 'pg_ts_config'::regclass, oid FROM pg_ts_config
  UNION ALL SELECT 'pg_transform'::regclass, oid FROM pg_transform
  UNION ALL SELECT 'pg_event_trigger'::regclass, oid FROM pg_event_trigger
  UNION ALL SELECT 'pg_publication'::regclass, oid FROM pg_publication
  UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid FROM pg_foreign_data_wrapper
  UNION ALL SELECT 'pg_foreign_server'::regclass, oid FROM pg_foreign_server
  UNION ALL SELECT 'pg_language'::regclass, oid FROM pg_language
) AS u
CROSS JOIN LATERAL pg_identify_object(u.classid, u.objid, 0) AS i
WHERE u.objid >= 16384
  AND ($1::text[] IS NULL OR i.schema = ANY ($1::text[]))
  AND i.schema IS DISTINCT FROM 'pgpm_migrate'
  AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = u.classid AND d.objid = u.objid AND d.deptype = 'e')
ORDER BY 1
