-- The keystore: apart from the records, so that a copy of one without the other opens nothing.
-- A place is bucket × 256 + slot.

CREATE TABLE keystore (
    force_id BLOB    NOT NULL,
    epoch    INTEGER NOT NULL,
    mark     INTEGER NOT NULL,
    PRIMARY KEY (force_id)
) WITHOUT ROWID;

CREATE TABLE buckets (
    force_id BLOB    NOT NULL,
    bucket   INTEGER NOT NULL,
    used     INTEGER NOT NULL,
    wrapped  BLOB    NOT NULL,
    PRIMARY KEY (force_id, bucket)
) WITHOUT ROWID;

CREATE TABLE keys (
    force_id BLOB    NOT NULL,
    place    INTEGER NOT NULL,
    wrapped  BLOB    NOT NULL,
    PRIMARY KEY (force_id, place)
) WITHOUT ROWID;

CREATE TABLE key_names (
    force_id BLOB    NOT NULL,
    name     TEXT    NOT NULL,
    place    INTEGER NOT NULL,
    PRIMARY KEY (force_id, name)
) WITHOUT ROWID;
CREATE UNIQUE INDEX key_names_by_place ON key_names (force_id, place);
