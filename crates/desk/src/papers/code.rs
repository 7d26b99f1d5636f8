//! The code on a paper: short enough to type, checked by its last symbol, and the key of every digest of what the
//! paper says (`docs/formats/ledger.md`, section 9).

use crate::error::DeskError;
use hmac::{Hmac, KeyInit, Mac};
use sealing::SecretKey;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// A whole SHA-256 or HMAC-SHA-256.
pub type Hash = [u8; 32];

/// Crockford's base 32: no letter in it looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Symbols that are chosen by chance: 75 bits, which nobody goes through.
const CHOSEN: usize = 15;
/// Symbols of a group.
const GROUP: usize = 4;
const MARK: &[u8] = b"bluelamp/paper/v1";
const WHOLE: u8 = 0;
const SECTION: u8 = 1;
const FILE: u8 = 2;
/// Symbols printed beside a section: 20 bits of its digest.
const BESIDE: usize = 4;

/// The code on a paper. It is kept nowhere: whoever has it has the paper, or was told.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

/// Why a text is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeUnread {
    /// Too few symbols, or too many.
    #[error("code: a code has 16 letters and digits, and this has {0}")]
    Length(usize),
    /// A symbol that no code has.
    #[error("code: “{0}” stands in no code")]
    Symbol(char),
    /// One is wrong, or two are exchanged.
    #[error("code: it does not fit together, so a letter or digit of it is wrong: compare it with the paper")]
    Check,
}

impl Code {
    /// A new code, from the operating system's randomness.
    ///
    /// # Errors
    /// Where the system has none to give.
    pub(crate) fn generate() -> Result<Self, DeskError> {
        let drawn = SecretKey::generate()
            .map_err(|error| DeskError::damaged(format!("no code can be drawn for a paper: {error}")))?;
        let mut symbols: Vec<u8> = drawn.expose().iter().take(CHOSEN).map(|octet| octet & 31).collect();
        symbols.push(times_two(fold(&symbols)));
        Ok(Self(symbols.into_iter().map(symbol).collect()))
    }

    /// Reads a code as somebody types it: small letters, blanks, hyphens, `O` for nought, `I` and `L` for one.
    ///
    /// # Errors
    /// [`CodeUnread`] says what is wrong with it, and nothing of whether there is such a paper.
    pub fn read(text: &str) -> Result<Self, CodeUnread> {
        let typed =
            text.chars().filter(|symbol| !symbol.is_whitespace() && !matches!(symbol, '-' | '–' | '‑'));
        let typed: Vec<char> = typed.map(|symbol| as_meant(symbol.to_ascii_uppercase())).collect();
        let values: Vec<u8> = typed.iter().map(|symbol| value(*symbol)).collect::<Result<_, _>>()?;
        match values.len() {
            length if length != CHOSEN + 1 => Err(CodeUnread::Length(length)),
            _ if fold(&values) != 0 => Err(CodeUnread::Check),
            _ => Ok(Self(typed.into_iter().collect())),
        }
    }

    /// By which the log and the register know the paper: nobody comes back from it to the code.
    #[must_use]
    pub fn mark(&self) -> Hash {
        Sha256::new().chain_update(MARK).chain_update(&self.0).finalize().into()
    }

    /// The digest of a section of this number, counted from 1, by its text as it is compared.
    #[must_use]
    pub fn section(&self, number: u16, text: &str) -> Hash {
        self.keyed(&[&[SECTION], &number.to_be_bytes(), as_compared(text).as_bytes()])
    }

    /// The digest of a file, without the code wherever it stands in it.
    #[must_use]
    pub fn file(&self, octets: &[u8]) -> Hash {
        self.keyed(&[&[FILE], &without(octets, self.to_string().as_bytes())])
    }

    /// The digest of the whole paper.
    #[must_use]
    pub fn whole(&self, parts: &[Hash]) -> Hash {
        self.keyed(&[&[WHOLE], &parts.concat()])
    }

    fn keyed(&self, parts: &[&[u8]]) -> Hash {
        // A key shorter than the block is filled up with zeros (RFC 2104 §2).
        let mut block = [0u8; 64];
        let (key, _) = block.split_at_mut(self.0.len());
        key.copy_from_slice(self.0.as_bytes());
        let mut mac = Hmac::<Sha256>::new(&block.into());
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    }
}

/// In groups of four, as it is printed.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, symbol) in self.0.chars().enumerate() {
            if at > 0 && at.is_multiple_of(GROUP) {
                f.write_str("-")?;
            }
            write!(f, "{symbol}")?;
        }
        Ok(())
    }
}

/// It does not fall into a log of the program.
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

/// A digest as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct KeptHash(pub Hash);

impl From<KeptHash> for String {
    fn from(hash: KeptHash) -> Self {
        hex::encode(hash.0)
    }
}

impl TryFrom<String> for KeptHash {
    type Error = hex::FromHexError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let mut hash = [0; 32];
        hex::decode_to_slice(text, &mut hash)?;
        Ok(Self(hash))
    }
}

/// The four symbols that are printed beside a section: they tell a sheet that came from another paper.
#[must_use]
pub fn beside(digest: &Hash) -> String {
    digest.iter().take(BESIDE).map(|octet| symbol(octet & 31)).collect()
}

