COPY t FROM '/srv/data;.csv' WITH (FORMAT csv, HEADER, DELIMITER ';', QUOTE '"', NULL '\N');
COPY (SELECT a, ';' FROM t WHERE b IN (1, 2)) TO '/srv/out' CSV;
COPY t (a, b) FROM PROGRAM 'cat x; cat y' DELIMITER ';';
COPY BINARY t TO '/srv/bin'; COPY t TO STDOUT; COPY (SELECT 1) TO STDOUT (FORMAT binary);
