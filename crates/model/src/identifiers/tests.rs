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
    fn look_alikes_of_any_text_fold_once(raw in any::<String>()) {
        let folded = vrm::look_alike(&raw);
        prop_assert_eq!(vrm::look_alike(&folded), folded);
    }
}
