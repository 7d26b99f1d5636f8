-- Records, log and jobs of the forces of one deployment. force_id leads every key: each chief
-- officer is a separate controller. What is plain here, and why, stands in docs/plain-structure.md.

CREATE TABLE records (
    force_id     BYTEA   NOT NULL,
    record_id    BYTEA   NOT NULL,
    kind         BIGINT NOT NULL,
    reference    BIGINT NOT NULL,
    head_version BYTEA   NOT NULL,
    PRIMARY KEY (force_id, record_id)
);
CREATE UNIQUE INDEX records_by_reference ON records (force_id, kind, reference);

CREATE TABLE versions (
    force_id   BYTEA   NOT NULL,
    version_id BYTEA   NOT NULL,
    record_id  BYTEA   NOT NULL,
    ordinal    BIGINT NOT NULL,
    kind       BIGINT NOT NULL,
    shape      BIGINT NOT NULL,
    labels     TEXT    NOT NULL,
    happened   BIGINT,
    review_due TEXT    NOT NULL,
    author     BYTEA   NOT NULL,
    written    BIGINT NOT NULL,
    link_from  BYTEA,
    link_to    BYTEA,
    link_type  TEXT,
    key_place  BIGINT NOT NULL,
    body       BYTEA   NOT NULL,
    PRIMARY KEY (force_id, version_id)
);
CREATE UNIQUE INDEX versions_of_record ON versions (force_id, record_id, ordinal);
-- No two bodies share a key; and the keystore's orphans are found without reading a body.
CREATE UNIQUE INDEX versions_by_key ON versions (force_id, key_place);

-- The ends of each link's newest version, for walking the graph hop by hop.
CREATE TABLE links (
    force_id  BYTEA NOT NULL,
    record_id BYTEA NOT NULL,
    from_id   BYTEA NOT NULL,
    to_id     BYTEA NOT NULL,
    PRIMARY KEY (force_id, record_id)
);
CREATE INDEX links_from ON links (force_id, from_id);
CREATE INDEX links_to ON links (force_id, to_id);

CREATE TABLE counters (
    force_id BYTEA   NOT NULL,
    name     TEXT COLLATE "C" NOT NULL,
    value    BIGINT NOT NULL,
    PRIMARY KEY (force_id, name)
);

-- Plain settings and states: accounts, holds, states of jobs. Never a name, narrative or address
-- of anybody whose data the records hold.
CREATE TABLE settings (
    force_id BYTEA NOT NULL,
    area     TEXT COLLATE "C" NOT NULL,
    name     TEXT COLLATE "C" NOT NULL,
    value    TEXT NOT NULL,
    PRIMARY KEY (force_id, area, name)
);

-- Sealed things that are no records: rejects, certificates, the tokens of an erasure in progress.
CREATE TABLE items (
    force_id  BYTEA   NOT NULL,
    area      TEXT COLLATE "C" NOT NULL,
    name      TEXT COLLATE "C" NOT NULL,
    key_place BIGINT NOT NULL,
    sealed    BYTEA   NOT NULL,
    PRIMARY KEY (force_id, area, name)
);
CREATE UNIQUE INDEX items_by_key ON items (force_id, key_place);

-- One row for each distinct content of a published month: how often it is held, and how often
-- the present run has seen it. The content is a keyed hash.
CREATE TABLE intake_rows (
    force_id BYTEA   NOT NULL,
    source   TEXT COLLATE "C" NOT NULL,
    content  BYTEA   NOT NULL,
    held     BIGINT NOT NULL,
    run      BIGINT NOT NULL,
    seen     BIGINT NOT NULL,
    PRIMARY KEY (force_id, source, content)
);

CREATE TABLE ledger_heads (
    force_id        BYTEA   NOT NULL,
    generation      BIGINT NOT NULL,
    size            BIGINT NOT NULL,
    root            BYTEA   NOT NULL,
    last_time       BIGINT NOT NULL,
    pending_key     BIGINT NOT NULL,
    checkpoint      TEXT    NOT NULL,
    checkpoint_size BIGINT NOT NULL,
    fence           BIGINT NOT NULL,
    PRIMARY KEY (force_id)
);

CREATE TABLE ledger_pending (
    force_id BYTEA   NOT NULL,
    batch    BYTEA   NOT NULL,
    key      BIGINT NOT NULL,
    count    BIGINT NOT NULL,
    sealed   BYTEA   NOT NULL,
    PRIMARY KEY (force_id, batch)
);

-- The order in which the sequencer first saw what was committed. It is kept before a step rests on it:
-- a step that a crash undid is taken again in the same order, so that no place of the log ever seals two
-- texts. Rows stay for a while after their batch was integrated: by them a commit whose answer was lost
-- is told from one that never was.
CREATE TABLE ledger_order (
    force_id BYTEA  NOT NULL,
    batch    BYTEA  NOT NULL,
    place    BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (force_id, batch)
);
CREATE UNIQUE INDEX ledger_order_by_place ON ledger_order (force_id, place);

CREATE TABLE ledger_payloads (
    force_id    BYTEA   NOT NULL,
    first       BIGINT NOT NULL,
    count       BIGINT NOT NULL,
    commitments BYTEA   NOT NULL,
    sealed      BYTEA   NOT NULL,
    PRIMARY KEY (force_id, first)
);

CREATE TABLE ledger_tiles (
    force_id BYTEA   NOT NULL,
    level    BIGINT NOT NULL,
    number   BIGINT NOT NULL,
    hashes   BYTEA   NOT NULL,
    PRIMARY KEY (force_id, level, number)
);

CREATE TABLE touches (
    force_id  BYTEA   NOT NULL,
    leaf      BIGINT NOT NULL,
    record_id BYTEA   NOT NULL,
    operation BIGINT NOT NULL,
    actor     BYTEA   NOT NULL,
    time      BIGINT NOT NULL,
    PRIMARY KEY (force_id, leaf, record_id)
);
CREATE INDEX touches_by_actor ON touches (force_id, actor, leaf);
CREATE INDEX touches_by_record ON touches (force_id, record_id, leaf);

CREATE TABLE feed (
    force_id   BYTEA   NOT NULL,
    leaf       BIGINT NOT NULL,
    place      BIGINT NOT NULL,
    record_id  BYTEA   NOT NULL,
    version_id BYTEA   NOT NULL,
    PRIMARY KEY (force_id, leaf, place)
);

-- The server's statistics are samples of the rows themselves: of what is sealed it must keep none.
ALTER TABLE versions ALTER COLUMN body SET STATISTICS 0;
ALTER TABLE items ALTER COLUMN sealed SET STATISTICS 0;
ALTER TABLE ledger_pending ALTER COLUMN sealed SET STATISTICS 0;
ALTER TABLE ledger_payloads ALTER COLUMN commitments SET STATISTICS 0;
ALTER TABLE ledger_payloads ALTER COLUMN sealed SET STATISTICS 0;
ALTER TABLE ledger_tiles ALTER COLUMN hashes SET STATISTICS 0;
