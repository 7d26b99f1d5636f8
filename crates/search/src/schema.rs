//! How a record lies in the index.
//!
//! | Field | Holds | For |
//! |---|---|---|
//! | `record` | record id | replacing and deleting |
//! | `record_hi` … `version_lo`, `reference`, `kind`, `happened` | numbers in columns | answers, order |
//! | `refers_hi`, `refers_lo` | the records that it names, in columns | what is linked |
//! | `label` | `open` or `grouped`, `covert`, `group:NAME` | the access filter |
//! | `unit` | unit, in a column too | figures, counts of answers |
//! | `state` | what [`crate::state`] says of the record, in a column | counts of answers |
//! | `words` | every word of every field but the unit, with places | words and phrases |
//! | `stems` | stems of the words of texts | forms of a word |
//! | `names` | parts of names, particles joined, in Latin letters too | the vocabulary of [`crate::matching`] |
//! | `alike` | `sound␁CODE`, `initial␁letter` of parts of names | names that sound alike, initials |
//! | `fielded` | `FIELD␁word`, with places, those of two texts far apart | words within a field, and why a record was found |
//! | `fielded_stems` | `FIELD␁stem` | the same for forms of a word |
//! | `exact` | `FIELD␁value` without spaces and marks; of registration marks and telephone numbers `FIELD.start␁` and, backwards, `FIELD.end␁` | codes and identifiers, whole or in part |
//! | `date` | `FIELD␁` year, month and day | dates, see [`crate::span`] |
//! | `number` | `FIELD␁` number in sortable octets | numbers |
//! | `cell` | squares in which places lie, see [`crate::geography`] | places near a point or within a shape |
//! | `spot`, `spot_field` | each place's point and which field it is of, in columns, in one order | the exact test of each |
//! | `has` | names of the fields that say something | why a record was found |
//! | `mark` | `missing:place` … | completeness |
//!
//! Nothing is stored beside terms and columns. Field names travel inside the terms, so that a
//! force's own fields need no other schema. A change of anything here raises [`VERSION`], and the
//! index is built anew.

use crate::placed;
use model::RecordId;
use tantivy::Term;
use tantivy::schema::{
    BytesOptions, FAST, Field, INDEXED, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing,
    TextOptions,
};

/// Version of everything in this module and in [`crate::tokens`]: what is written under one is not
/// read under another.
pub const VERSION: u32 = 5;

/// Parts the name of a field from what it holds.
pub(crate) const PART: char = '\u{1}';

/// The engine's handles of the fields.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "each is the row of the same name in the table of this module")]
pub struct Fields {
    pub record: Field,
    pub record_hi: Field,
    pub record_lo: Field,
    pub version_hi: Field,
    pub version_lo: Field,
    pub reference: Field,
    pub kind: Field,
    pub happened: Field,
    pub refers_hi: Field,
    pub refers_lo: Field,
    pub label: Field,
    pub unit: Field,
    pub state: Field,
    pub words: Field,
    pub stems: Field,
    pub names: Field,
    pub alike: Field,
    pub fielded: Field,
    pub fielded_stems: Field,
    pub exact: Field,
    pub date: Field,
    pub number: Field,
    pub cell: Field,
    pub spot: Field,
    pub spot_field: Field,
    pub has: Field,
    pub mark: Field,
}

/// Names of the columns, for the collectors that ask by name.
pub(crate) mod column {
    pub(crate) const RECORD_HI: &str = "record_hi";
    pub(crate) const RECORD_LO: &str = "record_lo";
    pub(crate) const VERSION_HI: &str = "version_hi";
    pub(crate) const VERSION_LO: &str = "version_lo";
    pub(crate) const REFERENCE: &str = "reference";
    pub(crate) const KIND: &str = "kind";
    pub(crate) const HAPPENED: &str = "happened";
    pub(crate) const UNIT: &str = "unit";
    pub(crate) const STATE: &str = "state";
    pub(crate) const SPOT: &str = "spot";
    pub(crate) const SPOT_FIELD: &str = "spot_field";
    pub(crate) const REFERS_HI: &str = "refers_hi";
    pub(crate) const REFERS_LO: &str = "refers_lo";
}

