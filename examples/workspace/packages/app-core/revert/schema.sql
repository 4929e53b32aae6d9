-- Revert app-core:schema from pg

DROP SCHEMA app;
