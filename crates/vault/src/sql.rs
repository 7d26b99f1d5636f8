//! The statements that both backends understand word for word. `$1` is always the force; what the
//! columns mean is read by [`crate::rows`].

/// The columns that [`crate::rows::version`] reads, in its order.
macro_rules! version_columns {
    () => {
        "v.version_id, v.record_id, v.kind, r.reference, v.ordinal, v.shape, v.labels, v.happened, v.review_due, \
         v.author, v.written, v.link_from, v.link_to, v.link_type, v.key_place, v.body"
    };
}

/// Versions with the reference of their record, to be followed by a condition.
macro_rules! versions {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            crate::sql::version_columns!(),
            " FROM versions v JOIN records r ON r.force_id = v.force_id AND r.record_id = v.record_id WHERE v.force_id = $1 AND ",
            $condition
        )
    };
}

/// The newest versions of records, to be followed by a condition on these.
macro_rules! heads {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            crate::sql::version_columns!(),
            " FROM records r JOIN versions v ON v.force_id = r.force_id AND v.version_id = r.head_version \
             WHERE r.force_id = $1 AND ",
            $condition
        )
    };
}
pub(crate) use {heads, version_columns, versions};

pub(crate) const HISTORY: &str = versions!("v.record_id = $2 ORDER BY v.ordinal");
pub(crate) const AFTER: &str = versions!("v.version_id > $2 ORDER BY v.version_id LIMIT $3");
pub(crate) const REPLACE_BODY: &str =
    "UPDATE versions SET key_place = $3, body = $4 WHERE force_id = $1 AND version_id = $2";
/// What goes with a record.
pub(crate) const DELETE_RECORD: [&str; 4] = [
    "DELETE FROM versions WHERE force_id = $1 AND record_id = $2",
    "DELETE FROM links WHERE force_id = $1 AND record_id = $2",
    "DELETE FROM records WHERE force_id = $1 AND record_id = $2",
    "UPDATE intake_ids SET record_id = NULL WHERE force_id = $1 AND record_id = $2",
];
pub(crate) const BY_REFERENCE: &str =
    "SELECT record_id FROM records WHERE force_id = $1 AND kind = $2 AND reference = $3";
pub(crate) const LINKS_OF: &str = "SELECT record_id FROM links WHERE force_id = $1 AND from_id = $2 \
     UNION SELECT record_id FROM links WHERE force_id = $1 AND to_id = $2 ORDER BY 1";
pub(crate) const COUNT: &str = "SELECT count(*) FROM records WHERE force_id = $1 AND kind = $2";

pub(crate) const RAISE: &str = "INSERT INTO counters (force_id, name, value) VALUES ($1, $2, $3) \
     ON CONFLICT (force_id, name) DO UPDATE SET value = counters.value + excluded.value RETURNING value";
pub(crate) const PUT_SETTING: &str = "INSERT INTO settings (force_id, area, name, value) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (force_id, area, name) DO UPDATE SET value = excluded.value";
pub(crate) const DELETE_SETTING: &str =
    "DELETE FROM settings WHERE force_id = $1 AND area = $2 AND name = $3";
pub(crate) const SETTING: &str =
    "SELECT value, name FROM settings WHERE force_id = $1 AND area = $2 AND name = $3";
pub(crate) const SETTINGS: &str =
    "SELECT name, value FROM settings WHERE force_id = $1 AND area = $2 ORDER BY name";
pub(crate) const ITEM: &str =
    "SELECT area, name, key_place, sealed FROM items WHERE force_id = $1 AND area = $2 AND name = $3";
pub(crate) const ITEMS: &str = "SELECT area, name, key_place, sealed FROM items WHERE force_id = $1 AND area = $2 \
     AND name > $3 ORDER BY name LIMIT $4";
pub(crate) const DELETE_ITEM: &str = "DELETE FROM items WHERE force_id = $1 AND area = $2 AND name = $3";
pub(crate) const PUT_PASSWORD: &str = "INSERT INTO passwords (force_id, account, hash, set_at, must_change, failures, \
     locked_until) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (force_id, account) DO UPDATE SET \
     hash = excluded.hash, set_at = excluded.set_at, must_change = excluded.must_change, \
     failures = excluded.failures, locked_until = excluded.locked_until";
