use super::*;
use proptest::prelude::*;

const YEAR: i16 = 2026;

fn canonical(kind: IdentifierKind, raw: &str) -> (String, Standing) {
    let reading = read(kind, raw, YEAR);
    (reading.canonical, reading.standing)
}

#[track_caller]
fn reads(kind: IdentifierKind, raw: &str, expected: &str, standing: Standing) {
    assert_eq!(canonical(kind, raw), (expected.to_owned(), standing), "{raw}");
}

#[test]
fn pnc_ids_of_the_published_tests() {
    reads(IdentifierKind::PncId, "99/123456X", "1999/0123456X", Standing::Verified);
    reads(IdentifierKind::PncId, "1999/1234567B", "1999/1234567B", Standing::Verified);
    reads(IdentifierKind::PncId, "20/9N", "2020/0000009N", Standing::Verified);
    reads(IdentifierKind::PncId, "12/1234567C", "2012/1234567C", Standing::Verified);
    reads(IdentifierKind::PncId, "19991234567b", "1999/1234567B", Standing::Verified);
    reads(IdentifierKind::PncId, "99123456x", "1999/0123456X", Standing::Verified);
}

#[test]
fn a_wrong_letter_is_kept_with_a_warning() {
    let reading = read(IdentifierKind::PncId, "20/9M", YEAR);
    assert_eq!((reading.canonical.as_str(), reading.standing), ("2020/0000009M", Standing::Unverified));
    assert_eq!(
        reading.warning.as_deref(),
        Some(
            "The check letter of this PNCID should be N, not M. One character is wrong; it is kept as given."
        )
    );
}

#[test]
fn cro_numbers_of_both_forms() {
    reads(IdentifierKind::Cro, "123456/99L", "123456/99L", Standing::Verified);
    reads(IdentifierKind::Cro, "265416/65u", "265416/65U", Standing::Verified);
    reads(IdentifierKind::Cro, "SF39/83456T", "SF39/83456T", Standing::Verified);
    reads(IdentifierKind::Cro, "sf39/083456T", "SF39/83456T", Standing::Verified);
    reads(IdentifierKind::Cro, "265416/65A", "265416/65A", Standing::Unverified);
}

#[test]
fn arrest_summons_numbers() {
    reads(IdentifierKind::Asn, "24/0101/01/123D", "24/0101/01/00000000123D", Standing::Verified);
    reads(IdentifierKind::Asn, "2401010100000000123D", "24/0101/01/00000000123D", Standing::Verified);
    // The unit is not in the number that the letter checks.
    reads(IdentifierKind::Asn, "24/01ZZ/01/123D", "24/01ZZ/01/00000000123D", Standing::Verified);
    reads(IdentifierKind::Asn, "24/0101/01/123E", "24/0101/01/00000000123E", Standing::Unverified);
    assert!(
        read(IdentifierKind::Asn, "0800NP0100000000001H", YEAR).warning.is_some_and(|w| w.contains("dummy"))
    );
}

#[test]
fn registration_marks_by_class() {
    let classes = [
        ("ab12 cde", vrm::Class::Current),
        ("A123 BCD", vrm::Class::Prefix),
        ("ABC 123D", vrm::Class::Suffix),
        ("ABC 123", vrm::Class::Dateless),
        ("1 A", vrm::Class::Dateless),
        ("Q123 ABC", vrm::Class::Q),
        ("AIG 1234", vrm::Class::NorthernIreland),
        ("BAZ 1234", vrm::Class::NorthernIreland),
        ("101 D 234", vrm::Class::Diplomatic),
        ("AB01 CDE", vrm::Class::Unknown),
        ("B-XY 1234 E", vrm::Class::Unknown),
        ("Å1", vrm::Class::Unknown),
    ];
    for (mark, class) in classes {
        assert_eq!(vrm::class(mark), class, "{mark}");
    }
    reads(IdentifierKind::Vrm, "ab12 cde", "AB12CDE", Standing::Formed);
    reads(IdentifierKind::Vrm, "Å 1", "Å1", Standing::Unverified);
    assert_eq!(vrm::look_alike("ab12 cde"), vrm::look_alike("A8I2CDE"));
}

