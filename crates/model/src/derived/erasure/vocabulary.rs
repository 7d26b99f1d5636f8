//! Words that the files of a deployment say of themselves: finding one of them proves nothing.

use crate::field::FieldDecl;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Words of tables, columns and file formats of a deployment.
const SCHEMA: &[&str] = &[
    "account",
    "accounts",
    "approval",
    "attachment",
    "attachments",
    "author",
    "autoincrement",
    "broken-glass",
    "bucket",
    "bundle",
    "certificate",
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
    "grants",
    "happened",
    "intake",
    "integer",
    "integrity",
    "labels",
    "ledger",
    "length",
    "matrix",
    "notice",
    "notices",
    "option",
    "ordinal",
    "origin",
    "payload",
    "payloads",
    "police",
    "policy",
    "position",
    "primary",
    "proposal",
    "provider",
    "purpose",
    "record",
    "records",
    "reference",
    "references",
    "reject",
    "rejects",
    "schema",
    "sealed",
    "sealing",
    "segment",
    "select",
    "sequence",
    "settings",
    "signature",
    "sqlite",
    "status",
    "strict",
    "subject",
    "system",
    "tantivy",
    "touches",
    "traces",
    "transaction",
    "trigger",
    "unique",
    "update",
    "version",
    "versions",
    "without",
    "written",
];

/// Roles of the access matrix, which stand plainly beside accounts.
const ROLES: &[&str] = &[
    "administrator",
    "analyst",
    "auditor",
    "case-builder",
    "custody-officer",
    "data-protection-officer",
    "intelligence-officer",
    "officer",
    "overseer",
    "records-reviewer",
    "supervisor",
];

static WORDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let mut words: BTreeSet<String> = SCHEMA.iter().chain(ROLES).map(|word| (*word).to_owned()).collect();
    for kind in crate::kinds::ALL {
        words.insert(kind.name.to_owned());
        add_fields(&mut words, kind.declared.alone());
    }
    // The type of a link is a plain column, by which the graph is walked.
    let types = crate::codes::list("link-type").into_iter().flat_map(|list| &list.codes);
    words.extend(types.map(|entry| entry.code.clone()));
    words
});

/// Names of fields are names in the index.
fn add_fields(words: &mut BTreeSet<String>, fields: &[FieldDecl]) {
    for field in fields {
        words.insert(field.name());
        if let Some(group) = field.row_group {
            add_fields(words, group.fields);
        }
    }
}

/// Whether the files of a deployment say this of themselves, in lower case.
pub(super) fn holds(lower: &str) -> bool {
    WORDS.contains(lower)
}
