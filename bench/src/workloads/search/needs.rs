//! Information needs from a file, one line of JSON each: what is typed, what it asks for field by field,
//! and which records answer it.

use super::records::Lines;
use crate::Fault;
use crate::arguments::Part;
use model::{PartialDate, kinds};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The type of the needs of the name test.
pub const NAME_TEST: &str = "name-test";

/// One information need.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// Its name, by which the part that it belongs to is decided.
    pub need: String,
    /// What type of need it is, for instance `name-test` or `phone-wrong-digit`.
    #[serde(rename = "type")]
    pub type_of: String,
    /// What somebody types into one box.
    pub text: String,
    /// The same in our language, field by field, where that can be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fielded: Option<String>,
    /// The same field by field, for engines that have columns; what is not here is looked for as words.
    #[serde(default)]
    pub asks: Asks,
    /// The records that answer it.
    pub relevant: Vec<Relevant>,
    /// What the reader of the figures may want to tell apart: `first-letters-right`, `year-right`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<String>,
}

/// A record that answers a need.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Relevant {
    /// The record.
    pub id: String,
    /// How well: 3 the very record that is meant, 2 another of the same person or thing, 1 one that also
    /// fits what was asked.
    pub grade: u8,
}

/// What a need asks for, field by field.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asks {
    /// Only records of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Names of a person, in any order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<String>,
    /// A date of birth, perhaps in part: `1987`, `1987-03`, `1987-03-04`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<String>,
    /// A telephone number or a part of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// A registration mark or a part of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
    /// Words, in any form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// First day of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Last day of the event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// A circle around a point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub near: Option<Near>,
}

/// A circle.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Near {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Radius.
    pub metres: f64,
}

/// Metres of a degree of latitude.
const METRES: f64 = 111_195.0;

impl Near {
    /// Half the height and half the width of the box around the circle, in degrees.
    pub fn reach(self) -> (f64, f64) {
        let height = self.metres / METRES;
        (height, height / self.latitude.to_radians().cos().max(0.01))
    }

    /// Whether a point, in millionths of a degree, lies in it (on a sphere, flat at this size).
    pub fn holds(self, (latitude, longitude): (i32, i32)) -> bool {
        let north = (f64::from(latitude) / 1e6 - self.latitude) * METRES;
        let scale = METRES * self.latitude.to_radians().cos();
        let east = (f64::from(longitude) / 1e6 - self.longitude) * scale;
        north.hypot(east) <= self.metres
    }
}

impl Asks {
    /// Number of the kind that is asked for.
    pub fn kind_number(&self) -> Option<u16> {
        let kind = self.kind.as_deref()?;
        kinds::ALL.iter().find(|known| known.name == kind).map(|known| known.number)
    }

    /// The date of birth that is asked for.
    pub fn born(&self) -> Option<PartialDate> {
        self.born.as_deref().and_then(PartialDate::parse)
    }

    /// The time that is asked for, in microseconds: from the first, before the last.
    pub fn period(&self) -> Option<(i64, i64)> {
        let day = |text: &Option<String>| text.as_deref().and_then(|text| text.parse().ok());
        let (from, to): (jiff::civil::Date, jiff::civil::Date) = (day(&self.from)?, day(&self.to)?);
        Some((super::flat::micros(from), super::flat::micros(to.tomorrow().unwrap_or(to))))
    }

    /// Whether nothing is asked for field by field.
    pub fn is_plain(&self) -> bool {
        let texts = [&self.names, &self.phone, &self.mark, &self.words, &self.born, &self.from];
        texts.into_iter().all(Option::is_none) && self.near.is_none()
    }

    fn problem(&self) -> Option<String> {
        let wrong = |what: &str, text: &Option<String>, form: &str| {
            format!("“{}” is no {what}: {form} was expected", text.as_deref().unwrap_or_default())
        };
        let is_day = |text: &Option<String>| {
            text.as_deref().is_none_or(|text| text.parse::<jiff::civil::Date>().is_ok())
        };
        if self.kind.is_some() && self.kind_number().is_none() {
            return Some(wrong("kind", &self.kind, "the name of one, for instance nominal,"));
        }
        if self.born.is_some() && self.born().is_none() {
            return Some(wrong("date of birth", &self.born, "1987, 1987-03 or 1987-03-04"));
        }
        let unread = [&self.from, &self.to].into_iter().find(|text| !is_day(text));
        if let Some(text) = unread {
            return Some(wrong("day", text, "2024-03-04"));
        }
        (self.from.is_some() != self.to.is_some()).then(|| "a period has both “from” and “to”".to_owned())
    }
}

impl Need {
    /// The part that it belongs to: by the lowest bit of the first octet of the SHA-256 of its name.
    pub fn part(&self) -> Part {
        let first = Sha256::digest(self.need.as_bytes()).first().copied().unwrap_or_default();
        if first & 1 == 0 { Part::Development } else { Part::Reported }
    }

