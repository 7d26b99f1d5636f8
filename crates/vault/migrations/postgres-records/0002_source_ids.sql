-- Which record stands for a thing that a source names by an id of its own. The id is a keyed hash. An
-- erased record leaves its row without a record: it was here and does not come back unnoticed.

CREATE TABLE intake_ids (
    force_id  BYTEA NOT NULL,
    source_id BYTEA NOT NULL,
    record_id BYTEA,
    PRIMARY KEY (force_id, source_id)
);
CREATE INDEX intake_ids_of_record ON intake_ids (force_id, record_id);
