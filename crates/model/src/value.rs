//! The values that fields hold, and their canonical encoding.
//!
//! Equal values have equal octets: a version's commitment, the erasure of one field and the
//! comparison of two versions all rest on that. The encoding is described in
//! `docs/formats/records.md`.

use crate::body::{Body, NotHeld};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroize;

/// One value of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "type", content = "value")]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// Free text in any script.
    Text(String),
    /// A whole number.
    Number(i64),
    /// An instant: microseconds since 1970-01-01T00:00:00Z.
    Instant(i64),
    /// A date of which parts may be unknown.
    Date(PartialDate),
    /// A code of the field's code list.
    Code(String),
    /// An identifier (PNCID, VRM …) as it was given.
    Identifier(String),
    /// Where something is or happened.
    Place(Place),
    /// Another record.
    Record(Uuid),
    /// Repeated groups of fields, for instance the names that a person has used.
    Rows(Vec<Body>),
}

/// A date known in full or in part: dates of birth often are only a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PartialDate {
    /// The year, where known.
    pub year: Option<i16>,
    /// The month 1–12, where known.
    pub month: Option<i8>,
    /// The day 1–31, where known.
    pub day: Option<i8>,
}

impl PartialDate {
    /// A date known in full.
    #[must_use]
    pub fn full(date: Date) -> Self {
        Self { year: Some(date.year()), month: Some(date.month()), day: Some(date.day()) }
    }

    /// Reads `1987-03-04`, `1987-03`, `1987`, or with `??` for unknown parts (`1987-??-04`).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(3, '-');
        let year = part(parts.next()?, 4)?;
        let month = parts.next().map_or(Some(None), |p| part(p, 2))?;
        let day = parts.next().map_or(Some(None), |p| part(p, 2))?;
        let date =
            Self { year: year.map(|y| y as i16), month: month.map(|m| m as i8), day: day.map(|d| d as i8) };
        date.is_possible().then_some(date)
    }

    /// The whole date, where every part is known.
    #[must_use]
    pub fn whole(self) -> Option<Date> {
        Date::new(self.year?, self.month?, self.day?).ok()
    }

    /// Whether some real day fits the parts that are known.
    #[must_use]
    pub fn is_possible(self) -> bool {
        let year = self.year.unwrap_or(2000);
        let month = self.month.unwrap_or(1);
        (0..=9999).contains(&year)
            && Date::new(year, month, 1).is_ok()
            && self.day.is_none_or(|day| {
                Date::new(year, month, day).is_ok() || (self.month.is_none() && (1..=31).contains(&day))
            })
    }
}

fn part(text: &str, width: usize) -> Option<Option<u16>> {
    if !text.is_empty() && text.chars().all(|c| c == '?') {
        return Some(None);
    }
    let digits = text.len() <= width && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().map(Some)
}

impl std::fmt::Display for PartialDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.year {
            Some(year) => write!(f, "{year:04}")?,
            None => f.write_str("????")?,
        }
        for part in [self.month, self.day] {
            match part {
                Some(number) => write!(f, "-{number:02}")?,
                None => f.write_str("-??")?,
            }
        }
        Ok(())
    }
}

/// Where something is or happened. At least one part is given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// Latitude in millionths of a degree (WGS 84), north positive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latitude: Option<i32>,
    /// Longitude in millionths of a degree (WGS 84), east positive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longitude: Option<i32>,
    /// Address or description in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// Postcode as given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
}

impl Place {
    /// Whether nothing at all is said, or only a placeholder such as "." or "unknown".
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.latitude.is_none()
            && self.longitude.is_none()
            && self.postcode.is_none()
            && self.words.as_deref().is_none_or(|words| words.trim().is_empty())
    }

    /// Latitude and longitude in degrees, where both are known.
    #[must_use]
    pub fn degrees(&self) -> Option<(f64, f64)> {
        Some((f64::from(self.latitude?) / 1e6, f64::from(self.longitude?) / 1e6))
    }
}

/// Why stored octets are not a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The octets end too early.
    #[error("the stored value is cut short")]
    CutShort,
    /// A type, state or length that no release of ours has written.
    #[error("the stored value has a form that this release does not know")]
    UnknownForm,
    /// Text that is not UTF-8.
    #[error("the stored text is not UTF-8")]
    NotUtf8,
    /// Octets are left over after the value.
    #[error("octets are left over after the stored value")]
    LeftOver,
}

