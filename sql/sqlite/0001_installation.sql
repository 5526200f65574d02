-- Facts about this installation, such as the id of the master key that its secrets were sealed with.
CREATE TABLE installation (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
