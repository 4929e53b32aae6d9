-- Revert app-core:types/money_amount from pg

DROP DOMAIN app.money_amount;
