-- Revert app-billing:tables/invoices from pg

DROP TABLE app.invoices;
