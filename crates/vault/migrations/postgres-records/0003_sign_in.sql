-- What proves a person beside a token: the password of an account, and the sessions of those who signed
-- in. A session's secret is in no column, only its SHA-256; moments are microseconds since 1970.

CREATE TABLE passwords (
    force_id     BYTEA  NOT NULL,
    account      BYTEA  NOT NULL,
    hash         TEXT   NOT NULL,
    set_at       BIGINT NOT NULL,
    must_change  BIGINT NOT NULL,
    failures     BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    PRIMARY KEY (force_id, account)
);

CREATE TABLE sessions (
    force_id         BYTEA  NOT NULL,
    digest           BYTEA  NOT NULL,
    account          BYTEA  NOT NULL,
    began            BIGINT NOT NULL,
    last_seen        BIGINT NOT NULL,
    ends             BIGINT NOT NULL,
    stepped_up_until BIGINT NOT NULL,
    strength         BIGINT NOT NULL,
    device           BYTEA  NOT NULL,
    PRIMARY KEY (force_id, digest)
);
CREATE INDEX sessions_of_account ON sessions (force_id, account);

-- The server's statistics are samples of the rows themselves: of these it must keep none.
ALTER TABLE passwords ALTER COLUMN hash SET STATISTICS 0;
ALTER TABLE sessions ALTER COLUMN device SET STATISTICS 0;