#[test]
fn telephone_numbers() {
    reads(IdentifierKind::Phone, "07700 900123", "+447700900123", Standing::Formed);
    reads(IdentifierKind::Phone, "+44 (0)20 7946 0018", "+442079460018", Standing::Formed);
    reads(IdentifierKind::Phone, "0044 20 7946 0018", "+442079460018", Standing::Formed);
    reads(IdentifierKind::Phone, "7700900123", "+447700900123", Standing::Unverified);
    reads(IdentifierKind::Phone, "+33 1 23 45 67 89", "+33123456789", Standing::Formed);
    reads(IdentifierKind::Phone, "101", "101", Standing::Unverified);
    reads(IdentifierKind::Phone, "ask Mum", "ASKMUM", Standing::Unverified);
}

#[test]
fn postcodes() {
    for (raw, expected) in [
        ("sw1a1aa", "SW1A 1AA"),
        ("M1 1AE", "M1 1AE"),
        ("B338TH", "B33 8TH"),
        ("cr2 6xh", "CR2 6XH"),
        ("DN551PT", "DN55 1PT"),
        ("W1A0AX", "W1A 0AX"),
        ("gir 0aa", "GIR 0AA"),
    ] {
        reads(IdentifierKind::Postcode, raw, expected, Standing::Formed);
    }
    reads(IdentifierKind::Postcode, "SW1A 1A", "SW1A1A", Standing::Unverified);
    reads(IdentifierKind::Postcode, "", "", Standing::Unverified);
}

#[test]
fn property_and_grid_references() {
    reads(IdentifierKind::Uprn, "000100023336956", "000100023336956", Standing::Unverified);
    reads(IdentifierKind::Uprn, "0000 1234", "1234", Standing::Formed);
    reads(IdentifierKind::Uprn, "0", "0", Standing::Unverified);
    reads(IdentifierKind::GridReference, "tq 300 803", "TQ300803", Standing::Formed);
    reads(IdentifierKind::GridReference, "530020, 180390", "TQ3002080390", Standing::Formed);
    reads(IdentifierKind::GridReference, "NN 1665 7125", "NN16657125", Standing::Formed);
    reads(IdentifierKind::GridReference, "TQ 300 80", "TQ30080", Standing::Unverified);
    reads(IdentifierKind::GridReference, "ZZ 30 80", "ZZ3080", Standing::Unverified);
    reads(IdentifierKind::GridReference, "TI 30 80", "TI3080", Standing::Unverified);
}

#[test]
fn a_short_grid_reference_is_a_large_square() {
    let square = grid_reference::parse("NN 16 71").unwrap();
    assert_eq!((square.easting, square.northing, square.side), (216_000, 771_000, 1_000));
    let (latitude, longitude) = square.degrees();
    let middle = grid_reference::GridSquare::of_degrees(latitude, longitude).unwrap();
    assert_eq!((middle.easting.abs_diff(216_500) < 2, middle.northing.abs_diff(771_500) < 2), (true, true));
    assert_eq!(grid_reference::GridSquare::of_degrees(48.8, 2.3), None, "Paris is not in the grid");
}

#[test]
fn national_insurance_numbers() {
    reads(IdentifierKind::Nino, "ab 12 34 56 c", "AB123456C", Standing::Formed);
    reads(IdentifierKind::Nino, "AB123456", "AB123456", Standing::Formed);
    for wrong in ["QQ123456C", "AO123456C", "BG123456A", "AB123456E", "AB12345C", "AB123456CD", "Ä123456C"] {
        assert_eq!(read(IdentifierKind::Nino, wrong, YEAR).standing, Standing::Unverified, "{wrong}");
    }
}

#[test]
fn nhs_numbers_of_the_data_dictionary() {
    reads(IdentifierKind::NhsNumber, "943 476 5919", "9434765919", Standing::Verified);
    reads(IdentifierKind::NhsNumber, "401-023-2137", "4010232137", Standing::Verified);
    reads(IdentifierKind::NhsNumber, "450 557 7104", "4505577104", Standing::Verified);
    let wrong = read(IdentifierKind::NhsNumber, "9434765918", YEAR);
    assert_eq!((wrong.canonical.as_str(), wrong.standing), ("9434765918", Standing::Unverified));
    assert!(wrong.warning.is_some_and(|warning| warning.contains("should be 9, not 8")));
    // The sum of these nine (2) asks for a check of nine; that of the next (1) for ten, which is no digit.
    assert_eq!(nhs_number::check_digit(&[0, 0, 0, 0, 0, 0, 0, 0, 1]), Some(9));
    assert_eq!(nhs_number::check_digit(&[0, 0, 0, 0, 0, 0, 0, 0, 6]), None);
}

