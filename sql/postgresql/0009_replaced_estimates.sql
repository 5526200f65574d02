-- When the true usage replaced the estimate, in microseconds since 1970; null while it stands. Every process looks for new ones, so that accounts in memory follow.
ALTER TABLE orphan_estimate ADD COLUMN replaced_at bigint;

CREATE INDEX orphan_estimate_replaced ON orphan_estimate (replaced_at) WHERE replaced_at IS NOT NULL;
