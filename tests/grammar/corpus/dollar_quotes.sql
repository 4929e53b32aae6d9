SELECT $$a;b$$, $x$c;$$d$x$, $X$ $x$ ; $X$, $$$$, $_1$;$_1$;
SELECT $čeština$ ; $cestina$ ; $čeština$;
SELECT $a$ $b$ $c$ ; $c$ ; $b$ ; $a$;
SELECT a$ , b FROM t$; SELECT $q$'";--/*\$q$;
SELECT $$unbalanced ( ' " $$;
SELECT text $$x;$$;
