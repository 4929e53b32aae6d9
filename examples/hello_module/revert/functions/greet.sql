-- Revert hello:functions/greet from pg

DROP FUNCTION hello.greet(text, text);
