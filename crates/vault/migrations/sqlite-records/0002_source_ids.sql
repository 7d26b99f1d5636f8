-- Which record stands for a thing that a source names by an id of its own. The id is a keyed hash. An
-- erased record leaves its row without a record: it was here and does not come back unnoticed.

CREATE TABLE intake_ids (
    force_id  BLOB NOT NULL,
    source_id BLOB NOT NULL,
    record_id BLOB,
    PRIMARY KEY (force_id, source_id)
) WITHOUT ROWID;
CREATE INDEX intake_ids_of_record ON intake_ids (force_id, record_id);
