-- Verify app-billing:views/balances on pg

SELECT user_id, email, owed FROM app.balances WHERE false;