impl Value {
    /// Overwrites what the value says, before its memory is given back.
    pub fn wipe(&mut self) {
        match self {
            Self::Text(text) | Self::Code(text) | Self::Identifier(text) => text.zeroize(),
            Self::Number(number) | Self::Instant(number) => number.zeroize(),
            Self::Place(place) => {
                place.words.zeroize();
                place.postcode.zeroize();
                place.latitude.zeroize();
                place.longitude.zeroize();
            }
            Self::Rows(rows) => rows.iter_mut().for_each(Body::wipe),
            Self::Bool(_) | Self::Date(_) | Self::Record(_) => {}
        }
    }

    /// The canonical octets of this value.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(16);
        self.encode_to(&mut out);
        out
    }

    fn encode_to(&self, out: &mut Vec<u8>) {
        match self {
            Self::Bool(value) => out.extend([1, u8::from(*value)]),
            Self::Text(text) => tagged_text(out, 2, text),
            Self::Number(number) => tagged(out, 3, &number.to_be_bytes()),
            Self::Instant(micros) => tagged(out, 4, &micros.to_be_bytes()),
            Self::Date(date) => encode_date(out, *date),
            Self::Code(code) => tagged_text(out, 6, code),
            Self::Identifier(text) => tagged_text(out, 7, text),
            Self::Place(place) => encode_place(out, place),
            Self::Record(id) => tagged(out, 9, id.as_bytes()),
            Self::Rows(rows) => encode_rows(out, rows),
        }
    }

    /// Reads canonical octets back.
    ///
    /// # Errors
    /// [`DecodeError`] for octets that [`Value::encode`] did not make.
    pub fn decode(octets: &[u8]) -> Result<Self, DecodeError> {
        let (kind, rest) = octets.split_first().ok_or(DecodeError::CutShort)?;
        Ok(match kind {
            1 => Self::Bool(decode_bool(rest)?),
            2 => Self::Text(text(rest)?),
            3 => Self::Number(i64::from_be_bytes(exact(rest)?)),
            4 => Self::Instant(i64::from_be_bytes(exact(rest)?)),
            5 => Self::Date(decode_date(rest)?),
            6 => Self::Code(text(rest)?),
            7 => Self::Identifier(text(rest)?),
            8 => Self::Place(decode_place(rest)?),
            9 => Self::Record(Uuid::from_bytes(exact(rest)?)),
            10 => Self::Rows(decode_rows(rest)?),
            _ => return Err(DecodeError::UnknownForm),
        })
    }
}

fn tagged(out: &mut Vec<u8>, kind: u8, octets: &[u8]) {
    out.push(kind);
    out.extend_from_slice(octets);
}

fn tagged_text(out: &mut Vec<u8>, kind: u8, text: &str) {
    tagged(out, kind, text.as_bytes());
}

fn exact<const N: usize>(octets: &[u8]) -> Result<[u8; N], DecodeError> {
    if octets.len() > N {
        return Err(DecodeError::LeftOver);
    }
    octets.try_into().map_err(|_| DecodeError::CutShort)
}

fn text(octets: &[u8]) -> Result<String, DecodeError> {
    std::str::from_utf8(octets).map(str::to_owned).map_err(|_| DecodeError::NotUtf8)
}

fn decode_bool(octets: &[u8]) -> Result<bool, DecodeError> {
    match exact::<1>(octets)? {
        [0] => Ok(false),
        [1] => Ok(true),
        _ => Err(DecodeError::UnknownForm),
    }
}

fn encode_date(out: &mut Vec<u8>, date: PartialDate) {
    // The first octet after the type says which parts are known, so that year 0 is not "unknown".
    let known = u8::from(date.year.is_some())
        | u8::from(date.month.is_some()) << 1
        | u8::from(date.day.is_some()) << 2;
    out.extend([5, known]);
    out.extend(date.year.unwrap_or(0).to_be_bytes());
    out.extend([date.month.unwrap_or(0) as u8, date.day.unwrap_or(0) as u8]);
}

