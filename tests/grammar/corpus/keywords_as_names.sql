SELECT t.begin, t.end, t.commit, t.case FROM t;
SELECT 1 AS end, 2 AS begin, 3 AS atomic; SELECT 4 commit, 5 function;
CREATE TABLE procedure (function int, begin int, commit text, rollback text, savepoint text, copy text, stdin text);
CREATE TABLE function (a int); DROP TABLE procedure; SELECT stdin FROM copy; SELECT begin FROM procedure;
CREATE VIEW begin AS SELECT 1 AS atomic;
