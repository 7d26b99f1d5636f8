use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn presented() -> Presented {
    Presented {
        forenames: "William John".to_owned(),
        surname: "O'Neill-Smith".to_owned(),
        born: Some(PartialDate::full(date(1987, 3, 4))),
        address: Some(place("1 Albert Road")),
        phone: Some("07112 345678".to_owned()),
        pnc_id: Some("2012/1234567C".to_owned()),
        ..Presented::default()
    }
}

fn place(words: &str) -> Place {
    Place { words: Some(words.to_owned()), ..Place::default() }
}

fn around(names: &Names) -> Surroundings<'_> {
    Surroundings {
        names,
        other_address: place("9 Elm Close"),
        other_phone: "07298 765432".to_owned(),
        other_surname: Some("Jones".to_owned()),
    }
}

fn slipped(slip: Slip, before: &Presented) -> Option<Presented> {
    let names = Names::committed().unwrap();
    let mut record = before.clone();
    apply(slip, &mut record, &around(&names), &mut Random::new(3)).then_some(record)
}

#[test]
fn each_slip_does_what_its_word_says() {
    let before = presented();
    let after = |slip| slipped(slip, &before).unwrap();
    let swapped = after(Slip::SwappedNames);
    assert_eq!((swapped.forenames.as_str(), swapped.surname.as_str()), ("O'Neill-Smith", "William John"));
    assert_eq!(after(Slip::MarriedName).surname, "Jones");
    assert!(["Bill", "Billy", "Will", "Willie", "Liam"].contains(&after(Slip::Nickname).forenames.as_str()));
    assert_eq!(after(Slip::Initials).forenames, "W J");
    assert_eq!(after(Slip::MiddleNamesMissing).forenames, "William");
    assert_eq!(after(Slip::AccentsLost).surname, "ONeill Smith");
    let born = |slip| after(slip).born.map(|born| born.to_string());
    assert_eq!(born(Slip::DayAndMonthSwapped).as_deref(), Some("1987-04-03"));
    assert_eq!(born(Slip::YearOnly).as_deref(), Some("1987-??-??"));
    assert_eq!(born(Slip::BornMissing), None);
    assert!(born(Slip::YearOff).is_some_and(|born| born.ends_with("-03-04") && born != "1987-03-04"));
    assert_eq!(after(Slip::Moved).address, Some(place("9 Elm Close")));
    assert_ne!(after(Slip::WrongPncId).pnc_id, before.pnc_id);
}

#[test]
fn a_slip_that_changes_nothing_says_so_and_changes_nothing() {
    let bare = Presented { surname: "Kim".to_owned(), ..Presented::default() };
    for slip in [
        Slip::SwappedNames,
        Slip::Nickname,
        Slip::Initials,
        Slip::MiddleNamesMissing,
        Slip::JoinedParts,
        Slip::AccentsLost,
        Slip::DayAndMonthSwapped,
        Slip::BornMissing,
        Slip::AddressMissing,
        Slip::WrongPncId,
    ] {
        assert!(slipped(slip, &bare).is_none(), "{slip:?}");
    }
    let same = Presented { born: Some(PartialDate::full(date(1987, 4, 4))), ..presented() };
    assert!(slipped(Slip::DayAndMonthSwapped, &same).is_none());
    let late = Presented { born: Some(PartialDate::full(date(1987, 3, 24))), ..presented() };
    assert!(slipped(Slip::DayAndMonthSwapped, &late).is_none(), "there is no month 24");
}

proptest! {
    #[test]
    fn what_the_truth_says_has_happened(seed: u64, forenames in "[A-Za-zÀ-ž' -]{0,20}", surname in "[A-Za-zÀ-ž' -]{1,20}") {
        let names = Names::committed().unwrap();
        let before = Presented { forenames, surname, ..presented() };
        let mut record = before.clone();
        let made = slip(&mut record, &around(&names), &mut Random::new(seed));
        prop_assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(record.born.is_none_or(|born| born.is_possible()));
        if made.is_empty() {
            prop_assert_eq!(format!("{before:?}"), format!("{record:?}"));
        }
    }
}
