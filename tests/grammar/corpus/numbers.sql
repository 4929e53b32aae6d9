SELECT 1, 1.5, .5, 1., 1e10, 1.5E-3, 2e+4;
SELECT 1.e5, -1, +1, 1+1, 1-1;
SELECT a[1], a[1:2], a[ 1 : 2 ];
SELECT $1+$2;SELECT 1;SELECT 2
