-- Revert app-billing:indexes/unpaid_invoices from pg

DROP INDEX app.invoices_unpaid_idx;
