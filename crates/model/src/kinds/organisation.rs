//! An organisation as the force knows it: a company, a school, a gang. Who works for it, belongs to
//! it or owns it stands on links, and so does whether a crime was done to it.

pub mod name;
pub mod premises;

use super::nominal::phone;
use super::provenance;
use crate::derived::show;
use crate::field::{Code, Rule};
use crate::kind::{Basis, DefaultAccess, Retention, day};
use crate::{About, Body, SearchAs, When, kind};

kind! {
    Organisation = 7, "organisation", shape 1,
    title: "Organisation", plural: "Organisations", prefix: "ORG",
    basis: Basis {
        power: "Common law duties of a constable; Police Act 1996 s.39A (code of practice on police information)",
        purpose: "prevention, investigation, detection and prosecution of crime (DPA 2018 s.31)",
        schedule_8: Some("Sch.8 para 1: statutory purposes"),
    },
    retention: Retention {
        rule: "Police information: minimum period, then scheduled review", review_after_months: 72,
        source: "Code of Practice on Police Information and Records Management 2023; APP: review group decides",
        sure: "recalled",
    },
    access: DefaultAccess {
        view: &["officer", "supervisor", "analyst", "intelligence-officer", "custody-officer", "case-builder", "records-reviewer", "data-protection-officer"],
        create: &["officer", "supervisor", "analyst", "intelligence-officer", "custody-officer", "case-builder", "records-reviewer"],
        change: &["officer", "supervisor", "intelligence-officer", "records-reviewer"],
    },
    summary: summary,
    fields {
        1 NAMES: Vec<Body> {
            label: "Names", about: About::Event, class: Fact, group: &name::GROUP,
            hint: "Every name that it has used, the present one first.",
            require: &[Rule {
                name: "organisation-name", when: When::Not(&When::Answered(DESCRIPTION.number())),
                from: day(2018, 5, 25), until: None, law: "DPA 2018 s.37: adequate; s.38(1): accurate", stops: true,
                mend: "Give a name, or describe an organisation whose name is not known."
            }]
        }
        2 TYPE: Code {
            label: "Type of organisation", about: About::Event, class: Fact, list: "organisation-type", search: SearchAs::Exact,
            hint: "To belong to some is sensitive (DPA 2018 s.35(8)): say so on the link, and only where strictly necessary."
        }
        3 ASSESSED_AS: Code {
            label: "Assessed as", about: About::Mixed, class: Assessment, sensitive: true, disclose: false,
            list: "organisation-assessment", search: SearchAs::Exact,
            hint: "What the force judges it to be; the judgement and its grounds belong to an intelligence report."
        }
        4 COMPANY_NUMBER: String {
            label: "Company number", about: About::Event, class: Fact, search: SearchAs::Exact,
            hint: "Of Companies House: 8 digits, or 2 letters and 6 digits."
        }
        5 CHARITY_NUMBER: String { label: "Charity number", about: About::Event, class: Fact, search: SearchAs::Exact }
        6 PREMISES: Vec<Body> { label: "Premises", about: About::Event, class: Fact, group: &premises::GROUP }
        7 PHONES: Vec<Body> { label: "Telephone numbers", about: About::Own, class: Fact, group: &phone::GROUP }
        8 EMAIL: String { label: "E-mail address", about: About::Own, class: Fact, search: SearchAs::Exact }
        9 WEBSITE: String { label: "Website", about: About::Event, class: Fact, search: SearchAs::Exact }
        10 DESCRIPTION: String { label: "Description", about: About::Mixed, class: Opinion, search: SearchAs::Words, disclose: false }
        11 PROVENANCE: Vec<Body> {
            label: "Where this came from", about: About::Event, class: Fact, group: &provenance::GROUP
        }
    }
}

/// The first name held, the type, and the first premises.
fn summary(body: &Body) -> String {
    let names = body.get(NAMES).unwrap_or_default();
    let premises = body.get(PREMISES).unwrap_or_default();
    let kind = body.get(TYPE).map(|code| show::code_label("organisation-type", &code.0));
    let place = premises.first().and_then(|row| row.get(premises::PLACE)).map(|place| show::place(&place));
    let parts = [names.first().and_then(|row| row.get(name::NAME)), kind, place];
    show::joined(parts, "Organisation whose name is not held")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derived::{index, validate};

    const ON: jiff::civil::Date = day(2024, 3, 1);

    fn named(text: &str) -> Body {
        let mut row = Body::default();
        row.set(name::NAME, text.to_owned());
        let mut body = Body::default();
        body.set(NAMES, vec![row]).set(TYPE, Code("retail".into()));
        body
    }

    #[test]
    fn a_name_or_a_description_is_enough() {
        assert_eq!(validate::problems(&KIND, &named("Larch & Sons"), ON), []);
        let mut described = Body::default();
        described.set(DESCRIPTION, "Car wash behind the station, no sign".to_owned());
        assert_eq!(validate::problems(&KIND, &described, ON), []);
        let problems = validate::problems(&KIND, &Body::default(), ON);
        assert_eq!(problems.iter().map(|problem| problem.rule).collect::<Vec<_>>(), ["organisation-name"]);
    }

    #[test]
    fn it_is_found_by_the_words_of_its_name_and_told_by_it() {
        let document = index::document(&KIND, &named("Larch & Sons"), ON);
        assert!(document.words.contains(&("names.name".to_owned(), "Larch & Sons".to_owned())));
        assert_eq!((KIND.summary)(&named("Larch & Sons")), "Larch & Sons, Shop or retailer");
    }

    #[test]
    fn what_the_force_judges_it_to_be_is_an_assessment_and_not_disclosed_without_review() {
        let field = KIND.field(ASSESSED_AS.number()).unwrap();
        assert_eq!(field.class, crate::Class::Assessment);
        assert!(field.is_sensitive && !field.may_disclose);
    }
}
