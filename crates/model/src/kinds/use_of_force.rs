//! Use of force: one officer, one subject, one incident, as the Home Office annual data requirement has forces
//! record it since April 2017.

use super::provenance;
use crate::codes::{DeclaredCode, DeclaredList};
use crate::derived::show;
use crate::field::{Code, Instant, Rule};
use crate::kind::{Asks, Basis, DefaultAccess, Retention, day};
use crate::value::Place;
use crate::{About, Body, SearchAs, When, group, kind};

const fn code(code: &'static str, label: &'static str) -> DeclaredCode {
    DeclaredCode::new(code, label)
}

/// What the lists below rest on: their values are recalled, not read, and are to be confirmed.
const SOURCE: &str = "Home Office annual data requirement on police use of force";

const fn recalled(id: &'static str, title: &'static str, codes: &'static [DeclaredCode]) -> DeclaredList {
    DeclaredList { id, title, source: SOURCE, sure: "recalled", codes }
}

const LISTS: &[DeclaredList] = &[
    recalled(
        "force-location",
        "Kind of place where force was used",
        &[
            code("street", "Street or highway"),
            code("dwelling", "Dwelling"),
            code("custody-block", "Custody block"),
            code("police-station", "Police station, not custody"),
            code("police-vehicle-cage", "Police vehicle with a prisoner cage"),
            code("police-vehicle", "Police vehicle without a prisoner cage"),
            code("licensed-premises", "Licensed premises"),
            code("retail", "Retail premises"),
            code("open-ground", "Open ground, such as a park or car park"),
            code("public-transport", "Public transport"),
            code("hospital", "Hospital, not a mental health setting"),
            code("mental-health-setting", "Mental health setting"),
            code("ambulance", "Ambulance"),
            code("sports", "Sports ground or event"),
            code("other", "Other named place").placeholder(),
        ],
    ),
    recalled(
        "force-reason",
        "Reason for force",
        &[
            code("protect-self", "Protect self"),
            code("protect-officers", "Protect other officers"),
            code("protect-public", "Protect the public"),
            code("protect-subject", "Protect the subject"),
            code("arrest", "Effect an arrest"),
            code("search", "Effect a search"),
            code("prevent-escape", "Prevent an escape"),
            code("prevent-offence", "Prevent an offence"),
            code("prevent-harm", "Prevent harm"),
            code("secure-evidence", "Secure evidence"),
            code("remove-handcuffs", "Remove handcuffs"),
            code("entry", "Force an entry"),
            code("other", "Other").placeholder(),
        ],
    ),
    recalled(
        "force-conduct",
        "Conduct of the subject",
        &[
            code("compliant", "Compliant"),
            code("verbal", "Verbal resistance or gestures"),
            code("passive", "Passive resistance"),
            code("active", "Active resistance"),
            code("assaultive", "Assaultive resistance"),
            code("aggravated", "Serious or aggravated resistance"),
        ],
    ),
    recalled(
        "force-impact-factor",
        "Impact factor",
        &[
            code("alcohol", "Alcohol"),
            code("drugs", "Drugs"),
            code("weapon", "Possession of a weapon"),
            code("mental-health", "Mental health"),
            code("prior-knowledge", "Prior knowledge of the subject"),
            code("build", "Size, sex or build"),
            code("behavioural-disturbance", "Acute behavioural disturbance"),
            code("crowd", "Crowd"),
            code("other", "Other").placeholder(),
            code("none", "None"),
        ],
    ),
    recalled(
        "force-tactic",
        "Tactic",
        &[
            code("handcuffs-compliant", "Handcuffing, compliant"),
            code("handcuffs-not-compliant", "Handcuffing, not compliant"),
            code("unarmed", "Unarmed skills: pressure points, strikes, take-downs"),
            code("ground-restraint", "Ground restraint"),
            code("limb-restraints", "Limb or body restraints"),
            code("communication", "Tactical communication"),
            code("spit-guard", "Spit and bite guard"),
            code("irritant-spray", "Irritant spray"),
            code("baton", "Baton"),
            code("ced", "Conducted energy device (Taser)"),
            code("shield", "Shield"),
            code("dog", "Police dog"),
            code("aep", "Attenuating energy projectile"),
            code("firearm", "Conventional firearm"),
            code("other", "Other or improvised").placeholder(),
        ],
    ),
    recalled(
        "force-ced-use",
        "Use of a conducted energy device",
        &[
            code("drawn", "Drawn"),
            code("aimed", "Aimed"),
            code("red-dotted", "Red-dotted"),
            code("arced", "Arced"),
            code("drive-stun", "Drive stun"),
            code("angle-drive-stun", "Angled drive stun"),
            code("fired", "Fired"),
        ],
    ),
    recalled(
        "force-perceived-age",
        "Age as the officer saw it",
        &[
            code("18-34", "18 to 34"),
            code("35-49", "35 to 49"),
            code("50-64", "50 to 64"),
            code("65-over", "65 and over"),
            code("11-17", "11 to 17"),
            code("0-10", "10 and under"),
        ],
    ),
    recalled(
        "force-perceived-condition",
        "Health condition or disability as the officer saw it",
        &[
            code("none", "None seen"),
            code("mental", "Mental"),
            code("physical", "Physical"),
            code("both", "Mental and physical"),
        ],
    ),
    recalled(
        "force-injury",
        "Injury",
        &[code("none", "None"), code("minor", "Minor"), code("severe", "Severe"), code("fatal", "Fatal")],
    ),
    recalled(
        "force-outcome",
        "Outcome of the incident",
        &[
            code("arrested", "Arrested"),
            code("detained-mental-health", "Detained under the Mental Health Act"),
            code("hospital", "Taken to hospital"),
            code("escaped", "Made off or escaped"),
            code("died", "Died"),
            code("no-action", "No further action"),
            code("other", "Other").placeholder(),
        ],
    ),
    DeclaredList {
        id: "force-medical-aid",
        title: "Medical aid",
        source: "Force policy",
        sure: "force policy",
        codes: &[
            code("not-needed", "Not needed"),
            code("declined", "Offered and declined"),
            code("by-officers", "Given by officers"),
            code("by-professional", "Given by a healthcare professional"),
            code("not-offered", "Needed and not offered"),
        ],
    },
    DeclaredList {
        id: "force-officer-role",
        title: "Duty of the officer",
        source: "Force policy",
        sure: "force policy",
        codes: &[
            code("response", "Response"),
            code("neighbourhood", "Neighbourhood"),
            code("custody", "Custody"),
            code("public-order", "Public order"),
            code("firearms", "Armed response"),
            code("dogs", "Dog handler"),
            code("roads", "Roads policing"),
            code("detective", "Detective"),
            code("off-duty", "Off duty"),
            code("other", "Other").placeholder(),
        ],
    },
];

