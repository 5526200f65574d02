-- Objects that providers keep for callers (files, batches), and whose they are: all callers share a provider's credentials. Instants are microseconds since 1970 UTC.
-- Kind: 1 file, 2 batch. path is the accounts of the key that made it. told is the provider's JSON of the object, without contents. model to images sum up the calls
-- of a batch or of its input; hold_id is the hold that a batch is charged under. State: 0 costs nothing, 1 charged by its worst case, 2 charged by what it used.
CREATE TABLE provider_object (
    provider       TEXT    NOT NULL,
    object_id      TEXT    NOT NULL,
    kind           INTEGER NOT NULL,
    org            TEXT    NOT NULL,
    key_id         TEXT    NOT NULL,
    path           TEXT    NOT NULL,
    purpose        TEXT    NOT NULL,
    bytes          INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    told           TEXT    NOT NULL,
    model          TEXT    NOT NULL,
    provider_model TEXT    NOT NULL,
    endpoint       TEXT    NOT NULL,
    calls          INTEGER NOT NULL,
    input_tokens   INTEGER NOT NULL,
    output_tokens  INTEGER NOT NULL,
    images         INTEGER NOT NULL,
    hold_id        TEXT    NOT NULL,
    state          INTEGER NOT NULL,
    due_at         INTEGER,
    PRIMARY KEY (provider, object_id)
);

CREATE INDEX provider_object_org ON provider_object (org, kind, created_at, object_id);
CREATE INDEX provider_object_id ON provider_object (object_id);
CREATE INDEX provider_object_due ON provider_object (due_at) WHERE due_at IS NOT NULL;
