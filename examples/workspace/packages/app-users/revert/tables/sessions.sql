-- Revert app-users:tables/sessions from pg

DROP TABLE app.sessions;