/// One reason for the force.
pub mod reason {
    use super::*;

    group! {
        "force-reason", title: "Reason",
        fields {
            1 REASON: Code {
                label: "Reason", about: About::Own, class: Opinion, list: "force-reason", search: SearchAs::Exact
            }
        }
    }
}

/// One thing that bore on the decision to use force.
pub mod impact_factor {
    use super::*;

    group! {
        "force-impact-factor", title: "Impact factor",
        fields {
            1 FACTOR: Code {
                label: "Impact factor", about: About::Own, class: Opinion, sensitive: true,
                list: "force-impact-factor", search: SearchAs::Exact
            }
        }
    }
}

/// One way in which a conducted energy device was used.
pub mod ced_use {
    use super::*;

    group! {
        "force-ced-use", title: "Use of the device",
        fields {
            1 USE: Code {
                label: "Use of the device", about: About::Own, class: Fact, list: "force-ced-use", search: SearchAs::Exact
            }
        }
    }
}

/// One tactic; the rows are in the order in which they were used.
pub mod tactic {
    use super::*;

    const CAN_BE_DRAWN: When =
        When::OneOf(TACTIC.number(), &["irritant-spray", "baton", "ced", "aep", "firearm"]);
    const IS_CED: When = When::OneOf(TACTIC.number(), &["ced"]);