    fn problem(&self) -> Option<String> {
        if self.need.trim().is_empty() || self.text.trim().is_empty() {
            return Some("“need” and “text” must say something".to_owned());
        }
        if self.relevant.is_empty() {
            return Some(
                "“relevant” names no record: a need that nothing answers measures nothing".to_owned(),
            );
        }
        let ids: BTreeSet<&str> = self.relevant.iter().map(|relevant| relevant.id.as_str()).collect();
        if ids.len() < self.relevant.len() {
            return Some("“relevant” names a record twice".to_owned());
        }
        match self.relevant.iter().find(|relevant| !(1..=3).contains(&relevant.grade)) {
            Some(relevant) => {
                Some(format!("grade {} of {}: 1, 2 or 3 was expected", relevant.grade, relevant.id))
            }
            None => self.asks.problem(),
        }
    }
}

/// Reads the needs of a part, at most so many of each type.
///
/// # Errors
/// A line that is no need, by its number, with what was expected.
pub fn read(path: &Path, part: Part, most: Option<usize>) -> Result<Vec<Need>, Fault> {
    let mut lines = Lines::open(path)?;
    let (mut needs, mut names) = (Vec::new(), BTreeSet::new());
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    while let Some(text) = lines.next()? {
        let need: Need = match serde_json::from_str(text) {
            Ok(need) => need,
            Err(error) => return Err(lines.fault(format!("{error}; see docs/search-quality.md"))),
        };
        if let Some(problem) = need.problem() {
            return Err(lines.fault(problem));
        }
        if !names.insert(need.need.clone()) {
            return Err(lines.fault(format!("the need “{}” stands twice", need.need)));
        }
        if part != Part::All && need.part() != part {
            continue;
        }
        let count = counts.entry(need.type_of.clone()).or_default();
        *count += 1;
        if most.is_none_or(|most| *count <= most) {
            needs.push(need);
        }
    }
    match needs.is_empty() {
        true => Err(format!("{} has no need of the part “{}”", path.display(), part.word()).into()),
        false => Ok(needs),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn all(text: &str, part: Part) -> Result<Vec<Need>, String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        read(file.path(), part, None).map_err(|fault| fault.to_string())
    }

    fn line(name: &str) -> String {
        format!(
            "{{\"need\":\"{name}\",\"type\":\"t\",\"text\":\"x\",\"relevant\":[{{\"id\":\"7\",\"grade\":3}}]}}\n"
        )
    }

    #[test]
    fn each_need_is_in_one_part_and_always_in_the_same() {
        let text: String = (0..200).map(|n| line(&format!("n-{n}"))).collect();
        let development = all(&text, Part::Development).unwrap();
        let reported = all(&text, Part::Reported).unwrap();
        assert_eq!(development.len() + reported.len(), 200);
        assert!((70..130).contains(&reported.len()), "{}", reported.len());
        let part = |name: &str| all(&line(name), Part::All).unwrap()[0].part();
        assert_eq!(part("abc"), Part::Development, "SHA-256 of abc begins with ba");
    }

    #[test]
    fn a_bad_need_is_named_by_its_line() {
        let relevant = "\"relevant\":[{\"id\":\"7\",\"grade\":3}]";
        for (bad, said) in [
            ("{}".to_owned(), "missing field"),
            (line("a").trim().to_owned(), "stands twice"),
            (format!("{{\"need\":\"b\",\"type\":\"t\",\"text\":\" \",{relevant}}}"), "must say something"),
            ("{\"need\":\"b\",\"type\":\"t\",\"text\":\"x\",\"relevant\":[]}".to_owned(), "names no record"),
            (
                "{\"need\":\"b\",\"type\":\"t\",\"text\":\"x\",\"relevant\":[{\"id\":\"7\",\"grade\":4}]}"
                    .to_owned(),
                "grade 4 of 7",
            ),
            (
                format!(
                    "{{\"need\":\"b\",\"type\":\"t\",\"text\":\"x\",\"asks\":{{\"born\":\"march\"}},{relevant}}}"
                ),
                "“march” is no date of birth",
            ),
            (
                format!(
                    "{{\"need\":\"b\",\"type\":\"t\",\"text\":\"x\",\"asks\":{{\"kind\":\"dog\"}},{relevant}}}"
                ),
                "“dog” is no kind",
            ),
        ] {
            let error = all(&format!("{}{bad}\n", line("a")), Part::All).unwrap_err();
            assert!(error.contains("line 2: ") && error.contains(said), "{error}");
        }
    }

    #[test]
    fn a_circle_holds_what_is_within_its_radius() {
        let near = Near { latitude: 52.0, longitude: -1.4, metres: 500.0 };
        // 0.004 degrees north are 445 m; 0.007 degrees east are 479 m at this latitude.
        assert!(near.holds((52_004_000, -1_400_000)) && near.holds((52_000_000, -1_393_000)));
        assert!(!near.holds((52_005_000, -1_400_000)) && !near.holds((52_004_000, -1_393_000)));
    }
}
