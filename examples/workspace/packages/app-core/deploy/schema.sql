-- Deploy app-core:schema to pg

CREATE SCHEMA app;
COMMENT ON SCHEMA app IS 'Everything of the example app';