#[test]
fn handset_numbers() {
    reads(IdentifierKind::Imei, "49-015420-323751-8", "490154203237518", Standing::Verified);
    reads(IdentifierKind::Imei, "490154203237519", "490154203237519", Standing::Unverified);
    reads(IdentifierKind::Imei, "4901542032375101", "4901542032375101", Standing::Formed);
    assert_eq!(imei::check_digit("49015420323751"), 8);
}

#[test]
fn driver_numbers_and_what_they_say() {
    use crate::value::PartialDate;
    reads(IdentifierKind::DriverNumber, "morga 657054 sm9ij", "MORGA657054SM9IJ", Standing::Formed);
    let said = driver_number::said("MORGA657054SM9IJ").unwrap();
    assert_eq!((said.year, said.month, said.day, said.is_female), (64, 7, 5, true));
    for wrong in
        ["MORGA663054SM9IJ", "MORGA652304SM9IJ", "MORGA657054SM9I", "9ORGA657054SM9IJ", "MO9GA657054SM9IJ"]
    {
        assert_eq!(read(IdentifierKind::DriverNumber, wrong, YEAR).standing, Standing::Unverified, "{wrong}");
    }
    let born = jiff::civil::date(1964, 7, 5);
    assert_eq!(driver_number::stem("Morgan", "Sarah Meredyth", born, true).as_deref(), Some("MORGA657054SM"));
    assert_eq!(driver_number::stem("MacDonald", "Iain", born, false).as_deref(), Some("MCDON607054I9"));
    assert_eq!(driver_number::stem("李", "伟", born, false), None);
    let born = PartialDate::parse("1965-07");
    assert_eq!(driver_number::disagreements("MORGA657054SM9IJ", "Morgan", born), ["the year of birth"]);
    assert_eq!(driver_number::disagreements("MORGA657054SM9IJ", "Evans", None), ["the surname"]);
    assert!(driver_number::disagreements("not one", "Evans", born).is_empty());
}

#[test]
fn references_of_courts() {
    reads(IdentifierKind::CaseUrn, "01 ab 12345 24", "01AB1234524", Standing::Formed);
    reads(IdentifierKind::CaseUrn, "01AB12", "01AB12", Standing::Unverified);
    let letter = char::from(check_letter::ALPHABET[(242_732_000_123u64 % 23) as usize]);
    let right = format!("24/2732/123{letter}");
    reads(IdentifierKind::CourtCase, &right, &format!("24/2732/000123{letter}"), Standing::Verified);
    let wrong = if letter == 'A' { "24/2732/123B" } else { "24/2732/123A" };
    assert_eq!(read(IdentifierKind::CourtCase, wrong, YEAR).standing, Standing::Unverified);
    reads(IdentifierKind::CrownCourtCase, "t2024 0123", "T20240123", Standing::Formed);
    reads(IdentifierKind::CrownCourtCase, "Tuesday", "TUESDAY", Standing::Unverified);
}

#[test]
fn every_committed_form_of_a_court_reference_reads_its_own_example() {
    assert_eq!(court::forms().len(), 4);
    for form in court::forms() {
        let kind = IdentifierKind::by_word(&form.identifier).unwrap();
        let reading = read(kind, &form.example, YEAR);
        assert_ne!(reading.standing, Standing::Unverified, "{}: {:?}", form.title, reading.warning);
        assert!(["read", "recalled"].contains(&form.sure.as_str()) && !form.source.is_empty());
    }
}

#[test]
fn a_pnc_id_is_found_whatever_century_was_meant() {
    assert_eq!(search_forms(IdentifierKind::PncId, "24/9X", 2023), ["1924/0000009X", "24/0000009X"]);
    assert_eq!(search_forms(IdentifierKind::PncId, "24/9X", 2026), ["2024/0000009X", "24/0000009X"]);
}

fn any_kind() -> impl Strategy<Value = IdentifierKind> {
    prop::sample::select(IdentifierKind::ALL.to_vec())
}

fn dirty() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9A-Za-z/ .()+-]{0,26}",
        "[0-9]{2,4}/?[0-9]{1,7}[A-Z]",
        "(SF)?[0-9]{1,6}/[0-9]{1,6}[A-Z]",
        "[0-9]{2}/?[0-9A-Z]{4,5}/?[0-9A-Z]{2}/?[0-9]{1,11}[A-Z]",
        "[+0]{0,3}[0-9]{3,15}",
        "[A-Z]{1,2}[0-9]{1,2}[A-Z]? ?[0-9][A-Z]{2}",
        "[HNOST][A-Z] ?[0-9]{1,5} ?[0-9]{1,5}",
        "[0-9]{1,7}, ?[0-9]{1,7}",
        "[A-Z]{2} ?[0-9]{6} ?[A-E]?",
        "[A-Z]{1,5}9{0,4}[0-9]{6}[A-Z]{1,2}9?[0-9][A-Z]{2}",
        "[0-9A-Z]{4}[0-9]{2,8}",
        "[0-9]{2}/[0-9]{4}/[0-9]{1,6}[A-Z]",
    ]
}

