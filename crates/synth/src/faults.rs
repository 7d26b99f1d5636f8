//! Rows that no importer may take in, each wrong in one known way.

use crate::random::Random;

/// One way in which a row is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// 30 February.
    Date,
    /// A place in the Pacific.
    OutsideBritain,
    /// A latitude without its longitude.
    HalfAPlace,
    /// A word that is in no list.
    UnknownOutcome,
    /// Neither true nor false.
    YesOrNo,
    /// A column is lost.
    LostColumn,
    /// A NUL octet in a field.
    Nul,
    /// Octets that are no UTF-8.
    NotUtf8,
    /// A quotation mark that never closes.
    OpenQuotationMark,
}

const ALL: &[(u32, Fault)] = &[
    (3, Fault::Date),
    (3, Fault::OutsideBritain),
    (2, Fault::HalfAPlace),
    (2, Fault::UnknownOutcome),
    (1, Fault::YesOrNo),
    (2, Fault::LostColumn),
    (1, Fault::Nul),
    (1, Fault::NotUtf8),
    (1, Fault::OpenQuotationMark),
];

impl Fault {
    /// Some fault.
    pub fn some(random: &mut Random) -> Self {
        random.weighted(ALL).copied().unwrap_or(Self::Date)
    }

    /// The column that a report must name; `row` for the row as a whole.
    pub const fn column(self) -> &'static str {
        match self {
            Self::Date => "Date",
            Self::OutsideBritain => "Latitude",
            Self::HalfAPlace => "Longitude",
            Self::UnknownOutcome | Self::Nul => "Outcome",
            Self::YesOrNo => "Outcome linked to object of search",
            Self::NotUtf8 => "Policing operation",
            Self::LostColumn | Self::OpenQuotationMark => "row",
        }
    }

    /// Makes a row wrong, and writes it as it then stands in a file, without a line end.
    pub fn spoil(self, mut fields: [String; 15]) -> Vec<u8> {
        match self {
            Self::Date => fields[1] = "2023-02-30T10:00:00+00:00".to_owned(),
            Self::OutsideBritain => {
                (fields[4], fields[5]) = ("-17.713371".to_owned(), "-0.178065".to_owned())
            }
            Self::HalfAPlace => (fields[4], fields[5]) = ("51.500000".to_owned(), String::new()),
            Self::UnknownOutcome => fields[12] = "Turned to stone".to_owned(),
            Self::YesOrNo => fields[13] = "Perhaps".to_owned(),
            Self::Nul => fields[12].push('\0'),
            Self::LostColumn => return fields.get(1..).unwrap_or_default().join(",").into_bytes(),
            Self::NotUtf8 => {
                let [before, after] = [&fields[..3], &fields[4..]].map(|part| part.join(","));
                return [before.as_bytes(), b",\xff\xfe,", after.as_bytes()].concat();
            }
            Self::OpenQuotationMark => fields[3] = "\"Operation without an end".to_owned(),
        }
        fields.join(",").into_bytes()
    }
}
