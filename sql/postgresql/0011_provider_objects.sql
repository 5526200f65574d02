-- Objects that providers keep for callers (files, batches), and whose they are: all callers share a provider's credentials. Instants are microseconds since 1970 UTC.
-- Kind: 1 file, 2 batch. path is the accounts of the key that made it. told is the provider's JSON of the object, without contents. model to images sum up the calls
-- of a batch or of its input; hold_id is the hold that a batch is charged under. State: 0 costs nothing, 1 charged by its worst case, 2 charged by what it used.
CREATE TABLE provider_object (
    provider       text    NOT NULL,
    object_id      text    NOT NULL,
    kind           integer NOT NULL,
    org            text    NOT NULL,
    key_id         text    NOT NULL,
    path           text    NOT NULL,
    purpose        text    NOT NULL,
    bytes          bigint  NOT NULL,
    created_at     bigint  NOT NULL,
    told           text    NOT NULL,
    model          text    NOT NULL,
    provider_model text    NOT NULL,
    endpoint       text    NOT NULL,
    calls          integer NOT NULL,
    input_tokens   bigint  NOT NULL,
    output_tokens  bigint  NOT NULL,
    images         integer NOT NULL,
    hold_id        text    NOT NULL,
    state          integer NOT NULL,
    due_at         bigint,
    PRIMARY KEY (provider, object_id)
);

CREATE INDEX provider_object_org ON provider_object (org, kind, created_at, object_id);
CREATE INDEX provider_object_id ON provider_object (object_id);
CREATE INDEX provider_object_due ON provider_object (due_at) WHERE due_at IS NOT NULL;
