-- The keystore: in a database on a cluster of its own, so that a copy of one cluster without the
-- other opens nothing. A place is bucket × 256 + slot.

CREATE TABLE keystore (
    force_id BYTEA  NOT NULL,
    epoch    BIGINT NOT NULL,
    mark     BIGINT NOT NULL,
    -- How often keys went since the tables were last rewritten.
    freed    BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (force_id)
);

CREATE TABLE buckets (
    force_id BYTEA  NOT NULL,
    bucket   BIGINT NOT NULL,
    used     BIGINT NOT NULL,
    wrapped  BYTEA  NOT NULL,
    PRIMARY KEY (force_id, bucket)
);

CREATE TABLE keys (
    force_id BYTEA  NOT NULL,
    place    BIGINT NOT NULL,
    wrapped  BYTEA  NOT NULL,
    PRIMARY KEY (force_id, place)
);

CREATE TABLE key_names (
    force_id BYTEA            NOT NULL,
    name     TEXT COLLATE "C" NOT NULL,
    place    BIGINT           NOT NULL,
    PRIMARY KEY (force_id, name)
);
CREATE UNIQUE INDEX key_names_by_place ON key_names (force_id, place);

-- The server's statistics are samples of the rows themselves: of keys it must keep none.
ALTER TABLE buckets ALTER COLUMN wrapped SET STATISTICS 0;
ALTER TABLE keys ALTER COLUMN wrapped SET STATISTICS 0;
