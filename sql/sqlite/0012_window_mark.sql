-- Windows have every event up to this sequence, and none behind it: those are added a few hundred at a time, and before anybody reads windows.
CREATE TABLE window_mark (sequence INTEGER NOT NULL);

INSERT INTO window_mark (sequence) SELECT coalesce(max(sequence), 0) FROM usage_event;
