-- Data of COPY is no SQL, whatever is in it.
CREATE TABLE copied (a text, b text);
COPY copied FROM STDIN;
one;	two'
SELECT 1;	$$
--	/*
\\.	three
\\N	\N
\.
SELECT count(*) FROM copied; COPY copied (a, b) FROM STDIN WITH (FORMAT csv, DELIMITER ';'); -- a comment is allowed here
"a;b";"c""
d;"
\.
SELECT * FROM copied ORDER BY a, b;
COPY copied (a) FROM STDIN; -- nothing comes
\.
CREATE TABLE pairs (a int); COPY pairs FROM STDIN;
1
2
\.
COPY pairs FROM STDIN;
3
5
\.
SELECT sum(a) FROM pairs; SELECT 'the end;';
