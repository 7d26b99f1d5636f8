-- What proves a person beside a token: the password of an account, and the sessions of those who signed
-- in. A session's secret is in no column, only its SHA-256; moments are microseconds since 1970.

CREATE TABLE passwords (
    force_id     BLOB    NOT NULL,
    account      BLOB    NOT NULL,
    hash         TEXT    NOT NULL,
    set_at       INTEGER NOT NULL,
    must_change  INTEGER NOT NULL,
    failures     INTEGER NOT NULL,
    locked_until INTEGER NOT NULL,
    PRIMARY KEY (force_id, account)
) WITHOUT ROWID;

CREATE TABLE sessions (
    force_id         BLOB    NOT NULL,
    digest           BLOB    NOT NULL,
    account          BLOB    NOT NULL,
    began            INTEGER NOT NULL,
    last_seen        INTEGER NOT NULL,
    ends             INTEGER NOT NULL,
    stepped_up_until INTEGER NOT NULL,
    strength         INTEGER NOT NULL,
    device           BLOB    NOT NULL,
    PRIMARY KEY (force_id, digest)
) WITHOUT ROWID;
CREATE INDEX sessions_of_account ON sessions (force_id, account);
