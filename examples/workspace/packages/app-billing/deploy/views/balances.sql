-- Deploy app-billing:views/balances to pg
-- requires: tables/invoices

CREATE VIEW app.balances AS
SELECT u.id AS user_id, u.email, coalesce(sum(i.amount) FILTER (WHERE i.paid_at IS NULL), 0) AS owed
  FROM app.users u
  LEFT JOIN app.invoices i ON i.user_id = u.id
 GROUP BY u.id, u.email;
