-- Deploy hello:schema to pg

CREATE SCHEMA hello;
