-- Tokens of images, where a provider tells them from those of text, and what is counted by the piece: images made, milliseconds of audio heard,
-- characters spoken, searches.
ALTER TABLE usage_event ADD COLUMN image_input  bigint NOT NULL DEFAULT 0;
ALTER TABLE usage_event ADD COLUMN image_output bigint NOT NULL DEFAULT 0;
ALTER TABLE usage_event ADD COLUMN images_made  bigint NOT NULL DEFAULT 0;
ALTER TABLE usage_event ADD COLUMN audio_ms     bigint NOT NULL DEFAULT 0;
ALTER TABLE usage_event ADD COLUMN characters   bigint NOT NULL DEFAULT 0;
ALTER TABLE usage_event ADD COLUMN search_units bigint NOT NULL DEFAULT 0;
