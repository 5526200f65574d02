-- One row for each Idempotency-Key that is remembered: who leads, and once it has ended, its answer, sealed. Instants are microseconds since 1970 UTC.
-- answer_key is the id of the API key and a hash of the client's key; fingerprint is a keyed hash of the request. State: 1 running, 2 kept, 3 charged but not kept.
CREATE TABLE idempotent_answer (
    answer_key  text     NOT NULL PRIMARY KEY,
    tenant      text     NOT NULL,
    request_id  uuid     NOT NULL,
    fingerprint text     NOT NULL,
    state       smallint NOT NULL,
    lease_until bigint   NOT NULL,
    created_at  bigint   NOT NULL,
    expires_at  bigint   NOT NULL,
    answer      bytea
) WITH (autovacuum_vacuum_scale_factor = 0.05);

-- Sealed bytes cannot be compressed: do not try.
ALTER TABLE idempotent_answer ALTER COLUMN answer SET STORAGE EXTERNAL;

CREATE INDEX idempotent_answer_expires ON idempotent_answer (expires_at);
