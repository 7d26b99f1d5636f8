//! The lists that published stops use, until the model has its own code lists; this file goes then.

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// One code.
pub struct CodeEntry {
    /// As it is stored.
    pub code: String,
}

/// One list of codes, by published spelling.
pub struct CodeList {
    codes: BTreeMap<String, CodeEntry>,
}

impl CodeList {
    /// The entry that a source means.
    #[expect(clippy::wrong_self_convention, reason = "the name that the model's lists have")]
    pub fn from_source(&self, text: &str) -> Option<&CodeEntry> {
        self.codes.get(&folded(text))
    }
}

static LISTS: LazyLock<BTreeMap<&'static str, CodeList>> = LazyLock::new(|| {
    let entry = |text: &&str| (folded(text), CodeEntry { code: slug(text) });
    SPELLINGS.iter().map(|(id, texts)| (*id, CodeList { codes: texts.iter().map(entry).collect() })).collect()
});

/// The list with this name.
pub fn list(id: &str) -> Option<&'static CodeList> {
    LISTS.get(id)
}

fn folded(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

fn slug(text: &str) -> String {
    let text = text.strip_suffix(" search").unwrap_or(text).to_lowercase();
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

const SPELLINGS: &[(&str, &[&str])] = &[
    ("search-type", &["Person search", "Vehicle search", "Person and Vehicle search"]),
    ("gender", &["Male", "Female", "Other"]),
    ("age-range", &["under 10", "10-17", "18-24", "25-34", "over 34"]),
    ("officer-defined-ethnicity", &["White", "Black", "Asian", "Mixed", "Other"]),
    (
        "self-defined-ethnicity",
        &[
            "White - English/Welsh/Scottish/Northern Irish/British",
            "White - Irish",
            "White - Gypsy or Irish Traveller",
            "White - Any other White background",
            "White - Any other White ethnic background",
            "White - White British (W1)",
            "Mixed/Multiple ethnic groups - White and Black Caribbean",
            "Mixed/Multiple ethnic groups - White and Black African",
            "Mixed/Multiple ethnic groups - White and Asian",
            "Mixed/Multiple ethnic groups - Any other Mixed/Multiple ethnic background",
            "Asian/Asian British - Indian",
            "Asian/Asian British - Pakistani",
            "Asian/Asian British - Bangladeshi",
            "Asian/Asian British - Chinese",
            "Asian/Asian British - Any other Asian background",
            "Black/African/Caribbean/Black British - African",
            "Black/African/Caribbean/Black British - Caribbean",
            "Black/African/Caribbean/Black British - Any other Black/African/Caribbean background",
            "Other ethnic group - Arab",
            "Other ethnic group - Any other ethnic group",
            "Other ethnic group - Not stated",
        ],
    ),
    (
        "stop-search-power",
        &[
            "Police and Criminal Evidence Act 1984 (section 1)",
            "Police and Criminal Evidence Act 1984 (section 6)",
            "Misuse of Drugs Act 1971 (section 23)",
            "Criminal Justice and Public Order Act 1994 (section 60)",
            "Firearms Act 1968 (section 47)",
            "Psychoactive Substances Act 2016 (s36(2))",
        ],
    ),
    (
        "object-of-search",
        &[
            "Controlled drugs",
            "Offensive weapons",
            "Stolen goods",
            "Article for use in theft",
            "Articles for use in criminal damage",
            "Evidence of offences under the Act",
            "Anything to threaten or harm anyone",
            "Firearms",
            "Fireworks",
            "Psychoactive substances",
            "Crossbows",
        ],
    ),
    (
        "stop-outcome",
        &[
            "A no further action disposal",
            "Nothing found - no further action",
            "Arrest",
            "Community resolution",
            "Summons / charged by post",
            "Penalty Notice for Disorder",
            "Khat or Cannabis warning",
            "Caution (simple or conditional)",
        ],
    ),
];
