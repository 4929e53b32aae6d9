-- Revert hello:tables/greetings from pg

DROP TABLE hello.greetings;
