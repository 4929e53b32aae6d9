-- Revert app-billing:views/balances from pg

DROP VIEW app.balances;
