-- Verify hello:tables/greetings on pg

SELECT language, greeting FROM hello.greetings WHERE false;
