SELECT xmlelement(name foo, xmlattributes('a;' AS bar), 'content;'), xmlforest(a, b AS c), xmlroot(x, version '1.0', standalone yes) FROM t;
SELECT substring('Thomas;' FROM 2 FOR 3), position(';' IN a), trim(BOTH ';' FROM a), overlay('a' PLACING 'b' FROM 1), extract(year FROM now()), a AT TIME ZONE 'UTC' FROM t;
SELECT a LIKE 'x;%' ESCAPE '\', b SIMILAR TO '(a|b;)', c ~ ';$', d BETWEEN SYMMETRIC 1 AND 2, e IS NOT DISTINCT FROM NULL FROM t;