    group! {
        "force-tactic", title: "Tactic",
        fields {
            1 TACTIC: Code {
                label: "Tactic", about: About::Own, class: Fact, list: "force-tactic", search: SearchAs::Exact,
                require: &[Rule {
                    name: "force-tactic-named", when: When::Always, from: day(2017, 4, 1), until: None,
                    law: SOURCE, stops: false, mend: "Choose the tactic."
                }]
            }
            2 DRAWN_ONLY: bool {
                label: "Drawn and not used", about: About::Own, class: Fact, search: SearchAs::Exact, reveal: CAN_BE_DRAWN,
                require: &[Rule {
                    name: "force-drawn-only", when: CAN_BE_DRAWN, from: day(2017, 4, 1), until: None,
                    law: SOURCE, stops: false, mend: "Say whether it was drawn and not used."
                }]
            }
            3 CED_USES: Vec<Body> {
                label: "How the device was used", about: About::Own, class: Fact, group: &ced_use::GROUP, reveal: IS_CED,
                require: &[Rule {
                    name: "force-ced-use", when: IS_CED, from: day(2017, 4, 1), until: None,
                    law: SOURCE, stops: false, mend: "Say how the device was used."
                }]
            }
            4 EFFECTIVE: bool {
                label: "Effective", about: About::Own, class: Opinion,
                require: &[Rule {
                    name: "force-effective", when: When::Always, from: day(2017, 4, 1), until: None,
                    law: SOURCE, stops: false, mend: "Say whether the tactic was effective."
                }]
            }
        }
    }
}

/// What came of the incident.
pub mod outcome {
    use super::*;

    group! {
        "force-outcome", title: "Outcome",
        fields {
            1 OUTCOME: Code {
                label: "Outcome", about: About::Own, class: Fact, list: "force-outcome", search: SearchAs::Exact
            }
        }
    }
}

/// The subject was a child, as far as the officer could see.
pub const CHILD: When = When::OneOf(PERCEIVED_AGE.number(), &["0-10", "11-17"]);
const SUBJECT_INJURED: When = When::OneOf(SUBJECT_INJURY.number(), &["minor", "severe", "fatal"]);
const OFFICER_INJURED: When = When::OneOf(OFFICER_INJURY.number(), &["minor", "severe", "fatal"]);
const IN_MENTAL_HEALTH_SETTING: When = When::OneOf(LOCATION_TYPE.number(), &["mental-health-setting"]);
const NO_VIDEO: When = When::IsNot(BODY_WORN_VIDEO.number());

