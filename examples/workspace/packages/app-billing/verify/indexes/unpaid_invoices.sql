-- Verify app-billing:indexes/unpaid_invoices on pg

SELECT 'app.invoices_unpaid_idx'::regclass;
