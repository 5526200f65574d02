-- Windows have every event up to this sequence, and none behind it: those are added a few hundred at a time, and before anybody reads windows.
CREATE TABLE window_mark (sequence INTEGER NOT NULL);

INSERT INTO window_mark (sequence) SELECT coalesce(max(sequence), 0) FROM usage_event;

-- Open holds are those of calls in flight: the keeper that looks once a second for expired ones reads them all faster than every hold and every settlement can keep this index.
DROP INDEX hold_lease;
