-- Revert app-users:tables/users from pg

DROP TABLE app.users;
