-- Two numbers that differ as soon as anything moved that a definition is printed from, that tells where an object is, or that says what was
-- recorded of it: how many rows there are, and a sum over those that the transaction $1 (32 bits) or a later one wrote. Who inserts
-- or updates writes such a row, who deletes takes one away. Of relations, whose rows are also written by TRUNCATE, REFRESH and GRANT, the
-- words of definitions count; and of roles, whose rows not everybody may read, the names that policies show.
-- Left out: temporary relations, which nothing that stays can name; catalogs that no definition shows anything of (comments, defaults,
-- operator families, ...); and what cannot be renamed (access methods).
WITH temporary AS (SELECT oid FROM pg_class WHERE relpersistence = 't'),
temporary_schema AS (SELECT oid FROM pg_namespace WHERE nspname ~ '^pg_(toast_)?temp_'),
counted AS (
  SELECT count(*) AS counted, sum(hashtextextended(r.ctid::text, (r.tableoid::bigint << 32) + age(r.xmin) - age($1::xid)))
                             FILTER (WHERE age(r.xmin) <= age($1::xid)) AS digest
  FROM (
    SELECT tableoid, xmin, ctid FROM pg_attribute WHERE attnum > 0 AND attrelid NOT IN (SELECT oid FROM temporary)
    UNION ALL SELECT tableoid, xmin, ctid FROM pg_constraint WHERE conrelid NOT IN (SELECT oid FROM temporary)
    UNION ALL SELECT tableoid, xmin, ctid FROM pg_index WHERE indrelid NOT IN (SELECT oid FROM temporary)
    UNION ALL SELECT tableoid, xmin, ctid FROM pg_rewrite WHERE ev_class NOT IN (SELECT oid FROM temporary)
    UNION ALL SELECT tableoid, xmin, ctid FROM pg_trigger WHERE tgrelid NOT IN (SELECT oid FROM temporary)
    UNION ALL SELECT tableoid, xmin, ctid FROM pg_type WHERE typnamespace NOT IN (SELECT oid FROM temporary_schema)
    UNION ALL SELECT tableoid, xmin, ctid FROM pg_proc WHERE pronamespace NOT IN (SELECT oid FROM temporary_schema)
    UNION ALL SELECT tableoid, xmin, ctid FROM pg_namespace WHERE oid NOT IN (SELECT oid FROM temporary_schema)
    UNION ALL SELECT tableoid, xmin, ctid FROM pg_aggregate
    UNION ALL SELECT tableoid, xmin, ctid FROM pg_enum
    UNION ALL SELECT tableoid, xmin, ctid FROM pg_range
    UNION ALL SELECT tableoid, xmin, ctid FROM pg_policy
    UNION ALL SELECT tableoid, xmin, ctid FROM pg_operator
    UNION ALL SELECT tableoid, xmin, ctid FROM pg_opclass
    UNION ALL SELECT tableoid, xmin, ctid FROM pg_cast
    UNION ALL SELECT tableoid, xmin, ctid FROM pg_collation
    UNION ALL SELECT tableoid, xmin, ctid FROM pg_language
    UNION ALL SELECT tableoid, xmin, ctid FROM pg_ts_config
    UNION ALL SELECT tableoid, xmin, ctid FROM pg_ts_dict
    UNION ALL SELECT tableoid, xmin, ctid FROM pgpm_migrate.managed_objects
  ) AS r
  UNION ALL
  SELECT count(*), sum(hashtextextended(concat_ws(' ', relkind, relnamespace, relname, relam, reloptions), oid::bigint))
  FROM pg_class WHERE relpersistence <> 't' AND relkind <> 't'
  UNION ALL
  SELECT count(*), sum(hashtextextended(rolname::text, oid::bigint)) FROM pg_roles WHERE oid IN (SELECT unnest(polroles) FROM pg_policy))
SELECT sum(counted), sum(digest) FROM counted
