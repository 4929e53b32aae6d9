-- Deploy app-billing:tables/invoices to pg
-- requires: app-users:tables/users
-- requires: app-core:types/money_amount

CREATE TABLE app.invoices (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES app.users,
  amount app.money_amount NOT NULL,
  due_on date NOT NULL,
  paid_at timestamptz
);