pub(crate) const PASSWORD: &str = "SELECT account, hash, set_at, must_change, failures, locked_until FROM passwords \
     WHERE force_id = $1 AND account = $2";
pub(crate) const DELETE_PASSWORD: &str = "DELETE FROM passwords WHERE force_id = $1 AND account = $2";
pub(crate) const ADD_SESSION: &str = "INSERT INTO sessions (force_id, digest, account, began, last_seen, ends, \
     stepped_up_until, strength, device) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
pub(crate) const SESSION: &str = "SELECT digest, account, began, last_seen, ends, stepped_up_until, strength, device \
     FROM sessions WHERE force_id = $1 AND digest = $2";
pub(crate) const SESSIONS_OF: &str = "SELECT digest, account, began, last_seen, ends, stepped_up_until, strength, \
     device FROM sessions WHERE force_id = $1 AND account = $2 ORDER BY last_seen DESC, digest";
pub(crate) const NOTE_SESSION_USED: &str =
    "UPDATE sessions SET last_seen = $3 WHERE force_id = $1 AND digest = $2 AND last_seen < $3";
pub(crate) const STEP_SESSION_UP: &str =
    "UPDATE sessions SET stepped_up_until = $3 WHERE force_id = $1 AND digest = $2";
pub(crate) const END_SESSION: &str = "DELETE FROM sessions WHERE force_id = $1 AND digest = $2";
pub(crate) const END_SESSIONS_OF: &str = "DELETE FROM sessions WHERE force_id = $1 AND account = $2";
pub(crate) const SWEEP_SESSIONS: &str =
    "DELETE FROM sessions WHERE force_id = $1 AND (ends <= $2 OR last_seen <= $3)";
pub(crate) const COUNT_SESSIONS: &str =
    "SELECT COUNT(*) FROM sessions WHERE force_id = $1 AND ends > $2 AND last_seen > $3";
pub(crate) const TOUCHES_OF_RECORD: &str = "SELECT leaf, operation, actor, record_id, time FROM touches \
     WHERE force_id = $1 AND record_id = $2 AND leaf < $3 ORDER BY leaf DESC LIMIT $4";
pub(crate) const TOUCHES_OF_LEAVES: &str = "SELECT leaf, operation, actor, record_id, time FROM touches \
     WHERE force_id = $1 AND leaf >= $2 AND leaf < $3 ORDER BY leaf";
pub(crate) const TOUCHES_BY_ACTOR: &str = "SELECT leaf, operation, actor, record_id, time FROM touches \
     WHERE force_id = $1 AND actor = $2 ORDER BY leaf DESC LIMIT $3";
pub(crate) const PLACES_IN_USE: &str = "SELECT key_place FROM versions WHERE force_id = $1 AND key_place BETWEEN $2 AND $3 \
     UNION ALL SELECT key_place FROM items WHERE force_id = $1 AND key_place BETWEEN $2 AND $3";

pub(crate) const HEAD: &str = "SELECT generation, size, root, last_time, pending_key, checkpoint, checkpoint_size, \
     fence FROM ledger_heads WHERE force_id = $1";
pub(crate) const LEASE: &str = "INSERT INTO ledger_heads (force_id, generation, size, root, last_time, pending_key, \
     checkpoint, checkpoint_size, fence) VALUES ($1, 0, 0, $2, 0, 0, '', 0, 1) \
     ON CONFLICT (force_id) DO UPDATE SET fence = ledger_heads.fence + 1 RETURNING fence";
pub(crate) const SET_HEAD: &str = "UPDATE ledger_heads SET generation = $4, size = $5, root = $6, last_time = $7, \
     pending_key = $8 WHERE force_id = $1 AND fence = $2 AND size = $3";
pub(crate) const SET_CHECKPOINT: &str = "UPDATE ledger_heads SET generation = $4, pending_key = $5, checkpoint = $6, \
     checkpoint_size = $7 WHERE force_id = $1 AND fence = $2 AND size = $3";
