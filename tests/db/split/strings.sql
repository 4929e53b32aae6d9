-- Literals that go on, numbers and operators that touch what is beside them.
SELECT 'one;'
  'two;'  -- a comment between pieces; of one string
  'three';
SELECT E'esc\'aped;'
'still \\ here;';
SELECT U&'d!0061t;' UESCAPE '!', N'n;', B'01', X'1F';
SELECT $$a;$b$;c$$, $tag$ $$;$$ $tag$, $Tag$ $tag$; $Tag$;
SELECT 'it''s;', "a""b;" FROM (SELECT 1 AS "a""b;") s;
SELECT 1-- a comment; right behind a number
+2, 3/* ; */*4, 5 - -6, 7 --8;
;
SELECT 1.5e3, .5, 5., '1'::int4, '{"a;": [1, ";"]}'::jsonb -> 'a;' -> 1, (ARRAY[1,2])[1];
SELECT a.b FROM (SELECT 1 AS b) a; SELECT (SELECT ';' WHERE ((1) = (1))), (((';')));
SELECT '\', ';', '\\'; SELECT e'\\', ';';
SELECT 'a' < 'b', 1 <> 2, 3 != 4, @ -5, |/ 25.0, 2 ^ 3, '{1}'::int[] && '{1}'::text[]::int[];
SELECT 'größe;' AS größe, '日本;' AS "日本", 1 AS ünï$cöde;
SELECT 1 AS a$b, $b$2;$b$ AS c; SELECT x$y FROM (SELECT 1 AS x$y) z;
SET standard_conforming_strings = on; SELECT '\;'; SELECT 1 ; ; ;; SELECT 2;
/* not closed before the end of the line; */ SELECT 3; -- the last; comment
