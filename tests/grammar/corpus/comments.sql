-- leading;
/* a; /* nested; */ still; */ SELECT 1 /* inside; */ + -- line;
 2;
/**/SELECT/**/3/***/;/* trailing; **/
--
SELECT 4--;
;
/* -- */ SELECT 5; -- /*
SELECT 6; -- */
/*/ tricky; */SELECT 7;
