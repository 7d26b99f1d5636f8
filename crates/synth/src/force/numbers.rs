//! Numbers and marks of people and things. They have the right form and the right check. Wherever a
//! range is known that nobody has, they are of that range: NHS numbers begin with 999, mobile numbers
//! with 071 or 072, IMEI with 00, company numbers with 99. Where none is known (registration marks,
//! PNCID) a number may by chance be somebody's; nothing else here is of that person.

use crate::random::Random;
use jiff::civil::Date;
use model::identifiers::{check_letter, driver_number, imei, nhs_number};

/// A mobile number as people give it.
pub fn mobile(random: &mut Random) -> String {
    let digits = format!("7{}{:08}", 1 + random.below(2), random.below(100_000_000));
    match random.below(10) {
        0..5 => format!("0{digits}"),
        5..8 => format!("0{} {}", &digits[..4], &digits[4..]),
        8 => format!("+44{digits}"),
        _ => format!("+44 (0){digits}"),
    }
}

/// A landline number of the range that is kept for drama.
pub fn landline(random: &mut Random) -> String {
    format!("01632 960{:03}", random.below(1_000))
}

/// A PNCID of somebody born on a day.
pub fn pnc_id(random: &mut Random, born: Date) -> String {
    let year = random.between(i64::from(born.year()).max(1965) + 10, 2025).min(2025);
    let serial = random.below(10_000_000);
    let number = u128::from(year.unsigned_abs() % 100) * 10_000_000 + u128::from(serial);
    format!("{year}/{serial:07}{}", check_letter::of(number))
}

/// A CRO number.
pub fn cro(random: &mut Random) -> String {
    let (serial, year) = (random.below(1_000_000), random.below(100));
    let number = u128::from(year) * 1_000_000 + u128::from(serial);
    format!("{serial:06}/{year:02}{}", check_letter::of(number))
}

/// A National Insurance number.
pub fn nino(random: &mut Random) -> String {
    let suffix = random.pick(b"ABCD").map_or('A', |letter| char::from(*letter));
    format!("PZ{:06}{suffix}", random.below(1_000_000))
}

/// An NHS number of the range for tests.
pub fn nhs(random: &mut Random) -> String {
    loop {
        let mut stem = [9u8; 9];
        for digit in stem.iter_mut().skip(3) {
            *digit = random.below(10) as u8;
        }
        if let Some(check) = nhs_number::check_digit(&stem) {
            let digits: String = stem.iter().chain([&check]).map(u8::to_string).collect();
            return format!("{} {} {}", &digits[..3], &digits[3..6], &digits[6..]);
        }
    }
}

/// A driver number that agrees with its holder; `None` for a name without Latin letters.
pub fn driver(
    random: &mut Random,
    surname: &str,
    forenames: &str,
    born: Date,
    is_female: bool,
) -> Option<String> {
    let stem = driver_number::stem(surname, forenames, born, is_female)?;
    Some(format!(
        "{stem}9{}{}",
        letter(random, b"ABCDEFGHJKLMNPRSTUVWXYZ"),
        letter(random, b"ABCDEFGHJKLMNPRSTUVWXYZ")
    ))
}

/// An IMEI.
pub fn handset(random: &mut Random) -> String {
    let stem = format!("00{:012}", random.below(1_000_000_000_000));
    let check = imei::check_digit(&stem);
    format!("{stem}{check}")
}

/// A company number.
pub fn company(random: &mut Random) -> String {
    format!("99{:06}", random.below(1_000_000))
}

/// So many hexadecimal digits, sixteen at a time.
pub fn hexadecimal(random: &mut Random, sixteens: usize) -> String {
    (0..sixteens).map(|_| format!("{:016x}", random.next())).collect()
}

/// A registration mark for a vehicle first registered in a year and, with luck, half-year.
pub fn mark(random: &mut Random, year: i16) -> String {
    const AREA: &[u8] = b"ABCDEFGHKLMNOPRSVWY";
    const SECOND: &[u8] = b"ABCDEFGHJKLMNOPRSTUVWXY";
    const LAST: &[u8] = b"ABCDEFGHJKLMNOPRSTUVWXYZ";
    let last: String = (0..3).map(|_| letter(random, LAST)).collect();
    if random.happens(35) {
        let letters = 1 + random.below(3) as usize;
        return format!("{} {}", 1 + random.below(999), &last[..letters]);
    }
    if year >= 2002 {
        let is_second_half = random.happens(480);
        let age = (year - 2000) + if is_second_half { 50 } else { 0 };
        return format!("{}{}{age:02} {last}", letter(random, AREA), letter(random, SECOND));
    }
    // One letter a year from August 1983 (A); I, O, U and Z were left out, and Q has its own use.
    const YEARS: &[u8] = b"ABCDEFGHJKLMNPRSTVWXY";
    let at = usize::try_from(year - 1983).unwrap_or(0).min(YEARS.len() - 1);
    format!("{}{} {last}", char::from(YEARS[at]), 1 + random.below(999))
}

/// A vehicle identification number of a maker that does not exist.
pub fn vin(random: &mut Random) -> String {
    const ALLOWED: &[u8] = b"ABCDEFGHJKLMNPRSTUVWXYZ0123456789";
    let middle: String = (0..8).map(|_| letter(random, ALLOWED)).collect();
    format!("TLX{middle}{:06}", random.below(1_000_000))
}

fn letter(random: &mut Random, of: &[u8]) -> char {
    random.pick(of).map_or('A', |letter| char::from(*letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use model::identifiers::{IdentifierKind, Standing, read, vrm};

    #[test]
    fn every_number_passes_its_check() {
        let mut random = Random::new(11);
        let born = date(1987, 3, 4);
        for _ in 0..500 {
            let driver = driver(&mut random, "O'Brien-Ångström", "Anna Maria", born, true).unwrap();
            let made = [
                (IdentifierKind::Phone, mobile(&mut random), Standing::Formed),
                (IdentifierKind::Phone, landline(&mut random), Standing::Formed),
                (IdentifierKind::PncId, pnc_id(&mut random, born), Standing::Verified),
                (IdentifierKind::Cro, cro(&mut random), Standing::Verified),
                (IdentifierKind::Nino, nino(&mut random), Standing::Formed),
                (IdentifierKind::NhsNumber, nhs(&mut random), Standing::Verified),
                (IdentifierKind::DriverNumber, driver, Standing::Formed),
                (IdentifierKind::Imei, handset(&mut random), Standing::Verified),
            ];
            for (kind, text, standing) in made {
                assert_eq!(read(kind, &text, 2026).standing, standing, "{text}");
            }
        }
    }

    #[test]
    fn a_mark_is_of_the_year() {
        let mut random = Random::new(12);
        let classes = |year, random: &mut Random| -> Vec<vrm::Class> {
            (0..200).map(|_| vrm::class(&mark(random, year))).collect()
        };
        let new = classes(2019, &mut random);
        assert!(new.iter().all(|class| matches!(
            class,
            vrm::Class::Current | vrm::Class::Dateless | vrm::Class::NorthernIreland
        )));
        let old = classes(1995, &mut random);
        assert!(old.contains(&vrm::Class::Prefix) && !old.contains(&vrm::Class::Unknown));
    }
}
