use super::*;
use crate::field::FieldDecl;
use jiff::civil::date;

fn each_field(fields: &'static [FieldDecl], see: &mut dyn FnMut(&FieldDecl)) {
    for field in fields {
        see(field);
        if let Some(group) = field.row_group {
            each_field(group.fields, see);
        }
    }
}

#[test]
fn every_committed_list_reads_and_has_its_file_name() {
    for (id, text) in COMMITTED {
        let list = CodeList::read(text).unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(list.id, *id);
    }
}

#[test]
fn every_list_says_where_it_is_from_and_how_sure_it_is() {
    let read = read_lists().chain(declared::lists(kinds::ALL));
    let lists: Vec<CodeList> = read.map(|list| list.unwrap_or_else(|error| panic!("{error}"))).collect();
    for list in &lists {
        let id = &list.id;
        assert!(["read", "recalled", "force policy"].contains(&list.sure.as_str()), "{id}: {}", list.sure);
        assert!(!list.codes.is_empty() && !list.source.is_empty() && !list.title.is_empty(), "{id}");
    }
    assert_eq!(all().count(), lists.len(), "two lists have one name");
}

#[test]
fn no_code_stands_twice_in_a_list() {
    for list in all() {
        for (at, entry) in list.codes.iter().enumerate() {
            let first = list.codes.iter().position(|other| other.code == entry.code);
            assert_eq!(first, Some(at), "{}: {}", list.id, entry.code);
        }
    }
}

#[test]
fn every_list_that_a_kind_names_exists_and_every_list_is_used() {
    let mut used = std::collections::BTreeSet::new();
    for kind in crate::kinds::ALL {
        each_field(kind.declared.alone(), &mut |field| used.extend(field.code_list));
    }
    for id in &used {
        assert!(list(id).is_some(), "no list “{id}”");
    }
    let unused: Vec<&str> = all().map(|list| list.id.as_str()).filter(|id| !used.contains(id)).collect();
    assert!(unused.is_empty(), "lists that no kind uses: {unused:?}");
}

#[test]
fn an_ambiguous_spelling_is_refused_by_name() {
    let text = r#"
        id = "colour"
        title = "Colour"
        source = "test"
        sure = "read"
        codes = [
            { code = "grey", label = "Grey", aliases = ["Dark  white"] },
            { code = "white", label = "White", aliases = ["dark white"] },
        ]
    "#;
    let error = CodeList::read(text).unwrap_err().to_string();
    assert_eq!(
        error,
        "the code list “colour” lets “dark white” mean both “grey” and “white”; take it from one of them"
    );
}

#[track_caller]
fn means(id: &str, spelling: &str, code: &str) {
    let entry = list(id).and_then(|list| list.from_source(spelling));
    assert_eq!(entry.map(|entry| entry.code.as_str()), Some(code), "{id}: {spelling}");
}

#[test]
fn old_and_new_spellings_mean_the_same_code() {
    means("self-defined-ethnicity", "White - English/Welsh/Scottish/Northern Irish/British", "W1");
    means("self-defined-ethnicity", "White - White British (W1)", "W1");
    means("self-defined-ethnicity", "OTHER ETHNIC GROUP -  Not stated", "NS");
    means("stop-outcome", "A no further action disposal", "no-action");
    means("stop-outcome", "Nothing found - no further action", "no-action");
    means("stop-search-power", "Environmental Protection Act 1990 (section 34B )", "epa-s34b");
    means("age-range", "over 34", "over-34");
    means("crime-outcome", "Investigation complete; no suspect identified", "no-suspect");
}

#[test]
fn a_code_may_be_chosen_between_its_days_only() {
    let powers = list("stop-search-power").unwrap();
    let psychoactive = powers.code("psa-s36").unwrap();
    assert!(!psychoactive.holds_on(date(2016, 5, 25)));
    assert!(psychoactive.holds_on(date(2016, 5, 26)));
    let violent = list("crime-type").unwrap().code("violent-crime").unwrap();
    assert!(violent.holds_on(date(2013, 4, 30)) && !violent.holds_on(date(2013, 5, 1)));
}

#[test]
fn an_unknown_code_is_shown_as_it_is() {
    assert_eq!(list("gender").unwrap().label("x"), "x");
    assert_eq!(list("gender").unwrap().label("female"), "Female");
}
