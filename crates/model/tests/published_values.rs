//! Every value that two forces published (data.police.uk, Metropolitan Police 2023 and 2024, City of
//! London Police 2018 to 2020; Open Government Licence v3.0) has a code.

const PUBLISHED: &[(&str, &[&str])] = &[
    ("search-type", &["Person and Vehicle search", "Person search", "Vehicle search"]),
    ("gender", &["Female", "Male", "Other"]),
    ("age-range", &["10-17", "18-24", "25-34", "over 34", "under 10"]),
    (
        "self-defined-ethnicity",
        &[
            "Asian/Asian British - Any other Asian background",
            "Asian/Asian British - Bangladeshi",
            "Asian/Asian British - Chinese",
            "Asian/Asian British - Indian",
            "Asian/Asian British - Pakistani",
            "Black/African/Caribbean/Black British - African",
            "Black/African/Caribbean/Black British - Any other Black/African/Caribbean background",
            "Black/African/Caribbean/Black British - Caribbean",
            "Mixed/Multiple ethnic groups - Any other Mixed/Multiple ethnic background",
            "Mixed/Multiple ethnic groups - White and Asian",
            "Mixed/Multiple ethnic groups - White and Black African",
            "Mixed/Multiple ethnic groups - White and Black Caribbean",
            "Other ethnic group - Any other ethnic group",
            "Other ethnic group - Arab",
            "Other ethnic group - Not stated",
            "White - Any other White background",
            "White - English/Welsh/Scottish/Northern Irish/British",
            "White - Gypsy or Irish Traveller",
            "White - Irish",
        ],
    ),
    ("officer-defined-ethnicity", &["Asian", "Black", "Other", "White"]),
    (
        "stop-search-power",
        &[
            "Criminal Justice and Public Order Act 1994 (section 60)",
            "Firearms Act 1968 (section 47)",
            "Misuse of Drugs Act 1971 (section 23)",
            "Police and Criminal Evidence Act 1984 (section 1)",
            "Police and Criminal Evidence Act 1984 (section 6)",
            "Psychoactive Substances Act 2016 (s36(2))",
        ],
    ),
    (
        "object-of-search",
        &[
            "Anything to threaten or harm anyone",
            "Article for use in theft",
            "Articles for use in criminal damage",
            "Controlled drugs",
            "Crossbows",
            "Evidence of offences under the Act",
            "Firearms",
            "Fireworks",
            "Offensive weapons",
            "Psychoactive substances",
            "Stolen goods",
        ],
    ),
    (
        "stop-outcome",
        &[
            "A no further action disposal",
            "Arrest",
            "Caution (simple or conditional)",
            "Community resolution",
            "Khat or Cannabis warning",
            "Penalty Notice for Disorder",
            "Summons / charged by post",
        ],
    ),
    (
        "crime-type",
        &[
            "Anti-social behaviour",
            "Bicycle theft",
            "Burglary",
            "Criminal damage and arson",
            "Drugs",
            "Other crime",
            "Other theft",
            "Possession of weapons",
            "Public order",
            "Robbery",
            "Shoplifting",
            "Theft from the person",
            "Vehicle crime",
            "Violence and sexual offences",
        ],
    ),
    (
        "crime-outcome",
        &[
            "Action to be taken by another organisation",
            "Awaiting court outcome",
            "Court case unable to proceed",
            "Court result unavailable",
            "Defendant found not guilty",
            "Defendant sent to Crown Court",
            "Formal action is not in the public interest",
            "Further action is not in the public interest",
            "Further investigation is not in the public interest",
            "Investigation complete; no suspect identified",
            "Local resolution",
            "Offender deprived of property",
            "Offender fined",
            "Offender given a caution",
            "Offender given a drugs possession warning",
            "Offender given community sentence",
            "Offender given conditional discharge",
            "Offender given penalty notice",
            "Offender given suspended prison sentence",
            "Offender otherwise dealt with",
            "Offender sent to prison",
            "Status update unavailable",
            "Suspect charged",
            "Suspect charged as part of another case",
            "Unable to prosecute suspect",
            "Under investigation",
        ],
    ),
];

#[test]
fn every_published_value_has_a_code() {
    for (id, values) in PUBLISHED {
        let list = model::codes::list(id).unwrap_or_else(|| panic!("no list {id}"));
        let unknown: Vec<_> = values.iter().filter(|value| list.from_source(value).is_none()).collect();
        assert!(unknown.is_empty(), "{id} does not know {unknown:?}");
    }
}
