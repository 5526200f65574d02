-- Configuration: who exists and what is allowed. Nothing here touches usage.
CREATE TABLE directory_record (
    kind     TEXT    NOT NULL,
    id       TEXT    NOT NULL,
    body     TEXT    NOT NULL,
    revision INTEGER NOT NULL,
    deleted  INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;

CREATE UNIQUE INDEX directory_record_revision ON directory_record (revision);

-- One row: the newest revision. Taken in the writing transaction, so revisions become visible in their own order.
CREATE TABLE directory_counter (
    one      INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    revision INTEGER NOT NULL
);

INSERT INTO directory_counter (one, revision) VALUES (1, 0);
