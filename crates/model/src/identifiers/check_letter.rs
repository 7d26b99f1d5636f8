//! The check letter that PNCID, CRO, ASN and our own reference numbers share.

/// The 23 letters by remainder; I, O and S are left out because they look like digits.
pub const ALPHABET: &[u8; 23] = b"ZABCDEFGHJKLMNPQRTUVWXY";

/// The check letter of a number: the letter at its remainder by 23.
#[must_use]
pub fn of(number: u128) -> char {
    // The remainder is below 23, so it indexes the alphabet.
    char::from(ALPHABET[(number % 23) as usize])
}
