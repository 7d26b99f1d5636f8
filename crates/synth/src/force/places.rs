//! Where people of the synthetic force live: streets of the towns of Lampshire, a county that does
//! not exist, with postcodes in areas that Royal Mail does not use.

use crate::error::SynthError;
use crate::random::Random;
use model::value::Place;
use serde::Deserialize;

/// Towns and names of streets.
#[derive(Debug)]
pub struct Places {
    towns: Vec<(u32, Town)>,
    street_names: Vec<String>,
    street_types: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Town {
    name: String,
    outward: Vec<String>,
    latitude: i32,
    longitude: i32,
    weight: u32,
}

#[derive(Deserialize)]
struct File {
    towns: Vec<Town>,
    street_names: String,
    street_types: String,
}

/// A street of a town, with its one postcode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Street {
    /// Name, for instance `Albert Road`.
    pub name: String,
    /// The town.
    pub town: String,
    /// Postcode, `LX1 2AB`.
    pub postcode: String,
    /// Middle, in millionths of a degree.
    pub latitude: i32,
    /// Middle, in millionths of a degree.
    pub longitude: i32,
}

/// Letters that stand in the inward part of a postcode.
const INWARD: &[u8] = b"ABDEFGHJLNPQRSTUWXYZ";
const COMMITTED: &str = include_str!("../../data/places.toml");

impl Places {
    /// The committed county.
    ///
    /// # Errors
    /// Never for the list of a release: a test reads it.
    pub fn committed() -> Result<Self, SynthError> {
        let file: File =
            toml::from_str(COMMITTED).map_err(|source| SynthError::List { list: "places", source })?;
        let words = |text: &str| text.split_whitespace().map(|word| word.replace('_', " ")).collect();
        Ok(Self {
            towns: file.towns.into_iter().map(|town| (town.weight, town)).collect(),
            street_names: words(&file.street_names),
            street_types: words(&file.street_types),
        })
    }

    /// The streets of a neighbourhood, all in one town.
    #[must_use]
    pub fn streets(&self, seed: u64, neighbourhood: u64) -> Vec<Street> {
        const COUNT: usize = 14;
        let mut random = Random::numbered(seed, "streets", &[neighbourhood]);
        let Some(town) = random.weighted(&self.towns).cloned() else { return Vec::new() };
        let (north, east) = (random.between(-22_000, 22_000), random.between(-34_000, 34_000));
        (0..COUNT).map(|_| self.street(&mut random, &town, north, east)).collect()
    }

    fn street(&self, random: &mut Random, town: &Town, north: i64, east: i64) -> Street {
        let name = random.pick(&self.street_names).map_or("", String::as_str);
        let kind = random.pick(&self.street_types).map_or("", String::as_str);
        let is_whole = name.starts_with("The ");
        let outward = random.pick(&town.outward).cloned().unwrap_or_default();
        let mut letter = || random.pick(INWARD).map_or('A', |letter| char::from(*letter));
        let unit: String = [letter(), letter()].iter().collect();
        Street {
            name: if is_whole { name.to_owned() } else { format!("{name} {kind}") },
            town: town.name.clone(),
            postcode: format!("{outward} {}{unit}", random.below(10)),
            latitude: town.latitude + (north + random.between(-4_000, 4_000)) as i32,
            longitude: town.longitude + (east + random.between(-6_000, 6_000)) as i32,
        }
    }
}

impl Street {
    /// An address in the street.
    pub fn address(&self, random: &mut Random) -> Place {
        let number = 1 + random.ranked(160);
        let street = format!("{number} {}, {}", self.name, self.town);
        let words = match random.below(100) {
            0..16 => format!("Flat {}, {street}", 1 + random.below(24)),
            16..20 => format!("{}A", number) + &street[number.to_string().len()..],
            20..24 => format!("{} House, {street}", self.name.split(' ').next().unwrap_or("Corner")),
            _ => street,
        };
        self.at(random, words, 900)
    }

    /// A point of the street, as it is said to an officer: `Albert Road near the junction …`.
    pub fn point(&self, random: &mut Random) -> Place {
        const WHERE: &[&str] = &[
            "outside the shop",
            "junction with the High Street",
            "by the bus stop",
            "car park",
            "near the school",
        ];
        let detail = random.pick(WHERE).copied().unwrap_or_default();
        self.at(random, format!("{}, {detail}, {}", self.name, self.town), 400)
    }

    /// With the postcode in so many of a thousand, and the coordinates always.
    fn at(&self, random: &mut Random, words: String, postcode_in_a_thousand: u64) -> Place {
        let postcode = random.happens(postcode_in_a_thousand).then(|| self.postcode.clone());
        let latitude = Some(self.latitude + random.between(-900, 900) as i32);
        let longitude = Some(self.longitude + random.between(-1_400, 1_400) as i32);
        Place { latitude, longitude, words: Some(words), postcode }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::identifiers::{self, IdentifierKind, Standing, grid_reference::GridSquare};

    #[test]
    fn every_street_has_a_postcode_of_the_right_form_in_a_county_that_does_not_exist() {
        let places = Places::committed().unwrap();
        for neighbourhood in 0..200 {
            let streets = places.streets(1, neighbourhood);
            assert!(streets.iter().all(|street| street.town == streets[0].town) && streets.len() == 14);
            for street in streets {
                let reading = identifiers::read(IdentifierKind::Postcode, &street.postcode, 2026);
                assert_eq!(reading.standing, Standing::Formed, "{}", street.postcode);
                assert!(street.postcode.starts_with("LX") || street.postcode.starts_with("AX"));
                let at = |millionths: i32| f64::from(millionths) / 1e6;
                assert!(GridSquare::of_degrees(at(street.latitude), at(street.longitude)).is_some());
            }
        }
    }

    #[test]
    fn addresses_have_many_forms() {
        let street = &Places::committed().unwrap().streets(1, 0)[0];
        let mut random = Random::new(5);
        let words: Vec<String> = (0..400).filter_map(|_| street.address(&mut random).words).collect();
        assert!(
            words.iter().any(|words| words.starts_with("Flat "))
                && words.iter().any(|words| words.contains("A "))
        );
        assert!(words.iter().all(|words| words.ends_with(&street.town)));
    }
}
