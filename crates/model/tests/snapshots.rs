//! What the declarations mean, as committed texts: a change to one of them is a change to review.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod common;

use common::{assert_committed, in_crate};

#[test]
fn shapes_are_as_reviewed() {
    assert_committed(&in_crate("shapes.lock"), &model::derived::shapes::lock());
}

#[test]
fn help_pages_are_as_committed() {
    for kind in model::kinds::ALL {
        let path = in_crate(&format!("../../docs/kinds/{}.md", kind.name));
        assert_committed(&path, &model::derived::help::page(kind));
    }
}

#[test]
fn no_help_page_is_left_of_a_kind_that_is_gone() {
    for entry in std::fs::read_dir(in_crate("../../docs/kinds")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let kind = name.strip_suffix(".md").and_then(model::kinds::by_name);
        assert!(kind.is_some(), "docs/kinds/{name} is of no kind; delete it");
    }
}

/// Two groups of one name would be one in `shapes.lock` and in a schema.
#[test]
fn no_two_groups_have_one_name() {
    let mut groups = std::collections::BTreeMap::new();
    let mut left: Vec<&model::FieldDecl> =
        model::kinds::ALL.iter().flat_map(|kind| model::derived::Fields::of(kind).iter()).collect();
    while let Some(field) = left.pop() {
        let Some(group) = field.row_group else { continue };
        let first = *groups.entry(group.name).or_insert(group);
        assert!(std::ptr::eq(first, group), "two groups are called “{}”", group.name);
        left.extend(group.fields);
    }
}
