-- The process that serves from this file. Instants are microseconds since 1970 UTC. More than one row only where several processes share a database, which SQLite's do not.
CREATE TABLE silo (
    instance_id        TEXT    NOT NULL PRIMARY KEY,
    name               TEXT    NOT NULL,
    address            TEXT    NOT NULL,
    http_address       TEXT    NOT NULL,
    version            TEXT    NOT NULL,
    role               TEXT    NOT NULL,
    started_at         INTEGER NOT NULL,
    seen_at            INTEGER NOT NULL,
    stale_after_ms     INTEGER NOT NULL,
    directory_revision INTEGER NOT NULL,
    price_sequence     INTEGER NOT NULL,
    load               TEXT    NOT NULL
) WITHOUT ROWID;
