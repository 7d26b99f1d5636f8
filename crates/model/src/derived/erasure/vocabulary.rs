//! Words that our own schema and reference data say: finding one of them in a file proves nothing.

use crate::field::FieldDecl;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Words of tables, columns and file formats of a deployment.
const SCHEMA: &[&str] = &[
    "author",
    "autoincrement",
    "bucket",
    "bundle",
    "change",
    "checkpoint",
    "commit",
    "conflict",
    "create",
    "default",
    "erased",
    "erasure",
    "exists",
    "foreign",
    "format",
    "generation",
    "happened",
    "integer",
    "integrity",
    "labels",
    "ledger",
    "length",
    "option",
    "ordinal",
    "origin",
    "police",
    "position",
    "primary",
    "provider",
    "purpose",
    "record",
    "records",
    "reference",
    "references",
    "schema",
    "sealed",
    "sealing",
    "segment",
    "select",
    "sequence",
    "signature",
    "sqlite",
    "status",
    "strict",
    "subject",
    "system",
    "tantivy",
    "transaction",
    "trigger",
    "unique",
    "update",
    "version",
    "versions",
    "without",
    "written",
];

static WORDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let mut words: BTreeSet<String> = SCHEMA.iter().map(|word| (*word).to_owned()).collect();
    for kind in crate::kinds::ALL {
        add(&mut words, kind.name);
        add(&mut words, kind.title);
        add(&mut words, kind.plural);
        add_fields(&mut words, kind.fields);
    }
    for list in crate::codes::all() {
        for entry in &list.codes {
            add(&mut words, &entry.code);
            add(&mut words, &entry.label);
        }
    }
    words
});

fn add_fields(words: &mut BTreeSet<String>, fields: &[FieldDecl]) {
    for field in fields {
        add(words, &field.name());
        add(words, field.label);
        if let Some(group) = field.row_group {
            add_fields(words, group.fields);
        }
    }
}

/// The text itself and each of its words.
fn add(words: &mut BTreeSet<String>, text: &str) {
    let lower = text.to_lowercase();
    words.extend(lower.split(|c: char| !c.is_alphanumeric()).map(str::to_owned));
    words.insert(lower);
}

/// Whether our own schema or reference data says this text, in lower case.
pub(super) fn holds(lower: &str) -> bool {
    WORDS.contains(lower)
}
