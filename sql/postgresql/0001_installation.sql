-- Facts about this installation, such as the id of the master key that its secrets were sealed with.
CREATE TABLE installation (
    name  text NOT NULL PRIMARY KEY,
    value text NOT NULL
);
