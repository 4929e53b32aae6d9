-- Verify app-core:types/money_amount on pg

SELECT 0::app.money_amount;