kind! {
    UseOfForce = 10, "use-of-force", shape 1,
    title: "Use of force", plural: "Uses of force", prefix: "UF",
    basis: Basis {
        power: "Criminal Law Act 1967 s.3; PACE 1984 s.117; common law; record: Home Office annual data requirement",
        purpose: "prevention, investigation and detection of crime, and safeguarding against threats to public security (DPA 2018 s.31)",
        schedule_8: Some("Sch.8 para 1: statutory purposes"),
    },
    retention: Retention {
        rule: "Use of force record", review_after_months: 84,
        source: "Limitation Act 1980 with a margin; force policy decides",
        sure: "force policy",
    },
    access: DefaultAccess {
        view: &["officer", "supervisor", "analyst", "custody-officer", "records-reviewer", "data-protection-officer"],
        create: &["officer", "supervisor", "custody-officer", "records-reviewer"],
        change: &["officer", "supervisor", "custody-officer", "records-reviewer"],
    },
    happened: AT,
    lists: LISTS,
    roles: &[code("subject-of-force-in", "Subject of force in"), code("used-force-in", "Used force in")],
    asks: &[
        Asks { title: "The incident", fields: &[AT.number(), PLACE.number(), LOCATION_TYPE.number()] },
        Asks { title: "What was done", fields: &[TACTICS.number(), CONDUCT.number()] },
        Asks { title: "Why", fields: &[REASONS.number(), IMPACT_FACTORS.number(), ACCOUNT.number()] },
        Asks {
            title: "The subject, as you saw them",
            fields: &[
                PERCEIVED_AGE.number(), PERCEIVED_SEX.number(), PERCEIVED_ETHNICITY.number(),
                PERCEIVED_CONDITION.number(), NAME.number(), SAFEGUARDING_REFERRAL.number(),
            ]
        },
        Asks {
            title: "Injuries and medical aid",
            fields: &[
                SUBJECT_INJURY.number(), SUBJECT_AID.number(), OFFICER_INJURY.number(), OFFICER_ASSAULTED.number(),
                OFFICER_AID.number(),
            ]
        },
        Asks {
            title: "What came of it",
            fields: &[
                OUTCOMES.number(), BODY_WORN_VIDEO.number(), VIDEO_REFERENCE.number(), NO_VIDEO_BECAUSE.number(),
                OFFICER.number(), OFFICER_ROLE.number(), SINGLE_CREWED.number(),
            ]
        },
    ],
    summary: summary,
    fields {
        1 AT: Instant {
            label: "Date and time", about: About::Event, class: Fact, search: SearchAs::Date,
            require: &[Rule {
                name: "force-date", when: When::Always, from: day(2017, 4, 1), until: None,
                law: "DPA 2018 s.39(2): the time limit for review runs from the event", stops: true,
                mend: "Give the date and time of the incident."
            }]
        }
        2 PLACE: Place {
            label: "Place", about: About::Event, class: Fact, search: SearchAs::Place,
            require: &[Rule {
                name: "force-place", when: When::Always, from: day(2017, 4, 1), until: None,
                law: SOURCE, stops: false, mend: "Give the place where force was used."
            }]
        }
        3 LOCATION_TYPE: Code {
            label: "Kind of place", about: About::Event, class: Fact, list: "force-location", search: SearchAs::Exact,
            named_by: PLACE,
            require: &[Rule {
                name: "force-location", when: When::Always, from: day(2017, 4, 1), until: None,
                law: SOURCE, stops: false, mend: "Choose the kind of place. “Other” needs the place named."
            }]
        }
        4 TACTICS: Vec<Body> {
            label: "Tactics", about: About::Own, class: Fact, group: &tactic::GROUP,
            hint: "In the order in which they were used.",
            require: &[Rule {
                name: "force-tactics", when: When::Always, from: day(2017, 4, 1), until: None,
                law: SOURCE, stops: false, mend: "Give each tactic, in the order of use."
            }]
        }
        5 REASONS: Vec<Body> {
            label: "Reasons for force", about: About::Own, class: Opinion, group: &reason::GROUP,
            require: &[Rule {
                name: "force-reasons", when: When::Always, from: day(2017, 4, 1), until: None,
                law: SOURCE, stops: false, mend: "Choose each reason for the force."
            }]
        }
        6 IMPACT_FACTORS: Vec<Body> {
            label: "Impact factors", about: About::Own, class: Opinion, sensitive: true, group: &impact_factor::GROUP,
            require: &[Rule {
                name: "force-impact-factors", when: When::Always, from: day(2017, 4, 1), until: None,
                law: SOURCE, stops: false, mend: "Choose what bore on the decision; “none” is an answer."
            }]
        }
        7 CONDUCT: Code {
            label: "Conduct of the subject", about: About::Own, class: Opinion, list: "force-conduct", search: SearchAs::Exact,
            hint: "The most serious that was met.",
            require: &[Rule {
                name: "force-conduct", when: When::Always, from: day(2017, 4, 1), until: None,
                law: SOURCE, stops: false, mend: "Choose how the subject behaved."
            }]
        }
        8 PERCEIVED_AGE: Code {
            label: "Age", about: About::Own, class: Opinion, list: "force-perceived-age", search: SearchAs::Exact,
            require: &[Rule {
                name: "force-age", when: When::Always, from: day(2017, 4, 1), until: None,
                law: SOURCE, stops: false, mend: "Choose how old the subject seemed to be."
            }]
        }
        9 PERCEIVED_SEX: Code {
            label: "Sex", about: About::Own, class: Opinion, list: "gender", search: SearchAs::Exact,
            require: &[Rule {
                name: "force-sex", when: When::Always, from: day(2017, 4, 1), until: None,
                law: SOURCE, stops: false, mend: "Choose the sex as you saw it."
            }]
        }
        10 PERCEIVED_ETHNICITY: Code {
            label: "Ethnicity", about: About::Own, class: Opinion, sensitive: true,
            list: "officer-defined-ethnicity", search: SearchAs::Exact,
            require: &[Rule {
                name: "force-ethnicity", when: When::Always, from: day(2017, 4, 1), until: None,
                law: SOURCE, stops: false, mend: "Choose the ethnicity as you saw it."
            }]
        }
        11 PERCEIVED_CONDITION: Code {
            label: "Health condition or disability", about: About::Own, class: Opinion, sensitive: true,
            list: "force-perceived-condition", search: SearchAs::Exact,
            require: &[Rule {
                name: "force-condition", when: When::Always, from: day(2017, 4, 1), until: None,
                law: SOURCE, stops: false, mend: "Say whether a condition or disability could be seen; “none seen” is an answer."
            }]
        }
        12 NAME: String { label: "Name, where known", about: About::Own, class: Fact, search: SearchAs::Name }
        13 ACCOUNT: String {
            label: "What happened", about: About::Own, class: Opinion, search: SearchAs::Words,
            hint: "What you saw and believed, and why no less force would have done.",
            require: &[Rule {
                name: "force-account", when: When::Always, from: day(2017, 4, 1), until: None,
                law: "Criminal Law Act 1967 s.3(1); Criminal Justice and Immigration Act 2008 s.76: reasonable in the circumstances",
                stops: false, mend: "Say why the force was necessary."
            }]
        }
        14 SAFEGUARDING_REFERRAL: String {
            label: "Safeguarding referral", about: About::Own, class: Fact, search: SearchAs::Exact, reveal: CHILD,
            hint: "Reference of the referral that was made for the child.",
            require: &[Rule {
                name: "force-on-child-referral", when: CHILD, from: day(2017, 4, 1), until: None,
                law: "Children Act 2004 s.11; force policy for the referral", stops: false,
                mend: "Give the reference of the safeguarding referral."
            }]
        }
        15 SUBJECT_INJURY: Code {
            label: "Injury of the subject", about: About::Own, class: Fact, sensitive: true, list: "force-injury",
            search: SearchAs::Exact,
            require: &[Rule {
                name: "force-subject-injury", when: When::Always, from: day(2017, 4, 1), until: None,
                law: SOURCE, stops: false, mend: "Say whether the subject was injured; “none” is an answer."
            }]
        }
        16 SUBJECT_AID: Code {
            label: "Medical aid for the subject", about: About::Own, class: Fact, sensitive: true, list: "force-medical-aid",
            search: SearchAs::Exact, reveal: SUBJECT_INJURED,
            require: &[Rule {
                name: "force-subject-aid", when: SUBJECT_INJURED, from: day(2017, 4, 1), until: None,
                law: SOURCE, stops: false, mend: "Say what medical aid was offered and given."
            }]
        }
        17 OFFICER_INJURY: Code {
            label: "Injury of the officer", about: About::Officer, class: Fact, sensitive: true, disclose: false,
            list: "force-injury", search: SearchAs::Exact,
            require: &[Rule {
                name: "force-officer-injury", when: When::Always, from: day(2017, 4, 1), until: None,
                law: SOURCE, stops: false, mend: "Say whether the officer was injured; “none” is an answer."
            }]
        }
        18 OFFICER_ASSAULTED: bool {
            label: "Injured on purpose", about: About::Mixed, class: Allegation, reveal: OFFICER_INJURED
        }
        19 OFFICER_AID: Code {
            label: "Medical aid for the officer", about: About::Officer, class: Fact, sensitive: true, disclose: false,
            list: "force-medical-aid", reveal: OFFICER_INJURED
        }
        20 OUTCOMES: Vec<Body> {
            label: "Outcomes", about: About::Own, class: Fact, group: &outcome::GROUP,
            require: &[Rule {
                name: "force-outcomes", when: When::Always, from: day(2017, 4, 1), until: None,
                law: SOURCE, stops: false, mend: "Choose what came of the incident."
            }]
        }
        21 BODY_WORN_VIDEO: bool {
            label: "Body-worn video was on", about: About::Event, class: Fact, search: SearchAs::Exact,
            require: &[
                Rule {
                    name: "force-video", when: When::Always, from: day(2017, 4, 1), until: None,
                    law: "College of Policing guidance on body-worn video; force policy decides", stops: false,
                    mend: "Say whether body-worn video was on."
                },
                Rule {
                    name: "force-video-in-mental-health-unit", when: IN_MENTAL_HEALTH_SETTING,
                    from: day(2022, 3, 31), until: None,
                    law: "Mental Health Units (Use of Force) Act 2018 s.12, section and day as recalled", stops: false,
                    mend: "Say whether body-worn video was on in the mental health unit."
                },
            ]
        }
        22 VIDEO_REFERENCE: String {
            label: "Reference of the video", about: About::Event, class: Fact, search: SearchAs::Exact, disclose: false,
            reveal: When::Is(BODY_WORN_VIDEO.number())
        }
        23 NO_VIDEO_BECAUSE: String {
            label: "Why there is no video", about: About::Event, class: Fact, reveal: NO_VIDEO,
            require: &[Rule {
                name: "force-no-video-reason", when: NO_VIDEO, from: day(2017, 4, 1), until: None,
                law: "College of Policing guidance on body-worn video; force policy decides", stops: false,
                mend: "Say why there is no video."
            }]
        }
        24 OFFICER: String {
            label: "Officer who used force", about: About::Officer, class: Fact, search: SearchAs::Exact, disclose: false,
            hint: "One record for each officer. Warrant number and station where a name would endanger.",
            require: &[Rule {
                name: "force-officer", when: When::Always, from: day(2017, 4, 1), until: None,
                law: SOURCE, stops: false, mend: "Name the officer, or give warrant number and station."
            }]
        }
        25 OFFICER_ROLE: Code {
            label: "Duty of the officer", about: About::Officer, class: Fact, list: "force-officer-role", search: SearchAs::Exact,
            require: &[Rule {
                name: "force-officer-role", when: When::Always, from: day(2017, 4, 1), until: None,
                law: SOURCE, stops: false, mend: "Choose what the officer was there as."
            }]
        }
        26 SINGLE_CREWED: bool { label: "Alone on patrol", about: About::Officer, class: Fact }
        27 PROVENANCE: Vec<Body> {
            label: "Where this came from", about: About::Event, class: Fact, group: &provenance::GROUP
        }
    }
}

/// Date, first tactic, conduct and place.
fn summary(body: &Body) -> String {
    let at = body.get(AT).map(|at| show::instant(at.0));
    let first = body.get(TACTICS).and_then(|tactics| tactics.first()?.get(tactic::TACTIC));
    let first = first.map(|code| show::code_label("force-tactic", &code.0));
    let conduct = body.get(CONDUCT).map(|code| show::code_label("force-conduct", &code.0));
    let place = body.get(PLACE).map(|place| show::place(&place));
    show::joined([at, first, conduct, place], "Use of force of which nothing is held")
}

#[cfg(test)]
mod tests;
