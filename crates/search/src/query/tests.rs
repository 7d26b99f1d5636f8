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
    let days = |from, to| Node::Leaf(Leaf::Days { field: "happened".into(), days: Days { from, to } });
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
        ("knife *", 7, "alone"),
        ("knife a-,?", 10, "alone"),
        ("surname:*", 9, "alone"),
        ("at:202*", 7, "a range"),
        ("age:1?", 6, "a range"),
        ("outcome:xq*", 9, "no value like"),
        ("\"knife\"~5", 1, "2 to 10 words"),
        ("\"knife bus\"~", 13, "a number of words from 0 to 50"),
        ("\"knife bus\"~51", 13, "a number of words from 0 to 50"),
        ("grounds:\"knife bus\"~x", 21, "a number of words from 0 to 50"),
        ("near:51.5,-0.1", 15, "a distance"),
        ("near:51.5~1km", 6, "latitude and longitude"),
        ("near:51.5,x~1km", 11, "latitude and longitude"),
        ("near:91,0~1km", 6, "between -90 and 90"),
        ("near:51,181~1km", 9, "between -180 and 180"),
        ("near:51.5,-0.1~1", 16, "metres or kilometres"),
        ("near:51.5,-0.1~1e3m", 16, "metres or kilometres"),
        ("near:51.5,-0.1~101km", 16, "from 1m to 100km"),
        ("near:\"SU 387 148\"~0m", 19, "from 1m to 100km"),
        ("near:", 6, "a distance"),
        ("near:AA1~1km", 6, "National Grid"),
        ("within:51,0", 8, "in parentheses"),
        ("within:(51,0 51,1", 8, "not closed"),
        ("within:(51,0 51,1)", 9, "3 to 100 corners"),
        ("within:(51,0 51,1 52,x)", 22, "latitude and longitude"),
        ("within:(40,0 51,1 54,1)", 9, "12 degrees"),
        ("grounds.near:51,0~1km", 1, "no field"),
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
        "a* ".repeat(1_000),
        "*".repeat(9_000),
        "a*".repeat(50_000),
        "\\*".repeat(50_000),
        "near:51,0~1km ".repeat(600),
        format!("within:({})", "51,0 ".repeat(1_500)),
        format!("\"{}\"~5", "a ".repeat(4_000)),
        format!("surname:{}", "?*".repeat(4_000)),
    ] {
        assert!(Query::parse(&text).is_err(), "{}", &text[..8]);
    }
    assert!(started.elapsed() < std::time::Duration::from_secs(1));
}

#[test]
fn words_with_gaps_words_near_each_other_and_places_are_read() {
    let pattern = |field: Option<&str>, written: &str| {
        let pattern = Pattern::parse(written).unwrap();
        Node::Leaf(Leaf::Pattern { field: field.map(str::to_owned), written: written.to_owned(), pattern })
    };
    assert_eq!(root("smi*"), pattern(None, "smi*"));
    assert_eq!(root("a sm?th"), Node::All(vec![words("a"), pattern(None, "sm?th")]));
    assert_eq!(root("grounds:knif*"), pattern(Some("grounds"), "knif*"));
    assert_eq!(root("smith,jon*"), Node::All(vec![words("smith"), pattern(None, "jon*")]));
    assert_eq!(root("-smi*"), Node::Not(Box::new(root("smi*"))));
    // A mark behind a backslash or in quotation marks is a mark.
    assert_eq!(root("\"smi*\""), Node::Leaf(Leaf::Words { field: None, text: "smi*".into(), phrase: true }));
    assert_eq!(root("smi\\*"), words("smi  "));
    assert_eq!(root("a\\:b\\(c"), words("a  b  c"));
    let together = |field: Option<&str>| Leaf::Together {
        field: field.map(str::to_owned),
        text: "knife bus".into(),
        between: 5,
    };
    assert_eq!(root("\"knife bus\"~5"), Node::Leaf(together(None)));
    assert_eq!(root("grounds:\"knife bus\"~5"), Node::Leaf(together(Some("grounds"))));
    let centre = crate::geography::Spot { latitude: 51_507_400, longitude: -127_800 };
    let circle = |field: Option<&str>| {
        Node::Leaf(Leaf::Area {
            field: field.map(str::to_owned),
            shape: Shape::Circle { centre, metres: 1_500 },
        })
    };
    assert_eq!(root("near:51.5074,-0.1278~1.5km"), circle(None));
    assert_eq!(root("near:\"51.5074, -0.1278\"~1500M"), circle(None));
    let places = root("place.near:51.5074,-0.1278~1500m");
    let ways = match &places {
        Node::Any(ways) => ways.clone(),
        one => vec![one.clone()],
    };
    assert!(ways.contains(&circle(Some("place"))), "{places:?}");
    let Node::Leaf(Leaf::Area { shape: Shape::Circle { centre, metres: 1_000 }, .. }) =
        root("near:SU387148~1km")
    else {
        panic!("a circle was expected");
    };
    assert!(
        centre.metres_to(crate::geography::Spot { latitude: 50_931_600, longitude: -1_449_500 }) < 200.0,
        "{centre}"
    );
    assert_eq!(root("near:SU387148~1km"), root("near:\"SU 387 148\"~1km"));
    let closed = root("within:(51,0 51,1 52,1 51,0)");
    assert_eq!(closed, root("within:(51,0  51,1 52,1)"));
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

#[test]
fn the_part_that_says_something_is_asked_for_by_itself() {
    let parts = |text: &str| Query::parse(text).unwrap().parts_saying(|said| said.contains("okonjo"));
    assert_eq!(parts("surname:okonjo kind:stop-and-search"), [Query::parse("surname:okonjo").unwrap()]);
    assert_eq!(parts("okonjo OR \"mrs okonjo\" knife").len(), 2);
    assert_eq!(
        parts("smith -okonjo"),
        [Query::parse("smith -okonjo").unwrap()],
        "what is excluded is not met"
    );
}
