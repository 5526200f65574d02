-- What is behind the tables is in the log file beside the database, marked with the number after this one. Begins anywhere, so that the log of another database is not taken for ours.
CREATE TABLE ledger_log (generation INTEGER NOT NULL);

INSERT INTO ledger_log (generation) VALUES (abs(random() / 2));
