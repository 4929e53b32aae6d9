-- Verify app-billing:tables/invoices on pg

SELECT id, user_id, amount, due_on, paid_at FROM app.invoices WHERE false;
