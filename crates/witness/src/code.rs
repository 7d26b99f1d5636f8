//! The code on a paper, and the digests under it (format page, section 9).

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SYMBOLS: usize = 16;

/// The code on a paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    symbols: String,
}

impl Code {
    /// Reads a code as it is typed.
    ///
    /// # Errors
    ///
    /// Says what is wrong with it, in words that end a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let passed_over = |sign: &char| sign.is_whitespace() || "-–‑".contains(*sign);
        let mut symbols = String::new();
        let mut sum = 0_u8;
        for sign in text.chars().filter(|sign| !passed_over(sign)) {
            let sign = match sign.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let place = ALPHABET.find(sign).ok_or_else(|| format!("“{sign}” stands in no code"))?;
            sum = doubled(sum) ^ u8::try_from(place).unwrap_or_default();
            symbols.push(sign);
        }
        if symbols.len() != SYMBOLS {
            return Err(format!("a code has {SYMBOLS} letters and digits, and this has {}", symbols.len()));
        }
        if sum != 0 {
            return Err("a letter or digit of it is wrong: compare it with the paper".to_owned());
        }
        Ok(Self { symbols })
    }

    /// By which entries name the paper.
    pub fn mark(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(b"bluelamp/paper/v1");
        hasher.update(&self.symbols);
        hasher.finalize().into()
    }

    /// In groups of four, as it is printed.
    pub fn printed(&self) -> String {
        let signs: Vec<char> = self.symbols.chars().collect();
        let groups: Vec<String> = signs.chunks(4).map(|group| group.iter().collect()).collect();
        groups.join("-")
    }

    /// The digest of a section.
    pub fn section(&self, number: u16, words: &str) -> [u8; 32] {
        self.keyed(&[&[1], &number.to_be_bytes(), as_compared(words).as_bytes()])
    }

    /// The digest of a file.
    pub fn file(&self, octets: &[u8]) -> [u8; 32] {
        let printed = self.printed();
        let mut parts: Vec<&[u8]> = vec![&[2]];
        let mut rest = octets;
        while let Some(at) = rest.windows(printed.len()).position(|run| run == printed.as_bytes()) {
            let (before, after) = rest.split_at(at);
            parts.push(before);
            rest = after.get(printed.len()..).unwrap_or_default();
        }
        parts.push(rest);
        self.keyed(&parts)
    }

    /// The digest of the whole.
    pub fn whole(&self, parts: &[[u8; 32]]) -> [u8; 32] {
        self.keyed(&[&[0], &parts.concat()])
    }

    fn keyed(&self, parts: &[&[u8]]) -> [u8; 32] {
        // HMAC fills a short key up with noughts (RFC 2104 §2).
        let mut block = [0; 64];
        block.iter_mut().zip(self.symbols.bytes()).for_each(|(place, octet)| *place = octet);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        parts.iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    }
}

fn doubled(value: u8) -> u8 {
    match value & 16 {
        0 => value << 1,
        _ => ((value & 15) << 1) ^ 0b0_0101,
    }
}

/// Words as they are compared: blanks, letter case, and the shapes of quotes and dashes do not count.
fn as_compared(words: &str) -> String {
    let words: Vec<&str> = words.split_whitespace().collect();
    let alike = |sign: char| match sign {
        '‘' | '’' | 'ʼ' => '\'',
        '“' | '”' => '"',
        '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
        other => other,
    };
    words.join(" ").to_lowercase().chars().map(alike).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with another program from the words of the format page.
    const MARK: &str = "faa79275c9c2dd9d4a5059e552517a634dfb01f65e0a479bf29e7034abc17314";
    const SECTION: &str = "f5398368f10e106380a2398f8e2b08a2677a1a50dd11e7f8b3002f972fc65b3d";
    const FILE: &str = "550ea51531d6590cadf2096e8088cb72a8eb8ad3b2f0f8b277410a6f67ea8738";
    const WHOLE: &str = "d1db8e3f5b9aa54641642288942cacf09311138ff76d3de0c698870199a0a7ac";

    #[test]
    fn the_digests_are_those_of_the_format_page() {
        let code = Code::parse("o123 4567 89ab cde4").unwrap();
        assert_eq!(code.printed(), "0123-4567-89AB-CDE4");
        assert_eq!(hex::encode(code.mark()), MARK);
        let section = code.section(1, " The record\nName  “Anna’s” — SMITH ");
        assert_eq!(hex::encode(section), SECTION);
        let file = code.file(b"ref,paper\r\nA,0123-4567-89AB-CDE4\r\n");
        assert_eq!(hex::encode(file), FILE);
        assert_eq!(hex::encode(code.whole(&[section, file])), WHOLE);
    }

    #[test]
    fn a_wrong_or_exchanged_symbol_is_found() {
        for wrong in ["0123-4567-89AB-CDE5", "1023-4567-89AB-CDE4", "0123-4567-89AB-CD4E", "0123", "U"] {
            Code::parse(wrong).unwrap_err();
        }
    }
}