pub(crate) const TILE: &str =
    "SELECT hashes, number FROM ledger_tiles WHERE force_id = $1 AND level = $2 AND number = $3";
pub(crate) const PAYLOADS: &str = "SELECT first, count, commitments, sealed FROM ledger_payloads WHERE force_id = $1 \
     AND first >= (SELECT coalesce(max(first), 0) FROM ledger_payloads WHERE force_id = $1 AND first <= $2) \
     AND first < $3 AND first + count > $2 ORDER BY first";
pub(crate) const REPLACE_PAYLOADS: &str = "UPDATE ledger_payloads SET commitments = $4, sealed = $5 \
     WHERE force_id = $1 AND first = $2 AND count = $3";
pub(crate) const DROP_TOUCHES: &str = "DELETE FROM touches WHERE force_id = $1 AND leaf = $2";
pub(crate) const FEED: &str = "SELECT leaf, place, record_id, version_id FROM feed WHERE force_id = $1 AND leaf > $2 \
     ORDER BY leaf, place LIMIT $3";
pub(crate) const REST_OF_LEAF: &str = "SELECT leaf, place, record_id, version_id FROM feed WHERE force_id = $1 AND leaf = $2 AND place > $3 ORDER BY place";

/// What must hold of the tables together: each statement must give nothing or 0.
pub(crate) const RULES: &[(&str, &str)] = &[
    (
        "SELECT count(*) FROM records r LEFT JOIN versions v ON v.force_id = r.force_id \
         AND v.version_id = r.head_version WHERE r.force_id = $1 AND (v.record_id IS NULL OR v.record_id <> r.record_id)",
        "records have no newest version: restore the newest backup",
    ),
    (
        "SELECT count(*) FROM versions v LEFT JOIN records r ON r.force_id = v.force_id \
         AND r.record_id = v.record_id WHERE v.force_id = $1 AND r.record_id IS NULL",
        "versions belong to no record: an erasure was cut in two; run it again",
    ),
    (
        "SELECT count(*) FROM (SELECT record_id FROM versions WHERE force_id = $1 GROUP BY record_id \
         HAVING max(ordinal) <> count(*) OR min(ordinal) <> 1) AS gaps",
        "records have a gap in the numbers of their versions",
    ),
    (
        "SELECT count(*) FROM links l LEFT JOIN records r ON r.force_id = l.force_id \
         AND r.record_id = l.record_id WHERE l.force_id = $1 AND r.record_id IS NULL",
        "links belong to no record: an erasure was cut in two; run it again",
    ),
    (
        "SELECT CAST(h.size - coalesce((SELECT sum(count) FROM ledger_payloads p WHERE p.force_id = h.force_id), 0) \
         AS BIGINT) FROM ledger_heads h WHERE h.force_id = $1",
        "entries of the log have no stored payload: restore the newest backup",
    ),
    (
        "SELECT h.size - coalesce((SELECT sum(length(hashes)) / 32 FROM ledger_tiles t \
         WHERE t.force_id = h.force_id AND t.level = 0), 0) FROM ledger_heads h WHERE h.force_id = $1",
        "leaves of the tree are not in its tiles: restore the newest backup",
    ),
    (
        "SELECT h.size / 256 - coalesce((SELECT sum(length(hashes)) / 32 FROM ledger_tiles t \
         WHERE t.force_id = h.force_id AND t.level = 1), 0) FROM ledger_heads h WHERE h.force_id = $1",
        "full tiles of the tree are not in the level above: restore the newest backup",
    ),
    (
        "SELECT count(*) FROM feed f, ledger_heads h WHERE f.force_id = $1 AND h.force_id = $1 AND f.leaf >= h.size",
        "changes in the feed are beyond the end of the log",
    ),
    (
        "SELECT count(*) FROM touches t, ledger_heads h WHERE t.force_id = $1 AND h.force_id = $1 AND t.leaf >= h.size",
        "touches are beyond the end of the log",
    ),
];

