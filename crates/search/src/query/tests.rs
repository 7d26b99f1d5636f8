use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn words(text: &str) -> Node {
    Node::Leaf(Leaf::Words { field: None, text: text.to_owned(), phrase: false })
}

fn root(text: &str) -> Node {
    Query::parse(text).unwrap().root
}

fn error(text: &str) -> (usize, String) {
    let error = Query::parse(text).unwrap_err();
    (error.at, error.problem)
}

#[test]
fn words_stand_for_all_of_them_and_or_binds_least() {
    assert_eq!(root("a b"), Node::All(vec![words("a"), words("b")]));
    assert_eq!(root("a AND b"), root("a b"));
    assert_eq!(root("a b OR c"), Node::Any(vec![root("a b"), words("c")]));
    assert_eq!(root("a (b OR c)"), Node::All(vec![words("a"), root("b OR c")]));
    assert_eq!(root("a -b"), Node::All(vec![words("a"), Node::Not(Box::new(words("b")))]));
    assert_eq!(root("a NOT b"), root("a -b"));
    assert_eq!(root("Marks & Spencer"), root("Marks Spencer"));
}

#[test]
fn fields_dates_and_numbers_are_told_apart_by_their_look() {
    let days = |from, to| Node::Leaf(Leaf::Days { field: "at".into(), days: Days { from, to } });
    assert_eq!(root("at:2024-01..2024-03"), days(date(2024, 1, 1), date(2024, 3, 31)));
    assert_eq!(root("at:>2024-01"), days(date(2024, 2, 1), date(9999, 12, 31)));
    assert_eq!(root("at:<2024-01-01"), days(date(0, 1, 1), date(2023, 12, 31)));
    let age = |from, to| Node::Leaf(Leaf::Numbers { field: "age".into(), from, to });
    assert_eq!(root("age:10..17"), age(10, 17));
    assert_eq!(root("AGE:>17"), age(18, i64::MAX));
    assert_eq!(root("missing:place"), Node::Leaf(Leaf::Mark("missing:place".into())));
    assert_eq!(root("is:possible-repeat"), Node::Leaf(Leaf::Mark("possible-repeat".into())));
    assert_eq!(root("kind:stop-and-search"), Node::Leaf(Leaf::Kind(5)));
    let phrase = Leaf::Words { field: Some("grounds".into()), text: "two words".into(), phrase: true };
    assert_eq!(root("grounds:\"two words\""), Node::Leaf(phrase));
}

#[test]
fn references_are_recognised() {
    let query = Query::parse("SS-0000123-X").unwrap();
    assert_eq!(query.reference(), Some(("SS", 123)));
    assert_eq!(query.check_letter(), Some('X'));
    assert_eq!(Query::parse("ss-123").unwrap().reference(), Some(("SS", 123)));
    for other in ["ab-12", "SS-12-X knife", "Al-Khalid", "A-1-B-2", "SS-99999999999999999999999"] {
        assert_eq!(Query::parse(other).unwrap().reference(), None, "{other}");
    }
}

#[test]
fn an_error_names_the_character_and_what_was_expected() {
    for (text, at, expected) in [
        ("", 1, "something to look for"),
        ("   ", 1, "something to look for"),
        ("knife \"black top", 7, "quotation mark"),
        ("knife (a b", 7, "“)” was expected"),
        ("knife )", 7, "“(” was expected"),
        ("()", 2, "before “)”"),
        ("a OR", 4, "ends too early"),
        ("OR a", 1, "before this word"),
        ("a AND OR b", 7, "before this word"),
        ("grouds:knife", 1, "“grounds:”"),
        ("grounds: knife", 9, "a value was expected"),
        ("age:x..17", 5, "a number (17) or a date"),
        ("age:17..10", 9, "ends before it begins"),
        ("age:10..2024-01-05", 9, "both ends"),
        ("at:2024-13", 4, "a month (2024-01)"),
        ("at:..", 4, "two dates"),
        ("kind:unicorn", 6, "stop-and-search"),
        ("missing:plcae", 9, "“place” was perhaps meant"),
        ("knife applies:shoe-size", 15, "there is no rule “shoe-size”"),
        ("is:lost", 4, "possible-repeat"),
        ("outcome:arest", 9, "“arrest” was perhaps meant"),
        ("rob*", 4, "whole word"),
        ("é grouds:x", 3, "grounds"),
    ] {
        let (found, problem) = error(text);
        assert_eq!(found, at, "{text}: {problem}");
        assert!(problem.contains(expected), "{text}: {problem}");
    }
}

