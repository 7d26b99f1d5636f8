-- The keystore: apart from the records, so that a copy of one without the other opens nothing.

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
);

CREATE TABLE keys (
    force_id BLOB    NOT NULL,
    bucket   INTEGER NOT NULL,
    slot     INTEGER NOT NULL,
    wrapped  BLOB    NOT NULL,
    PRIMARY KEY (force_id, bucket, slot)
) WITHOUT ROWID;

CREATE TABLE key_names (
    force_id BLOB    NOT NULL,
    name     TEXT    NOT NULL,
    bucket   INTEGER NOT NULL,
    slot     INTEGER NOT NULL,
    PRIMARY KEY (force_id, name)
) WITHOUT ROWID;