/// The label term of records that are in no restriction group.
pub(crate) const NO_GROUPS: &str = "open";
/// The label term of records that are in some restriction group.
pub(crate) const GROUPED: &str = "grouped";
/// The label term of covert records.
pub(crate) const COVERT: &str = "covert";

impl Fields {
    /// The schema, and the handles of its fields.
    #[must_use]
    pub fn schema() -> (Schema, Self) {
        let mut builder = Schema::builder();
        let places = IndexRecordOption::WithFreqsAndPositions;
        let fields = Self {
            record: builder.add_bytes_field("record", BytesOptions::default().set_indexed()),
            record_hi: builder.add_u64_field(column::RECORD_HI, FAST),
            record_lo: builder.add_u64_field(column::RECORD_LO, FAST),
            version_hi: builder.add_u64_field(column::VERSION_HI, FAST),
            version_lo: builder.add_u64_field(column::VERSION_LO, FAST),
            reference: builder.add_u64_field(column::REFERENCE, numbers()),
            kind: builder.add_u64_field(column::KIND, numbers()),
            happened: builder.add_i64_field(column::HAPPENED, FAST),
            refers_hi: builder.add_u64_field(column::REFERS_HI, FAST),
            refers_lo: builder.add_u64_field(column::REFERS_LO, FAST),
            label: builder.add_text_field("label", terms()),
            unit: builder.add_text_field(column::UNIT, terms().set_fast("raw")),
            state: builder.add_u64_field(column::STATE, FAST),
            words: builder.add_text_field("words", placed(places, true)),
            stems: builder.add_text_field("stems", placed(IndexRecordOption::WithFreqs, true)),
            names: builder.add_text_field("names", placed(IndexRecordOption::Basic, false)),
            alike: builder.add_text_field("alike", terms()),
            fielded: builder.add_text_field("fielded", placed(places, false)),
            fielded_stems: builder.add_text_field("fielded_stems", placed(IndexRecordOption::Basic, false)),
            exact: builder.add_text_field("exact", terms()),
            date: builder.add_text_field("date", terms()),
            number: builder.add_bytes_field("number", BytesOptions::default().set_indexed()),
            cell: builder.add_text_field("cell", terms()),
            spot: builder.add_u64_field(column::SPOT, FAST),
            spot_field: builder.add_u64_field(column::SPOT_FIELD, FAST),
            has: builder.add_text_field("has", terms()),
            mark: builder.add_text_field("mark", terms()),
        };
        (builder.build(), fields)
    }

    /// The term of a record.
    pub(crate) fn record_term(&self, record: RecordId) -> Term {
        Term::from_field_bytes(self.record, &record.octets())
    }

    /// The term of a number of a field.
    pub(crate) fn number_term(&self, field: &str, number: i64) -> Term {
        Term::from_field_bytes(self.number, &number_octets(field, number))
    }
}

/// A term of a field's own: the name and what it holds.
pub(crate) fn of_field(field: &str, held: &str) -> String {
    let mut term = String::with_capacity(field.len() + 1 + held.len());
    term.push_str(field);
    term.push(PART);
    term.push_str(held);
    term
}

/// The label term of a restriction group.
pub(crate) fn group_label(group: &str) -> String {
    format!("group:{group}")
}

/// A field's number in octets that sort as the numbers do.
pub(crate) fn number_octets(field: &str, number: i64) -> Vec<u8> {
    let mut octets = of_field(field, "").into_bytes();
    octets.extend(tantivy::i64_to_u64(number).to_be_bytes());
    octets
}

/// A field's name as a number, for a column: FNV-1a over its octets. Of a few hundred names no two share one.
pub(crate) fn number_of_field(field: &str) -> u64 {
    let next = |hash: u64, octet: u8| (hash ^ u64::from(octet)).wrapping_mul(0x0000_0100_0000_01B3);
    field.bytes().fold(0xCBF2_9CE4_8422_2325, next)
}

fn numbers() -> NumericOptions {
    NumericOptions::from(FAST | INDEXED)
}

/// Single terms as they are.
fn terms() -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    TextOptions::default().set_indexing_options(indexing)
}

/// Terms with places; whether the length of the text plays a part in the score.
fn placed(option: IndexRecordOption, by_length: bool) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(placed::NAME)
        .set_index_option(option)
        .set_fieldnorms(by_length);
    TextOptions::default().set_indexing_options(indexing)
}
