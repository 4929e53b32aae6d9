-- Which files pgmi_plan_view lists: all of them, README and settings included.
CREATE OR REPLACE TEMPORARY VIEW _pgmi_planned_source AS SELECT * FROM pg_temp._pgmi_source;
GRANT SELECT ON pg_temp._pgmi_planned_source TO PUBLIC;
