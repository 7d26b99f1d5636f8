-- Records, log and jobs of the forces of one deployment. force_id leads every key: each chief
-- officer is a separate controller. What is plain here, and why, stands in docs/plain-structure.md.

CREATE TABLE records (
    force_id     BLOB    NOT NULL,
    record_id    BLOB    NOT NULL,
    kind         INTEGER NOT NULL,
    reference    INTEGER NOT NULL,
    head_version BLOB    NOT NULL,
    PRIMARY KEY (force_id, record_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX records_by_reference ON records (force_id, kind, reference);

CREATE TABLE versions (
    force_id   BLOB    NOT NULL,
    version_id BLOB    NOT NULL,
    record_id  BLOB    NOT NULL,
    ordinal    INTEGER NOT NULL,
    kind       INTEGER NOT NULL,
    shape      INTEGER NOT NULL,
    labels     TEXT    NOT NULL,
    happened   INTEGER,
    review_due TEXT    NOT NULL,
    author     BLOB    NOT NULL,
    written    INTEGER NOT NULL,
    link_from  BLOB,
    link_to    BLOB,
    link_type  TEXT,
    key_place  INTEGER NOT NULL,
    body       BLOB    NOT NULL,
    PRIMARY KEY (force_id, version_id)
);
CREATE UNIQUE INDEX versions_of_record ON versions (force_id, record_id, ordinal);
-- No two bodies share a key; and the keystore's orphans are found without reading a body.
CREATE UNIQUE INDEX versions_by_key ON versions (force_id, key_place);

-- The ends of each link's newest version, for walking the graph hop by hop.
CREATE TABLE links (
    force_id  BLOB NOT NULL,
    record_id BLOB NOT NULL,
    from_id   BLOB NOT NULL,
    to_id     BLOB NOT NULL,
    PRIMARY KEY (force_id, record_id)
) WITHOUT ROWID;
CREATE INDEX links_from ON links (force_id, from_id);
CREATE INDEX links_to ON links (force_id, to_id);

CREATE TABLE counters (
    force_id BLOB    NOT NULL,
    name     TEXT    NOT NULL,
    value    INTEGER NOT NULL,
    PRIMARY KEY (force_id, name)
) WITHOUT ROWID;

-- Plain settings and states: accounts, holds, states of jobs. Never a name, narrative or address
-- of anybody whose data the records hold.
CREATE TABLE settings (
    force_id BLOB NOT NULL,
    area     TEXT NOT NULL,
    name     TEXT NOT NULL,
    value    TEXT NOT NULL,
    PRIMARY KEY (force_id, area, name)
) WITHOUT ROWID;

-- Sealed things that are no records: rejects, certificates, the tokens of an erasure in progress.
CREATE TABLE items (
    force_id  BLOB    NOT NULL,
    area      TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    key_place INTEGER NOT NULL,
    sealed    BLOB    NOT NULL,
    PRIMARY KEY (force_id, area, name)
);
CREATE UNIQUE INDEX items_by_key ON items (force_id, key_place);

-- One row for each distinct content of a published month: how often it is held, and how often
-- the present run has seen it. The content is a keyed hash.
CREATE TABLE intake_rows (
    force_id BLOB    NOT NULL,
    source   TEXT    NOT NULL,
    content  BLOB    NOT NULL,
    held     INTEGER NOT NULL,
    run      INTEGER NOT NULL,
    seen     INTEGER NOT NULL,
    PRIMARY KEY (force_id, source, content)
) WITHOUT ROWID;

CREATE TABLE ledger_heads (
    force_id        BLOB    NOT NULL,
    generation      INTEGER NOT NULL,
    size            INTEGER NOT NULL,
    root            BLOB    NOT NULL,
    last_time       INTEGER NOT NULL,
    pending_key     INTEGER NOT NULL,
    checkpoint      TEXT    NOT NULL,
    checkpoint_size INTEGER NOT NULL,
    fence           INTEGER NOT NULL,
    PRIMARY KEY (force_id)
) WITHOUT ROWID;

CREATE TABLE ledger_pending (
    force_id BLOB    NOT NULL,
    batch    BLOB    NOT NULL,
    key      INTEGER NOT NULL,
    count    INTEGER NOT NULL,
    sealed   BLOB    NOT NULL,
    PRIMARY KEY (force_id, batch)
);

CREATE TABLE ledger_payloads (
    force_id    BLOB    NOT NULL,
    first       INTEGER NOT NULL,
    count       INTEGER NOT NULL,
    commitments BLOB    NOT NULL,
    sealed      BLOB    NOT NULL,
    PRIMARY KEY (force_id, first)
);

CREATE TABLE ledger_tiles (
    force_id BLOB    NOT NULL,
    level    INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    hashes   BLOB    NOT NULL,
    PRIMARY KEY (force_id, level, number)
);

CREATE TABLE touches (
    force_id  BLOB    NOT NULL,
    leaf      INTEGER NOT NULL,
    record_id BLOB    NOT NULL,
    operation INTEGER NOT NULL,
    actor     BLOB    NOT NULL,
    time      INTEGER NOT NULL,
    PRIMARY KEY (force_id, leaf, record_id)
) WITHOUT ROWID;
CREATE INDEX touches_by_actor ON touches (force_id, actor, leaf);
CREATE INDEX touches_by_record ON touches (force_id, record_id, leaf);

CREATE TABLE feed (
    force_id   BLOB    NOT NULL,
    leaf       INTEGER NOT NULL,
    place      INTEGER NOT NULL,
    record_id  BLOB    NOT NULL,
    version_id BLOB    NOT NULL,
    PRIMARY KEY (force_id, leaf, place)
) WITHOUT ROWID;
