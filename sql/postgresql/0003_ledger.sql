-- The usage ledger. Instants are microseconds since 1970 UTC, money is nano-dollars.

CREATE TABLE account (
    account_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text   NOT NULL UNIQUE,
    epoch      bigint NOT NULL
) WITH (fillfactor = 70);

-- Bucket levels stand apart from the account, whose row is only for fencing: holds lock it shared, loads update it.
CREATE TABLE account_bucket (
    account_no     bigint NOT NULL PRIMARY KEY,
    epoch          bigint NOT NULL,
    sequence       bigint NOT NULL,
    requests_micro bigint,
    tokens_micro   bigint,
    at             bigint NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

-- Periods: 1 minute, 2 hour, 3 day, 4 month. Half-full pages, so that adding to a row can stay on its page (HOT).
CREATE TABLE account_window (
    account_no   bigint   NOT NULL,
    period       smallint NOT NULL,
    period_start bigint   NOT NULL,
    operation    text     NOT NULL,
    requests     bigint   NOT NULL,
    tokens       bigint   NOT NULL,
    cost_nano    bigint   NOT NULL,
    PRIMARY KEY (account_no, period, period_start, operation)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

-- Minutes and hours are pruned when no running period can reach them.
CREATE INDEX account_window_short ON account_window (period, period_start) WHERE period <= 2;

-- Open holds only: settling deletes. path is "account@epoch account@epoch …"; accounts are the same accounts by number, for loads.
CREATE TABLE hold (
    hold_id         uuid     NOT NULL PRIMARY KEY,
    owner           text     NOT NULL,
    lease_until     bigint   NOT NULL,
    held_at         bigint   NOT NULL,
    path            text     NOT NULL,
    accounts        bigint[] NOT NULL,
    worst_tokens    bigint   NOT NULL,
    worst_nano      bigint   NOT NULL,
    expected_tokens bigint   NOT NULL,
    expected_nano   bigint   NOT NULL,
    operation       text     NOT NULL,
    key_id          text     NOT NULL,
    model           text     NOT NULL,
    time_zone       text     NOT NULL,
    tags            jsonb    NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

CREATE INDEX hold_lease ON hold (lease_until);

-- One row for each attempt. sequence is the cursor of readers: (transaction id << 16) + ordinal, see PostgresSequence;
-- local_day is yyyymmdd in the tenant's time zone.
CREATE TABLE usage_event (
    sequence          bigint   NOT NULL PRIMARY KEY,
    hold_id           uuid     NOT NULL,
    attempt           integer  NOT NULL,
    path              text     NOT NULL,
    tenant            text,
    org               text,
    team              text,
    user_id           text,
    app               text,
    key_id            text     NOT NULL,
    model             text     NOT NULL,
    time_zone         text     NOT NULL,
    tags              jsonb    NOT NULL,
    operation         text     NOT NULL,
    requests          integer  NOT NULL,
    uncached_input    bigint   NOT NULL,
    cache_read        bigint   NOT NULL,
    cache_write_5m    bigint   NOT NULL,
    cache_write_1h    bigint   NOT NULL,
    output            bigint   NOT NULL,
    reasoning         bigint   NOT NULL,
    audio_input       bigint   NOT NULL,
    audio_output      bigint   NOT NULL,
    cost_nano         bigint   NOT NULL,
    estimated         smallint NOT NULL,
    provider          text     NOT NULL,
    provider_model    text     NOT NULL,
    price_version     text     NOT NULL,
    status            integer  NOT NULL,
    failed_by         text     NOT NULL,
    streamed          smallint NOT NULL,
    started_at        bigint   NOT NULL,
    settled_at        bigint   NOT NULL,
    local_day         integer  NOT NULL,
    duration_micros   bigint   NOT NULL,
    first_byte_micros bigint
);

CREATE UNIQUE INDEX usage_event_attempt ON usage_event (hold_id, attempt);
CREATE INDEX usage_event_settled ON usage_event (settled_at);

-- Requests that an orphan keeper settled with their hold's amount, and the windows it charged:
-- when the true usage comes after all, it replaces the estimate in those windows.
CREATE TABLE orphan_estimate (
    hold_id      uuid   NOT NULL PRIMARY KEY,
    minute_start bigint NOT NULL,
    hour_start   bigint NOT NULL,
    day_start    bigint NOT NULL,
    month_start  bigint NOT NULL
);
