-- Revert hello:schema from pg

DROP SCHEMA hello;
