-- A fixture: there for the tests of this directory, gone behind the last of them.
COPY hello.greetings (language, greeting) FROM STDIN;
de	Hallo
\.