fn letters_that_verify(kind: IdentifierKind, stem: &str) -> usize {
    let texts = check_letter::ALPHABET.iter().map(|letter| format!("{stem}{}", char::from(*letter)));
    texts.filter(|text| read(kind, text, YEAR).standing == Standing::Verified).count()
}

proptest! {
    #[test]
    fn any_text_reads_and_its_canonical_form_reads_the_same(kind in any_kind(), raw in dirty()) {
        let first = read(kind, &raw, YEAR);
        let again = read(kind, &first.canonical, YEAR);
        prop_assert_eq!(&again.canonical, &first.canonical);
        prop_assert_eq!(&first.raw, &raw);
        prop_assert_eq!(first.standing == Standing::Unverified, first.warning.is_some());
    }

    #[test]
    fn exactly_one_letter_verifies(year in 0..100u8, serial in 0..1_000_000u32, force in "[0-9]{2}|[A-Z0-9]{3}") {
        let stems = [
            (IdentifierKind::PncId, format!("{year:02}/{serial}")),
            (IdentifierKind::Cro, format!("{serial}/{year:02}")),
            (IdentifierKind::Cro, format!("SF{year:02}/{serial}")),
            (IdentifierKind::Asn, format!("{year:02}/{force}AB/01/{serial}")),
        ];
        for (kind, stem) in stems {
            prop_assert_eq!(letters_that_verify(kind, &stem), 1, "{}", stem);
        }
    }

    #[test]
    fn exactly_one_digit_verifies(stem in "[0-9]{14}") {
        let verify = |kind, stem: &str| {
            let texts = (0..10).map(|digit| format!("{stem}{digit}"));
            texts.filter(|text| read(kind, text, YEAR).standing == Standing::Verified).count()
        };
        prop_assert_eq!(verify(IdentifierKind::Imei, &stem), 1);
        let nine: [u8; 9] = std::array::from_fn(|at| stem.as_bytes()[at] - b'0');
        let expected = usize::from(nhs_number::check_digit(&nine).is_some());
        prop_assert_eq!(verify(IdentifierKind::NhsNumber, &stem[..9]), expected);
    }

    #[test]
    fn every_square_of_the_grid_prints_and_reads_back(
        easting in 0..700_000u32, northing in 0..1_300_000u32, figures in 1..6u32
    ) {
        let side = 10u32.pow(5 - figures);
        let square = grid_reference::GridSquare {
            easting: easting / side * side, northing: northing / side * side, side,
        };
        prop_assert_eq!(grid_reference::parse(&square.to_string()), Some(square));
        let (latitude, longitude) = square.degrees();
        let back = osgb36::from_wgs84(latitude, longitude);
        let half = f64::from(side) / 2.0;
        prop_assert!((back.easting - f64::from(square.easting) - half).abs() < 0.1, "{back:?}");
        prop_assert!((back.northing - f64::from(square.northing) - half).abs() < 0.1, "{back:?}");
    }

    #[test]
    fn a_driver_number_agrees_with_whom_it_was_made_for(
        surname in "[A-Za-z' -]{1,20}", forenames in "[A-Za-z -]{0,20}",
        days in 0..30_000i64, is_female in any::<bool>()
    ) {
        let born = jiff::civil::date(1925, 1, 1).saturating_add(jiff::ToSpan::days(days));
        if let Some(stem) = driver_number::stem(&surname, &forenames, born, is_female) {
            let number = format!("{stem}9AA");
            let date = crate::value::PartialDate::full(born);
            prop_assert_eq!(driver_number::disagreements(&number, &surname, Some(date)), Vec::<&str>::new());
            prop_assert_eq!(read(IdentifierKind::DriverNumber, &number, YEAR).standing, Standing::Formed);
        }
    }

    #[test]
    fn look_alikes_of_any_text_fold_once(raw in any::<String>()) {
        let folded = vrm::look_alike(&raw);
        prop_assert_eq!(vrm::look_alike(&folded), folded);
    }
}
