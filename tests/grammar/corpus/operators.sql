SELECT 1+-2, 3 - -4, 5*-6, a<->b, a@>b, a<@b, a->>'k;', a#>>'{b;c}', a?'x', a?|array['y'], a||b;
SELECT 1--2;
+3;
SELECT 4/*;*/*5, 6 */* ; */ 7, 2 ^ 3, @ -5, |/ 25 FROM t;
SELECT a !~* 'x;', b OPERATOR(pg_catalog.+) 1, c::int, d[1:2], e[:], (f).g, h.*;
CREATE OPERATOR === (LEFTARG = box, RIGHTARG = box, FUNCTION = area_equal, COMMUTATOR = ===, NEGATOR = !==, RESTRICT = f, JOIN = g, HASHES, MERGES);
SELECT a=-1, b<=-1, c@-1 FROM t; DROP OPERATOR === (box, box);
