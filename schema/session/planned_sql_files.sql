-- Which files pgmi_plan_view lists: those that are SQL by their names.
CREATE OR REPLACE TEMPORARY VIEW _pgmi_planned_source AS SELECT * FROM pg_temp._pgmi_source WHERE is_sql_file;
GRANT SELECT ON pg_temp._pgmi_planned_source TO PUBLIC;