pub(crate) const NEW_KEYSTORE: &str = "INSERT INTO keystore (force_id, epoch, mark) VALUES ($1, $2, $3)";
pub(crate) const RAISE_MARK: &str = "UPDATE keystore SET mark = mark + 1 WHERE force_id = $1 RETURNING mark";
pub(crate) const SET_EPOCH: &str = "UPDATE keystore SET epoch = $2 WHERE force_id = $1 AND epoch = $3";
pub(crate) const KEYSTORE: &str = "SELECT force_id, epoch FROM keystore ORDER BY force_id";
pub(crate) const MARK_OF_KEYSTORE: &str = "SELECT mark FROM keystore WHERE force_id = $1";
/// The first place that is still free.
pub(crate) const FIRST_FREE: &str =
    "SELECT bucket * 256 + used FROM buckets WHERE force_id = $1 ORDER BY bucket DESC LIMIT 1";
pub(crate) const NEW_BUCKET: &str =
    "INSERT INTO buckets (force_id, bucket, used, wrapped) VALUES ($1, $2, 0, $3)";
pub(crate) const NEWEST_BUCKET: &str =
    "SELECT bucket, used, wrapped FROM buckets WHERE force_id = $1 ORDER BY bucket DESC LIMIT 1";
pub(crate) const BUCKET: &str =
    "SELECT bucket, used, wrapped FROM buckets WHERE force_id = $1 AND bucket = $2";
pub(crate) const SOME_BUCKETS: &str = "SELECT bucket, used, wrapped FROM buckets WHERE force_id = $1 AND bucket > $2 ORDER BY bucket LIMIT 1024";
pub(crate) const USE_BUCKET: &str = "UPDATE buckets SET used = $3 WHERE force_id = $1 AND bucket = $2";
pub(crate) const NEW_BUCKET_KEY: &str = "UPDATE buckets SET wrapped = $3 WHERE force_id = $1 AND bucket = $2";
pub(crate) const KEYS_OF_BUCKET: &str =
    "SELECT place, wrapped FROM keys WHERE force_id = $1 AND place >= $2 AND place < $3 ORDER BY place";
pub(crate) const NEW_NAME: &str = "INSERT INTO key_names (force_id, name, place) VALUES ($1, $2, $3) ON CONFLICT (force_id, name) DO NOTHING";
pub(crate) const PLACE_OF_NAME: &str = "SELECT place FROM key_names WHERE force_id = $1 AND name = $2";
pub(crate) const RENAME: &str = "UPDATE key_names SET name = $3 WHERE force_id = $1 AND name = $2";
pub(crate) const NAMES: &str = "SELECT name FROM key_names WHERE force_id = $1 AND name >= $2 \
     AND substr(name, 1, length($2)) = $2 ORDER BY name";
pub(crate) const UNNAMED_KEYS: &str = "SELECT k.place FROM keys k LEFT JOIN key_names n ON n.force_id = k.force_id AND n.place = k.place \
     WHERE k.force_id = $1 AND k.place >= $2 AND k.place < $3 AND n.name IS NULL ORDER BY k.place";
/// How many buckets and keys there are, and the mark: by these a copy is compared with what it is of.
pub(crate) const KEYSTORE_COUNTS: &str = "SELECT (SELECT count(*) FROM buckets WHERE force_id = $1), \
     (SELECT count(*) FROM keys WHERE force_id = $1), (SELECT mark FROM keystore WHERE force_id = $1)";

/// What must hold of the keystore: each statement must give 0.
pub(crate) const KEYSTORE_RULES: &[(&str, &str)] = &[
    (
        "SELECT count(*) FROM keys k LEFT JOIN buckets b ON b.force_id = k.force_id AND b.bucket = k.place / 256 \
         WHERE k.force_id = $1 AND (b.bucket IS NULL OR k.place % 256 >= b.used)",
        "keys are in no bucket: restore the newest copy of the keystore",
    ),
    (
        "SELECT count(*) FROM key_names n LEFT JOIN keys k ON k.force_id = n.force_id AND k.place = n.place \
         WHERE n.force_id = $1 AND k.place IS NULL",
        "names have no key: restore the newest copy of the keystore",
    ),
];
