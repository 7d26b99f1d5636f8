//! The committed picture of every kind: `shapes.lock`. A change to it is a change to what stored
//! records mean, so a test fails until somebody has looked at the difference and committed it.

use crate::field::{About, FieldDecl, SearchAs};
use crate::kind::{Group, Kind};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The text for `shapes.lock`: every kind and group with its fields, one line each.
#[must_use]
pub fn lock() -> String {
    let mut text = String::from(
        "# What stored records mean. Written by the tests of the model; read the difference before you commit it:\n\
         # a number or type that changes here breaks stored records unless the shape rises with an upcast.\n",
    );
    let mut groups = BTreeMap::new();
    for kind in crate::kinds::ALL {
        text.push_str(&kind_text(kind));
        find_groups(kind.declared.alone(), &mut groups);
    }
    for group in groups.values() {
        let _ = write!(text, "\ngroup {}\n{}", group.name, fields_text(group.fields));
    }
    text
}

/// One kind as it stands in the lock.
#[must_use]
pub fn kind_text(kind: &Kind) -> String {
    let happened = kind.happened.map_or_else(|| "-".to_owned(), |field| field.to_string());
    let about = kind.happened_about.map_or_else(String::new, |field| format!(" or {field}"));
    format!(
        "\nkind {} {} shape {} prefix {} happened {happened}{about} review {}\n{}",
        kind.number,
        kind.name,
        kind.shape,
        kind.prefix,
        kind.retention.review_after_months,
        fields_text(kind.declared.alone())
    )
}

fn find_groups(fields: &'static [FieldDecl], groups: &mut BTreeMap<&'static str, &'static Group>) {
    for group in fields.iter().filter_map(|field| field.row_group) {
        groups.insert(group.name, group);
        find_groups(group.fields, groups);
    }
}

fn fields_text(fields: &[FieldDecl]) -> String {
    fields.iter().map(field_text).collect()
}

fn field_text(field: &FieldDecl) -> String {
    let mut words = vec![
        field.number.to_string(),
        field.name(),
        field.kind.word().to_owned(),
        about(field.about),
        field.class.word().to_owned(),
        search(field.search_as).to_owned(),
    ];
    words.extend(field.code_list.map(|list| format!("list={list}")));
    words.extend(field.identifier.map(|kind| format!("identifier={}", kind.word())));
    words.extend(field.row_group.map(|group| format!("group={}", group.name)));
    words.extend(field.is_sensitive.then(|| "sensitive".to_owned()));
    words.extend((!field.may_disclose).then(|| "reviewed".to_owned()));
    let mut text = format!("  {}\n", words.join(" "));
    for rule in field.rules {
        let until = rule.until.map_or_else(String::new, |until| until.to_string());
        let stops = if rule.stops { "stops" } else { "warns" };
        let when = rule.when.in_words(&|number| number.to_string());
        let _ = writeln!(text, "    rule {} {}..{until} {stops} when {when}", rule.name, rule.from);
    }
    text
}

fn about(about: About) -> String {
    match about {
        About::Own => "own".to_owned(),
        About::Linked(role) => format!("linked:{role}"),
        About::Officer => "officer".to_owned(),
        About::Event => "event".to_owned(),
        About::Mixed => "mixed".to_owned(),
    }
}

/// The word for a way of searching, in the lock and in local fields.
pub(crate) const fn search(search: SearchAs) -> &'static str {
    match search {
        SearchAs::No => "unsearched",
        SearchAs::Words => "words",
        SearchAs::Name => "name",
        SearchAs::Exact => "exact",
        SearchAs::Date => "date",
        SearchAs::Number => "number",
        SearchAs::Place => "place",
    }
}
