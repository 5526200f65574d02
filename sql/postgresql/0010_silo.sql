-- The processes that serve from this database, one row for each run of one. Instants are microseconds since 1970 UTC; seen_at is of the database's own
-- clock. A change of the directory or of prices is acknowledged when every row seen within its stale_after_ms says that it is known there.
CREATE TABLE silo (
    instance_id        text   NOT NULL PRIMARY KEY,
    name               text   NOT NULL,
    address            text   NOT NULL,
    http_address       text   NOT NULL,
    version            text   NOT NULL,
    role               text   NOT NULL,
    started_at         bigint NOT NULL,
    seen_at            bigint NOT NULL,
    stale_after_ms     bigint NOT NULL,
    directory_revision bigint NOT NULL,
    price_sequence     bigint NOT NULL,
    load               text   NOT NULL
);
