-- The usage ledger. Instants are microseconds since 1970 UTC, money is nano-dollars, ids are UUIDs as 16 big-endian bytes (they sort by time).

CREATE TABLE account (
    account_no INTEGER NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL UNIQUE,
    epoch      INTEGER NOT NULL
);

-- Bucket levels stand apart from the account, whose row is only for fencing.
CREATE TABLE account_bucket (
    account_no     INTEGER NOT NULL PRIMARY KEY,
    epoch          INTEGER NOT NULL,
    sequence       INTEGER NOT NULL,
    requests_micro INTEGER,
    tokens_micro   INTEGER,
    at             INTEGER NOT NULL
);

-- Periods: 1 minute, 2 hour, 3 day, 4 month. SQLite turns an integer that overflows into a float: the checks refuse it.
CREATE TABLE account_window (
    account_no   INTEGER NOT NULL,
    period       INTEGER NOT NULL,
    period_start INTEGER NOT NULL,
    operation    TEXT    NOT NULL,
    requests     INTEGER NOT NULL CHECK (typeof(requests) = 'integer'),
    tokens       INTEGER NOT NULL CHECK (typeof(tokens) = 'integer'),
    cost_nano    INTEGER NOT NULL CHECK (typeof(cost_nano) = 'integer'),
    PRIMARY KEY (account_no, period, period_start, operation)
) WITHOUT ROWID;

-- Minutes and hours are pruned when no running period can reach them.
CREATE INDEX account_window_short ON account_window (period, period_start) WHERE period <= 2;

-- Open holds only: settling deletes. path is "account@epoch account@epoch …", tags is a JSON object.
CREATE TABLE hold (
    hold_id         BLOB    NOT NULL PRIMARY KEY,
    owner           TEXT    NOT NULL,
    lease_until     INTEGER NOT NULL,
    held_at         INTEGER NOT NULL,
    path            TEXT    NOT NULL,
    worst_tokens    INTEGER NOT NULL,
    worst_nano      INTEGER NOT NULL,
    expected_tokens INTEGER NOT NULL,
    expected_nano   INTEGER NOT NULL,
    operation       TEXT    NOT NULL,
    key_id          TEXT    NOT NULL,
    model           TEXT    NOT NULL,
    time_zone       TEXT    NOT NULL,
    tags            TEXT    NOT NULL
) WITHOUT ROWID;

CREATE INDEX hold_lease ON hold (lease_until);

-- One row for each attempt. sequence is the cursor of readers; local_day is yyyymmdd in the tenant's time zone.
CREATE TABLE usage_event (
    sequence          INTEGER NOT NULL PRIMARY KEY,
    hold_id           BLOB    NOT NULL,
    attempt           INTEGER NOT NULL,
    path              TEXT    NOT NULL,
    tenant            TEXT,
    org               TEXT,
    team              TEXT,
    user_id           TEXT,
    app               TEXT,
    key_id            TEXT    NOT NULL,
    model             TEXT    NOT NULL,
    time_zone         TEXT    NOT NULL,
    tags              TEXT    NOT NULL,
    operation         TEXT    NOT NULL,
    requests          INTEGER NOT NULL,
    uncached_input    INTEGER NOT NULL,
    cache_read        INTEGER NOT NULL,
    cache_write_5m    INTEGER NOT NULL,
    cache_write_1h    INTEGER NOT NULL,
    output            INTEGER NOT NULL,
    reasoning         INTEGER NOT NULL,
    audio_input       INTEGER NOT NULL,
    audio_output      INTEGER NOT NULL,
    cost_nano         INTEGER NOT NULL,
    estimated         INTEGER NOT NULL,
    provider          TEXT    NOT NULL,
    provider_model    TEXT    NOT NULL,
    price_version     TEXT    NOT NULL,
    status            INTEGER NOT NULL,
    failed_by         TEXT    NOT NULL,
    streamed          INTEGER NOT NULL,
    started_at        INTEGER NOT NULL,
    settled_at        INTEGER NOT NULL,
    local_day         INTEGER NOT NULL,
    duration_micros   INTEGER NOT NULL,
    first_byte_micros INTEGER
);

CREATE UNIQUE INDEX usage_event_attempt ON usage_event (hold_id, attempt);
CREATE INDEX usage_event_settled ON usage_event (settled_at);

-- Requests that an orphan keeper settled with their hold's amount, and the windows it charged:
-- when the true usage comes after all, it replaces the estimate in those windows.
CREATE TABLE orphan_estimate (
    hold_id      BLOB    NOT NULL PRIMARY KEY,
    minute_start INTEGER NOT NULL,
    hour_start   INTEGER NOT NULL,
    day_start    INTEGER NOT NULL,
    month_start  INTEGER NOT NULL
) WITHOUT ROWID;
