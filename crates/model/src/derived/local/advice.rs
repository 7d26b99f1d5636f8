//! What whoever proposes or approves a field should look at once more. None of it stops anybody: two persons
//! decide.

use super::LocalField;
use crate::derived::Fields;
use crate::kind::Kind;

/// Words that speak of what is sensitive processing (DPA 2018 s.35(8)), under what they speak of. One with a
/// hyphen behind it is the beginning of a word.
const SPECIAL: &[(&str, &[&str])] = &[
    (
        "race or ethnic origin",
        &["race", "racial-", "ethnic-", "nationalit-", "skin", "traveller-", "gypsy", "roma"],
    ),
    ("political opinions", &["politic-", "party", "activis-", "extremis-"]),
    ("religious or philosophical beliefs", &["relig-", "faith", "belief-", "church", "mosque", "philosoph-"]),
    ("trade union membership", &["union", "unions"]),
    ("genetic or biometric data", &["genetic-", "biometric-", "dna", "fingerprint-", "iris", "facial"]),
    (
        "health",
        &[
            "health-",
            "medic-",
            "illness-",
            "disab-",
            "mental-",
            "diagnos-",
            "pregnan-",
            "drug-",
            "alcohol-",
            "injur-",
            "allerg-",
            "autis-",
            "suicid-",
            "harm",
            "blood",
            "hiv",
            "vulnerab-",
            "neurodiver-",
        ],
    ),
    ("sex life or sexual orientation", &["sexual-", "orientation", "lgbt-", "gay", "lesbian", "transgender"]),
];

/// What to look at once more before this field is proposed or approved.
#[must_use]
pub fn advice(kind: &Kind, field: &LocalField) -> Vec<String> {
    let found =
        [special_category(field), opinion_of_nobody(field), of_several(field), same_label(kind, field)];
    found.into_iter().flatten().collect()
}

fn special_category(field: &LocalField) -> Option<String> {
    if field.sensitive == Some(true) {
        return None;
    }
    let said = [Some(field.name.as_str()), field.label.as_deref(), field.help.as_deref()];
    let said: Vec<String> = said.into_iter().flatten().flat_map(words).collect();
    let is_of = |meant: &str| match meant.strip_suffix('-') {
        Some(beginning) => said.iter().any(|word| word.starts_with(beginning)),
        None => said.iter().any(|word| word == meant),
    };
    let (what, _) = SPECIAL.iter().find(|(_, meant)| meant.iter().any(|meant| is_of(meant)))?;
    Some(format!(
        "It looks like {what}, which is sensitive processing (DPA 2018 s.35(8)), and is not marked so. Mark it \
         sensitive, or be sure that it is not."
    ))
}

fn opinion_of_nobody(field: &LocalField) -> Option<String> {
    let is_of_nobody = field.about.as_deref() == Some("event") && field.class.as_deref() != Some("fact");
    is_of_nobody.then(|| {
        "It is an opinion, allegation or assessment, and about no person. Where it is about one, an access request \
         must find it (DPA 2018 s.45): say whose personal data it is."
            .to_owned()
    })
}

fn of_several(field: &LocalField) -> Option<String> {
    let goes_unread = field.long && field.about.as_deref() != Some("mixed") && field.disclose != Some(false);
    goes_unread.then(|| {
        "A long text often speaks of several people, and this one would go to its subject unread. Say that it is \
         about several people, or that a reviewer reads it first."
            .to_owned()
    })
}

fn same_label(kind: &Kind, field: &LocalField) -> Option<String> {
    let folded = |label: &str| label.trim().to_lowercase();
    let label = folded(field.label.as_deref()?);
    let is_same =
        Fields::of(kind).iter().any(|other| other.number != field.number && folded(other.label) == label);
    is_same.then(|| {
        format!("{} has a field with this label already: people will mistake one for the other.", kind.title)
    })
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::FIRST_LOCAL_FIELD;
    use crate::kinds::stop_and_search as stop;

    fn field(label: &str) -> LocalField {
        LocalField {
            number: FIRST_LOCAL_FIELD,
            name: "asked".into(),
            label: Some(label.into()),
            about: Some("own".into()),
            class: Some("fact".into()),
            ..LocalField::default()
        }
    }

    #[test]
    fn what_looks_like_a_special_category_is_told() {
        for (label, what) in [
            ("Religion", "beliefs"),
            ("Known disabilities", "health"),
            ("Member of a union", "trade union"),
            ("Ethnicity as stated", "ethnic"),
        ] {
            let told = advice(&stop::KIND, &field(label));
            assert!(told.len() == 1 && told[0].contains(what), "{label}: {told:?}");
            let marked = LocalField { sensitive: Some(true), ..field(label) };
            assert_eq!(advice(&stop::KIND, &marked), Vec::<String>::new(), "{label}");
        }
        for label in ["Ward", "Body-worn video used", "Racecourse", "Reunion"] {
            assert_eq!(advice(&stop::KIND, &field(label)), Vec::<String>::new(), "{label}");
        }
    }

    #[test]
    fn a_label_of_ours_and_an_opinion_of_nobody_are_told() {
        let told = advice(&stop::KIND, &field("Place"));
        assert!(told[0].contains("has a field with this label already"), "{told:?}");
        let of_nobody =
            LocalField { about: Some("event".into()), class: Some("opinion".into()), ..field("Mood") };
        assert!(advice(&stop::KIND, &of_nobody)[0].contains("say whose personal data"));
        let long = LocalField { long: true, ..field("Account") };
        assert!(advice(&stop::KIND, &long)[0].contains("several people"));
    }
}
