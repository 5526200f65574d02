-- The price history: lines are added and never changed. version is the hash of body, the prices as JSON; effective_from and recorded_at are
-- microseconds since 1970 UTC. A later line supersedes the earlier ones of its name from its own instant on.
CREATE TABLE price_version (
    sequence       INTEGER NOT NULL PRIMARY KEY,
    source         TEXT    NOT NULL,
    model          TEXT    NOT NULL,
    effective_from INTEGER NOT NULL,
    version        TEXT    NOT NULL,
    body           TEXT    NOT NULL,
    recorded_at    INTEGER NOT NULL
);

-- What a bill needs besides the token classes to be recomputed.
ALTER TABLE usage_event ADD COLUMN images            INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_event ADD COLUMN service           TEXT    NOT NULL DEFAULT 'standard';
ALTER TABLE usage_event ADD COLUMN tier_above_tokens INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_event ADD COLUMN cost_max_nano     INTEGER;

-- Earlier estimates may have been cut to their hold without a mark: they count as cut to what they cost.
UPDATE usage_event SET cost_max_nano = cost_nano WHERE estimated = 1;

-- Earlier requests that were given back name a price that they were not charged by.
UPDATE usage_event SET price_version = ''
WHERE requests = 0 AND cost_nano = 0 AND uncached_input + cache_read + cache_write_5m + cache_write_1h + output + audio_input + audio_output = 0;
