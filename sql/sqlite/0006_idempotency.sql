-- One row for each Idempotency-Key that is remembered: who leads, and once it has ended, its answer, sealed. Instants are microseconds since 1970 UTC.
-- answer_key is the id of the API key and a hash of the client's key; fingerprint is a keyed hash of the request. State: 1 running, 2 kept, 3 charged but not kept.
CREATE TABLE idempotent_answer (
    answer_key  TEXT    NOT NULL PRIMARY KEY,
    tenant      TEXT    NOT NULL,
    request_id  BLOB    NOT NULL,
    fingerprint TEXT    NOT NULL,
    state       INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    expires_at  INTEGER NOT NULL,
    answer      BLOB
);

CREATE INDEX idempotent_answer_expires ON idempotent_answer (expires_at);
