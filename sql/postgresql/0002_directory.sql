-- Configuration: who exists and what is allowed. Nothing here touches usage.
CREATE TABLE directory_record (
    kind     text   NOT NULL,
    id       text   NOT NULL,
    body     text   NOT NULL,
    revision bigint NOT NULL,
    deleted  smallint NOT NULL,
    PRIMARY KEY (kind, id)
);

CREATE UNIQUE INDEX directory_record_revision ON directory_record (revision);

-- One row: the newest revision. Its row lock is held until the commit, so revisions become visible in their own order.
CREATE TABLE directory_counter (
    one      smallint NOT NULL PRIMARY KEY CHECK (one = 1),
    revision bigint   NOT NULL
);

INSERT INTO directory_counter (one, revision) VALUES (1, 0);
