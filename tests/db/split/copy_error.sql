-- Data that the server refuses is not run as SQL, and the next statement is found behind it.
CREATE TABLE pairs (a int); COPY pairs FROM STDIN;
3
vier
SELECT 5;
\.
SELECT count(*) FROM pairs;
COPY pairs FROM STDIN WHERE a > 1;
1
2
\.
SELECT sum(a) FROM pairs; INSERT INTO pairs VALUES (6); INSERT INTO pairs VALUES ('x'); SELECT ';'; SELECT 7;