fn decode_date(octets: &[u8]) -> Result<PartialDate, DecodeError> {
    let [known, y1, y2, month, day] = exact::<5>(octets)?;
    let is_canonical = known < 8
        && (known & 1 != 0 || [y1, y2] == [0, 0])
        && (known & 2 != 0 || month == 0)
        && (known & 4 != 0 || day == 0);
    if !is_canonical {
        return Err(DecodeError::UnknownForm);
    }
    Ok(PartialDate {
        year: (known & 1 != 0).then_some(i16::from_be_bytes([y1, y2])),
        month: (known & 2 != 0).then_some(month as i8),
        day: (known & 4 != 0).then_some(day as i8),
    })
}

fn encode_place(out: &mut Vec<u8>, place: &Place) {
    let parts = [
        place.latitude.map(|n| n.to_be_bytes().to_vec()),
        place.longitude.map(|n| n.to_be_bytes().to_vec()),
        place.words.as_ref().map(|t| t.clone().into_bytes()),
        place.postcode.as_ref().map(|t| t.clone().into_bytes()),
    ];
    out.push(8);
    for (number, part) in (0u8..).zip(parts) {
        if let Some(octets) = part {
            out.push(number);
            put_block(out, &octets);
        }
    }
}

fn decode_place(mut octets: &[u8]) -> Result<Place, DecodeError> {
    let mut place = Place::default();
    let mut least = 0;
    while let Some((part, rest)) = octets.split_first() {
        let (block, rest) = take_block(rest)?;
        // Each part once and in order: otherwise two texts of octets would be the same place.
        if *part < least {
            return Err(DecodeError::UnknownForm);
        }
        least = part.saturating_add(1);
        match part {
            0 => place.latitude = Some(i32::from_be_bytes(exact(block)?)),
            1 => place.longitude = Some(i32::from_be_bytes(exact(block)?)),
            2 => place.words = Some(text(block)?),
            3 => place.postcode = Some(text(block)?),
            _ => return Err(DecodeError::UnknownForm),
        }
        octets = rest;
    }
    Ok(place)
}

fn encode_rows(out: &mut Vec<u8>, rows: &[Body]) {
    out.push(10);
    for row in rows {
        let mut block = Vec::new();
        for (number, slot) in row.slots() {
            block.extend(number.to_be_bytes());
            put_block(&mut block, &slot.encode());
        }
        put_block(out, &block);
    }
}

fn decode_rows(mut octets: &[u8]) -> Result<Vec<Body>, DecodeError> {
    let mut rows = Vec::new();
    while !octets.is_empty() {
        let (block, rest) = take_block(octets)?;
        rows.push(decode_row(block)?);
        octets = rest;
    }
    Ok(rows)
}

fn decode_row(mut octets: &[u8]) -> Result<Body, DecodeError> {
    let mut row = Body::default();
    let mut before = None;
    while !octets.is_empty() {
        let (number, rest) = octets.split_first_chunk::<2>().ok_or(DecodeError::CutShort)?;
        let (block, rest) = take_block(rest)?;
        let number = u16::from_be_bytes(*number);
        if before.is_some_and(|before| number <= before) {
            return Err(DecodeError::UnknownForm);
        }
        before = Some(number);
        row.put(number, crate::body::Slot::decode(block)?);
        octets = rest;
    }
    Ok(row)
}

fn put_block(out: &mut Vec<u8>, octets: &[u8]) {
    out.extend((octets.len() as u32).to_be_bytes());
    out.extend_from_slice(octets);
}

fn take_block(octets: &[u8]) -> Result<(&[u8], &[u8]), DecodeError> {
    let (length, rest) = octets.split_first_chunk::<4>().ok_or(DecodeError::CutShort)?;
    rest.split_at_checked(u32::from_be_bytes(*length) as usize).ok_or(DecodeError::CutShort)
}

/// First octet of a slot that holds no value but the reason why.
pub(crate) const NOT_HELD: u8 = 15;

impl crate::body::Slot {
    /// The canonical octets of this slot.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Held(value) => value.encode(),
            Self::NotHeld(why) => vec![NOT_HELD, *why as u8],
        }
    }

    /// Reads canonical octets back.
    ///
    /// # Errors
    /// [`DecodeError`] for octets that [`crate::body::Slot::encode`] did not make.
    pub fn decode(octets: &[u8]) -> Result<Self, DecodeError> {
        match octets {
            [NOT_HELD, why] => NotHeld::from_number(*why).map(Self::NotHeld).ok_or(DecodeError::UnknownForm),
            _ => Value::decode(octets).map(Self::Held),
        }
    }
}

#[cfg(test)]
mod tests;
