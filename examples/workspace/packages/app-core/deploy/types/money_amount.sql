-- Deploy app-core:types/money_amount to pg
-- requires: schema

CREATE DOMAIN app.money_amount AS bigint CHECK (VALUE >= 0);
COMMENT ON DOMAIN app.money_amount IS 'Cents';
