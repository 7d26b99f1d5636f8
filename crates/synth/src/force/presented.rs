//! How a person is recorded: what was said or seen on one day, right or wrong, and the record that it
//! became.

use super::people::Person;
use jiff::civil::Date;
use model::field::{Code, Identifier};
use model::kinds::nominal::{self, address, date_of_birth, name, phone, warning};
use model::value::{PartialDate, Place};
use model::{Body, NotHeld};

/// One nominal record before it is a body.
#[derive(Debug, Clone, Default)]
pub struct Presented {
    /// Forenames as recorded.
    pub forenames: String,
    /// Surname as recorded.
    pub surname: String,
    /// Further names with their type, for instance (`birth`, `Anna`, `Smith`).
    pub other_names: Vec<(&'static str, String, String)>,
    /// Date of birth as recorded.
    pub born: Option<PartialDate>,
    /// Whether the sex is recorded, and which.
    pub is_female: Option<bool>,
    /// Ethnicity as the person described it, where they were asked.
    pub ethnicity: Option<String>,
    /// Where they live or lived.
    pub address: Option<Place>,
    /// Address before that one.
    pub former_address: Option<Place>,
    /// Telephone number as given.
    pub phone: Option<String>,
    /// PNCID.
    pub pnc_id: Option<String>,
    /// CRO number.
    pub cro: Option<String>,
    /// National Insurance number.
    pub nino: Option<String>,
    /// NHS number.
    pub nhs_number: Option<String>,
    /// Driver number.
    pub driver_number: Option<String>,
    /// What the person looks like.
    pub description: Option<String>,
    /// A warning: marker, year given.
    pub warning: Option<(&'static str, i16)>,
}

impl Presented {
    /// What a careful officer with a document would have recorded.
    #[must_use]
    pub fn of(person: &Person) -> Self {
        let birth = person.birth_surname.as_ref();
        Self {
            forenames: person.name.forenames.clone(),
            surname: person.name.surname.clone(),
            other_names: birth
                .map(|surname| ("birth", person.name.forenames.clone(), surname.clone()))
                .into_iter()
                .collect(),
            born: Some(PartialDate::full(person.born)),
            is_female: Some(person.is_female),
            ..Self::default()
        }
    }

    /// The record.
    #[must_use]
    pub fn body(&self) -> Body {
        let mut body = Body::default();
        body.set(nominal::NAMES, self.names());
        if let Some(born) = self.born {
            let mut row = Body::default();
            row.set(date_of_birth::DATE, born).set(date_of_birth::KNOWN_BY, Code("person".to_owned()));
            body.set(nominal::DATES_OF_BIRTH, vec![row]);
        }
        body.set_some(
            nominal::GENDER,
            self.is_female.map(|is| Code(if is { "female" } else { "male" }.to_owned())),
        );
        match &self.ethnicity {
            Some(code) => body.set(nominal::SELF_DEFINED_ETHNICITY, Code(code.clone())),
            None => body.set_not_held(nominal::SELF_DEFINED_ETHNICITY, NotHeld::NotKnown),
        };
        let addresses: Vec<Body> = [("home", &self.address), ("former-home", &self.former_address)]
            .into_iter()
            .filter_map(|(kind, place)| place.as_ref().map(|place| address_row(kind, place)))
            .collect();
        body.set_some(nominal::ADDRESSES, Some(addresses).filter(|rows| !rows.is_empty()));
        body.set_some(nominal::PHONES, self.phone.as_deref().map(|number| vec![phone_row(number)]));
        body.set_some(nominal::WARNINGS, self.warning.map(|(marker, year)| vec![warning_row(marker, year)]));
        let identifier = |text: &Option<String>| text.clone().map(Identifier);
        body.set_some(nominal::PNC_ID, identifier(&self.pnc_id))
            .set_some(nominal::CRO, identifier(&self.cro))
            .set_some(nominal::NINO, identifier(&self.nino))
            .set_some(nominal::NHS_NUMBER, identifier(&self.nhs_number))
            .set_some(nominal::DRIVER_NUMBER, identifier(&self.driver_number))
            .set_some(nominal::DESCRIPTION, self.description.clone());
        body
    }

    fn names(&self) -> Vec<Body> {
        let first = name_row("legal", &self.forenames, &self.surname);
        let others =
            self.other_names.iter().map(|(kind, forenames, surname)| name_row(kind, forenames, surname));
        std::iter::once(first).chain(others).collect()
    }
}

fn name_row(kind: &str, forenames: &str, surname: &str) -> Body {
    let mut row = Body::default();
    let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    row.set(name::TYPE, Code(kind.to_owned()))
        .set_some(name::FORENAMES, said(forenames))
        .set_some(name::SURNAME, said(surname))
        .set(name::SOURCE, Code("person".to_owned()));
    row
}

fn address_row(kind: &str, place: &Place) -> Body {
    let mut row = Body::default();
    row.set(address::TYPE, Code(kind.to_owned())).set(address::PLACE, place.clone());
    row
}

fn phone_row(number: &str) -> Body {
    let mut row = Body::default();
    row.set(phone::TYPE, Code("mobile".to_owned())).set(phone::NUMBER, Identifier(number.to_owned()));
    row
}

fn warning_row(marker: &str, year: i16) -> Body {
    let given = Date::new(year, 1, 1).unwrap_or(Date::ZERO);
    let year_only = |date: Date| PartialDate { year: Some(date.year()), month: None, day: None };
    let mut row = Body::default();
    row.set(warning::MARKER, Code(marker.to_owned()))
        .set(warning::SOURCE, Code("officer".to_owned()))
        .set(warning::GIVEN, year_only(given))
        .set(warning::REVIEW, PartialDate { year: Some(year + 1), month: None, day: None });
    row
}
