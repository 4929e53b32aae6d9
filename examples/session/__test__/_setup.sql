DELETE FROM reading;
INSERT INTO reading VALUES ('a', '2024-01-01', 20), ('b', '2024-01-01', 21), ('b', '2024-01-02', 18);
