-- Deploy app-billing:indexes/unpaid_invoices to pg
-- requires: tables/invoices

CREATE INDEX invoices_unpaid_idx ON app.invoices (due_on) WHERE paid_at IS NULL;
