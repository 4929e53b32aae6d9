-- The catalogs that are counted as a whole (engine/catalog/moved_query): all but those counted row by row, and those that hold nothing a
-- snapshot shows (statistics, the content of large objects, who depends on whom). Which there are is the version's.
SELECT c.relname
  FROM pg_class c
 WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r'
   AND c.relname NOT IN ('pg_class', 'pg_attribute', 'pg_attrdef', 'pg_constraint', 'pg_index', 'pg_trigger', 'pg_rewrite',
                         'pg_policy', 'pg_inherits', 'pg_partitioned_table', 'pg_foreign_table', 'pg_sequence',
                         'pg_statistic_ext', 'pg_type', 'pg_proc', 'pg_description', 'pg_depend',
                         'pg_statistic', 'pg_statistic_ext_data', 'pg_largeobject', 'pg_shdepend', 'pg_replication_origin',
                         'pg_subscription_rel')
