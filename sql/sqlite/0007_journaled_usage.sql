-- 1 where a call was settled while the ledger could not be reached, and its event came from the outage journal.
ALTER TABLE usage_event ADD COLUMN journaled INTEGER NOT NULL DEFAULT 0;
