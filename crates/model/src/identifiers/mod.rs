//! Identifiers that parse, canonicalise, check and print. What does not pass its check is kept as
//! *unverified* with a warning and never dropped: legacy data is dirty, and a wrong letter may be
//! the only trace of the right person.

pub mod asn;
pub mod check_letter;
pub mod court;
pub mod cro;
pub mod driver_number;
pub mod grid_reference;
pub mod imei;
pub mod nhs_number;
pub mod nino;
pub mod osgb36;
pub mod phone;
pub mod pnc_id;
pub mod postcode;
pub mod uprn;
pub mod vrm;

#[cfg(test)]
mod tests;

/// The kinds of identifier that fields can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdentifierKind {
    /// Police National Computer identity of a person.
    PncId,
    /// Criminal Records Office number.
    Cro,
    /// Arrest/summons number.
    Asn,
    /// Vehicle registration mark.
    Vrm,
    /// Telephone number.
    Phone,
    /// Postcode.
    Postcode,
    /// Unique property reference number.
    Uprn,
    /// National Grid reference.
    GridReference,
    /// National Insurance number.
    Nino,
    /// NHS number.
    NhsNumber,
    /// Driver number of a Great Britain licence.
    DriverNumber,
    /// International mobile equipment identity, of a handset.
    Imei,
    /// Unique reference number of a police case (PTIURN).
    CaseUrn,
    /// Case reference of a magistrates’ court.
    CourtCase,
    /// Case number of the Crown Court.
    CrownCourtCase,
}

impl IdentifierKind {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::PncId,
        Self::Cro,
        Self::Asn,
        Self::Vrm,
        Self::Phone,
        Self::Postcode,
        Self::Uprn,
        Self::GridReference,
        Self::Nino,
        Self::NhsNumber,
        Self::DriverNumber,
        Self::Imei,
        Self::CaseUrn,
        Self::CourtCase,
        Self::CrownCourtCase,
    ];

    /// The word that stands for it in `shapes.lock`, schemas and local fields.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::PncId => "pnc-id",
            Self::Cro => "cro",
            Self::Asn => "asn",
            Self::Vrm => "vrm",
            Self::Phone => "phone",
            Self::Postcode => "postcode",
            Self::Uprn => "uprn",
            Self::GridReference => "grid-reference",
            Self::Nino => "nino",
            Self::NhsNumber => "nhs-number",
            Self::DriverNumber => "driver-number",
            Self::Imei => "imei",
            Self::CaseUrn => "case-urn",
            Self::CourtCase => "court-case",
            Self::CrownCourtCase => "crown-court-case",
        }
    }

    /// The kind with this word.
    #[must_use]
    pub fn by_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// How far an identifier can be relied on as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It does not have the form, or its check letter does not fit. It is kept all the same.
    Unverified,
    /// It has the right form; this kind of identifier carries no check.
    Formed,
    /// Its check letter fits.
    Verified,
}

/// How one identifier reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What it was read as.
    pub kind: IdentifierKind,
    /// As it was given.
    pub raw: String,
    /// The one way to write it, by which it is matched and searched.
    pub canonical: String,
    /// How far it can be relied on.
    pub standing: Standing,
    /// What a reader should know, in plain words.
    pub warning: Option<String>,
}

/// Reads an identifier. Any text gives a reading: what cannot be understood is *unverified*.
/// `year` is the present year, by which a year of two digits is placed in its century.
#[must_use]
pub fn read(kind: IdentifierKind, raw: &str, year: i16) -> Reading {
    let found = match kind {
        IdentifierKind::PncId => pnc_id::read(raw, year),
        IdentifierKind::Cro => cro::read(raw),
        IdentifierKind::Asn => asn::read(raw),
        IdentifierKind::Vrm => vrm::read(raw),
        IdentifierKind::Phone => phone::read(raw),
        IdentifierKind::Postcode => postcode::read(raw),
        IdentifierKind::Uprn => uprn::read(raw),
        IdentifierKind::GridReference => grid_reference::read(raw),
        IdentifierKind::Nino => nino::read(raw),
        IdentifierKind::NhsNumber => nhs_number::read(raw),
        IdentifierKind::DriverNumber => driver_number::read(raw),
        IdentifierKind::Imei => imei::read(raw),
        IdentifierKind::CaseUrn | IdentifierKind::CourtCase | IdentifierKind::CrownCourtCase => {
            court::read(kind.word(), raw)
        }
    };
    Reading {
        kind,
        raw: raw.to_owned(),
        canonical: found.canonical,
        standing: found.standing,
        warning: found.warning,
    }
}

/// The texts by which an identifier is found: the canonical form first. A PNCID is also found
/// with a year of two digits, because which century those two digits meant depends on the day
/// when they were read.
#[must_use]
pub fn search_forms(kind: IdentifierKind, raw: &str, year: i16) -> Vec<String> {
    let canonical = read(kind, raw, year).canonical;
    let short = (kind == IdentifierKind::PncId).then(|| pnc_id::short_form(&canonical)).flatten();
    std::iter::once(canonical).chain(short).collect()
}

/// What one file of this folder makes of a text.
pub(crate) struct Found {
    canonical: String,
    standing: Standing,
    warning: Option<String>,
}

impl Found {
    fn formed(canonical: String) -> Self {
        Self { canonical, standing: Standing::Formed, warning: None }
    }

    fn unverified(canonical: String, warning: String) -> Self {
        Self { canonical, standing: Standing::Unverified, warning: Some(warning) }
    }

    /// Verified where the given letter is the right one; otherwise kept with a warning.
    fn checked(canonical: String, given: char, number: u128, what: &str) -> Self {
        let right = check_letter::of(number);
        if given == right {
            return Self { canonical, standing: Standing::Verified, warning: None };
        }
        let warning = format!(
            "The check letter of this {what} should be {right}, not {given}. One character is wrong; it is kept as given."
        );
        Self::unverified(canonical, warning)
    }
}

/// Upper case without white space: what is kept where the form is not known.
fn compact(raw: &str) -> String {
    raw.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect()
}

/// Splits off the last letter, where the text ends in an ASCII letter.
fn split_letter(text: &str) -> Option<(&str, char)> {
    let letter = text.chars().next_back().filter(char::is_ascii_uppercase)?;
    Some((&text[..text.len() - 1], letter))
}

/// The number that `text` writes, where it is 1 to `most` ASCII digits.
fn digits(text: &str, most: usize) -> Option<u64> {
    let fits = (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}
