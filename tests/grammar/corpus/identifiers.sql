SELECT 1 AS "a;b", 2 AS "say ""hi"";", 3 AS "it's", 4 AS U&"d\0061t;a", 5 AS U&"x!0061" UESCAPE '!';
SELECT "a--b", "/*", "$$" FROM "odd;table";
SELECT žluťoučký.kůň, 馬 FROM "Žluť".žluťoučký;
SELECT a$b$, c$1, _x, é$ FROM t$; SELECT $1, $2;
SELECT u&b FROM t;