/// Four symbols as somebody types them.
pub(super) fn beside_as_typed(text: &str) -> String {
    let typed = text.chars().filter(|symbol| !symbol.is_whitespace());
    typed.map(|symbol| as_meant(symbol.to_ascii_uppercase())).collect()
}

/// The words of a section as they are compared, whoever types them: blanks, letter case, and the shapes of quotes
/// and dashes do not count; every other sign does.
#[must_use]
pub fn as_compared(text: &str) -> String {
    let alike = |symbol: char| match symbol {
        '‘' | '’' | 'ʼ' => '\'',
        '“' | '”' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
        other => other,
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase().chars().map(alike).collect()
}

/// Octets without each occurrence of a text.
fn without(octets: &[u8], text: &[u8]) -> Vec<u8> {
    let (mut left, mut rest) = (Vec::with_capacity(octets.len()), octets);
    while let Some((first, after)) = rest.split_first() {
        match rest.strip_prefix(text) {
            Some(behind) => rest = behind,
            None => {
                left.push(*first);
                rest = after;
            }
        }
    }
    left
}

fn symbol(value: u8) -> char {
    char::from(ALPHABET[usize::from(value & 31)])
}

fn as_meant(symbol: char) -> char {
    match symbol {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    }
}

fn value(symbol: char) -> Result<u8, CodeUnread> {
    let place = ALPHABET.iter().position(|known| char::from(*known) == symbol);
    place.and_then(|place| u8::try_from(place).ok()).ok_or(CodeUnread::Symbol(symbol))
}

/// The symbols as a polynomial over the field of 32, at the element 2: another symbol in one place gives another
/// value, and so do two that are exchanged.
fn fold(values: &[u8]) -> u8 {
    values.iter().fold(0, |sum, value| times_two(sum) ^ value)
}

/// Times 2 in the field of 32, by the polynomial x⁵ + x² + 1.
const fn times_two(value: u8) -> u8 {
    let doubled = value << 1;
    if doubled & 32 == 0 { doubled } else { (doubled ^ 0b10_0101) & 31 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = Code::generate().unwrap();
        let printed = code.to_string();
        assert_eq!(printed.len(), 19);
        let typed = [
            printed.clone(),
            printed.to_lowercase(),
            printed.replace('-', " "),
            printed.replace('0', "o").replace('1', "l"),
            format!(" {} ", printed.replace('-', "")),
        ];
        for typed in typed {
            assert_eq!(Code::read(&typed), Ok(code.clone()), "{typed}");
        }
        assert_eq!(format!("{code:?}"), "Code(…)");
    }

    /// Computed with another program from the words of the format page; the verifier's test holds the same.
    #[test]
    fn the_digests_are_those_of_the_format_page() {
        let code = Code::read("0123-4567-89AB-CDE4").unwrap();
        assert_eq!(
            hex::encode(code.mark()),
            "faa79275c9c2dd9d4a5059e552517a634dfb01f65e0a479bf29e7034abc17314"
        );
        let section = code.section(1, " The record\nName  “Anna’s” — SMITH ");
        let file = code.file(b"ref,paper\r\nA,0123-4567-89AB-CDE4\r\n");
        assert_eq!(
            hex::encode(code.whole(&[section, file])),
            "d1db8e3f5b9aa54641642288942cacf09311138ff76d3de0c698870199a0a7ac"
        );
    }

    #[test]
    fn every_wrong_symbol_and_every_exchange_of_two_is_found() {
        let code = Code::generate().unwrap();
        let symbols: Vec<u8> = code.0.bytes().collect();
        let read = |symbols: &[u8]| Code::read(std::str::from_utf8(symbols).unwrap());
        for at in 0..symbols.len() {
            for other in ALPHABET.iter().filter(|other| **other != symbols[at]) {
                let mut wrong = symbols.clone();
                wrong[at] = *other;
                assert_eq!(read(&wrong), Err(CodeUnread::Check));
            }
            for with in 0..at {
                let mut exchanged = symbols.clone();
                exchanged.swap(at, with);
                assert!(symbols[at] == symbols[with] || read(&exchanged).is_err());
            }
        }
        assert_eq!(Code::read("K7QX"), Err(CodeUnread::Length(4)));
        assert_eq!(Code::read("U7QX"), Err(CodeUnread::Symbol('U')));
    }

    #[test]
    fn digests_turn_on_every_letter_and_on_the_code() {
        let (one, other) = (Code::generate().unwrap(), Code::generate().unwrap());
        assert_eq!(one.section(1, "Name  “Anna’s”\nSMITH"), one.section(1, " name \"anna's\" smith "));
        for altered in ["name \"anna's\" smyth", "name \"annas\" smith", "name \"anna's\" smith."] {
            assert_ne!(one.section(1, "name \"anna's\" smith"), one.section(1, altered), "{altered}");
        }
        assert_ne!(one.section(1, "x"), one.section(2, "x"));
        assert_ne!(one.section(1, "x"), other.section(1, "x"));
        assert_ne!(one.mark(), other.mark());
        let file = format!("a,paper\r\n1,{one}\r\n");
        assert_eq!(one.file(file.as_bytes()), one.file(b"a,paper\r\n1,\r\n"));
        assert_ne!(one.file(file.as_bytes()), one.file(file.replace('1', "2").as_bytes()));
    }
}