#[test]
fn any_name_that_a_person_may_have_passes() {
    for name in [
        "O'Brien",
        "D’Arcy",
        "Nguyễn Thị Minh",
        "李",
        "李小龙",
        "Al-Khalid",
        "al-Ḥasan ibn ʿAlī",
        "ẞtraẞe",
        "N\u{303}a\u{301}",
        "محمد بن عبد الله",
        "יוסף",
        "ǃXun",
        "Ng",
        "X Æ A-12",
        "Null",
        "True",
        "d'",
        "Sean O’",
        "St. John-Smythe",
        "Smith (Jones)",
        "김철수",
        "थॉमस",
        "Þór",
        "Jean–Luc",
        "\u{200F}محمد\u{200E}",
        "Or",
        "Not",
        "And",
        "H. M. S.",
    ] {
        assert!(Query::parse(name).is_ok(), "{name}: {:?}", Query::parse(name));
    }
}

#[test]
fn what_is_too_long_too_deep_or_too_much_is_refused_at_once() {
    let started = std::time::Instant::now();
    for text in [
        "x".repeat(100_000),
        "a ".repeat(300),
        "a-".repeat(4_000),
        "李".repeat(5_000),
        "(".repeat(9_000),
        "NOT ".repeat(2_000),
        "\"a ".repeat(3_000),
        "\u{1F468}\u{200D}".repeat(50_000),
    ] {
        assert!(Query::parse(&text).is_err(), "{}", &text[..8]);
    }
    assert!(started.elapsed() < std::time::Duration::from_secs(1));
}

#[test]
fn a_closing_mark_that_closes_nothing_is_passed_over() {
    for text in ["knife”", "” knife", "a ”” b ”", "knife »"] {
        assert!(Query::parse(text).is_ok(), "{text}");
    }
    assert!(error("”").1.contains("something to look for"));
}

#[test]
fn any_single_character_is_read_or_refused() {
    // Every character of the blocks that have punctuation, and a sample of the letters beyond.
    let characters = (0..0x3100).chain((0x3100..=0x3FFFF).step_by(251)).chain(0xFE10..0xFF70);
    for character in characters.filter_map(char::from_u32) {
        for text in [format!("{character}"), format!("a {character} b"), format!("a{character}b")] {
            let _ = Query::parse(&text);
        }
    }
    for text in ["«two words»", "“two words”", "„two words“", "＂two words＂"] {
        assert_eq!(root(text), root("\"two words\""));
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_with_a_place_within_it(text in "[\\PC\\n\\x00\"():*]{0,80}") {
        if let Err(error) = Query::parse(&text) {
            prop_assert!(error.at >= 1 && error.at <= text.chars().count() + 1, "{error}");
        }
    }

    #[test]
    fn any_letters_are_a_query(text in "[\\p{L}\\p{M}'’ -]{1,40}") {
        prop_assume!(crate::tokens::words(&text).iter().any(|word| !word.parts.is_empty()));
        prop_assume!(!text.split(&[' ', '-'][..]).any(|word| matches!(word, "OR" | "AND" | "NOT")));
        prop_assert!(Query::parse(&text).is_ok(), "{:?}", Query::parse(&text));
    }

    #[test]
    fn queries_of_the_language_never_panic(
        words in proptest::collection::vec(prop_oneof![
            Just("(".to_owned()), Just(")".to_owned()), Just("OR".to_owned()), Just("NOT".to_owned()),
            Just("at:".to_owned()), Just("\"".to_owned()), Just("age:10..".to_owned()), Just("-x".to_owned()),
            "at:[<>=]{0,2}[0-9-]{0,12}", "age:-?[0-9]{0,20}\\.\\.[0-9]{0,20}", "[a-z]{1,5}",
        ], 0..12)
    ) {
        let _ = Query::parse(&words.join(" "));
    }
}
