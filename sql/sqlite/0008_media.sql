-- Tokens of images, where a provider tells them from those of text, and what is counted by the piece: images made, milliseconds of audio heard,
-- characters spoken, searches.
ALTER TABLE usage_event ADD COLUMN image_input  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_event ADD COLUMN image_output INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_event ADD COLUMN images_made  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_event ADD COLUMN audio_ms     INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_event ADD COLUMN characters   INTEGER NOT NULL DEFAULT 0;
ALTER TABLE usage_event ADD COLUMN search_units INTEGER NOT NULL DEFAULT 0;
