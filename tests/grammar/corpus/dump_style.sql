--
-- PostgreSQL database dump
--

SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);

--
-- Name: f(integer); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.f(a integer) RETURNS integer
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN (f.a > 1) THEN 1
             ELSE 2
         END AS "case";
END;


CREATE RULE r AS
    ON INSERT TO public.v DO INSTEAD ( INSERT INTO public.t (a)
  VALUES (new.a);
 UPDATE public.t SET a = new.a;
);

SELECT pg_catalog.setval('public.s', 1, true);
ALTER TABLE ONLY public.t
    ADD CONSTRAINT t_pkey PRIMARY KEY (a);
