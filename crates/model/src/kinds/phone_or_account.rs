//! A telephone number or an account by which people communicate or pay: what the field calls a
//! communications address. The handset is an object; who uses or subscribes to it stands on links.

use super::provenance;
use crate::derived::show;
use crate::field::{Code, Identifier, Rule};
use crate::identifiers::IdentifierKind;
use crate::kind::{Basis, DefaultAccess, Retention, day};
use crate::value::PartialDate;
use crate::{About, Body, SearchAs, When, kind};

const TELEPHONE: When = When::OneOf(TYPE.number(), &["mobile", "landline", "pager"]);

kind! {
    PhoneOrAccount = 8, "phone-or-account", shape 1,
    title: "Phone or account", plural: "Phones and accounts", prefix: "PA",
    basis: Basis {
        power: "Common law duties of a constable; Police Act 1996 s.39A; communications data only as authorised under the Investigatory Powers Act 2016 Part 3",
        purpose: "prevention, investigation, detection and prosecution of crime, and safeguarding against threats to public security (DPA 2018 s.31)",
        schedule_8: None,
    },
    retention: Retention {
        rule: "Police information: minimum period, then scheduled review", review_after_months: 72,
        source: "Code of Practice on Police Information and Records Management 2023; APP: review group decides",
        sure: "recalled",
    },
    access: DefaultAccess {
        view: &["officer", "supervisor", "analyst", "intelligence-officer", "custody-officer", "case-builder", "records-reviewer", "data-protection-officer"],
        create: &["officer", "supervisor", "analyst", "intelligence-officer", "custody-officer", "case-builder", "records-reviewer"],
        change: &["officer", "supervisor", "analyst", "intelligence-officer", "records-reviewer"],
    },
    summary: summary,
    fields {
        1 TYPE: Code {
            label: "Type", about: About::Event, class: Fact, list: "phone-or-account-type", search: SearchAs::Exact,
            require: &[Rule {
                name: "phone-or-account-type", when: When::Always, from: day(2018, 5, 25), until: None,
                law: "DPA 2018 s.37: adequate; s.38(1): accurate", stops: true, mend: "Choose what it is."
            }]
        }
        2 NUMBER: Identifier {
            label: "Telephone number", about: About::Own, class: Fact, identifies: IdentifierKind::Phone, search: SearchAs::Exact,
            hint: "As it was given, foreign numbers with + and the country.",
            require: &[Rule {
                name: "number-or-handle", when: When::Not(&When::Any(&[When::Answered(HANDLE.number()), When::Answered(SERVICE_ID.number())])),
                from: day(2018, 5, 25), until: None, law: "DPA 2018 s.37: adequate; s.38(1): accurate", stops: true,
                mend: "Give the telephone number, the name of the account, or the identity that the service gives it."
            }]
        }
        3 HANDLE: String {
            label: "Name of the account", about: About::Own, class: Fact, search: SearchAs::Exact,
            hint: "An e-mail address, a user name, an account number with its sort code, a wallet address."
        }
        4 SERVICE: String {
            label: "Service, network or bank", about: About::Event, class: Fact, search: SearchAs::Words
        }
        5 SERVICE_ID: String {
            label: "Identity given by the service", about: About::Own, class: Fact, search: SearchAs::Exact,
            hint: "What stays where a user name changes: a user ID, an IMSI, a SIM number."
        }
        6 DISPLAY_NAME: String {
            label: "Name displayed", about: About::Own, class: Allegation, search: SearchAs::Name,
            hint: "What the account calls itself; it need not be true."
        }
        7 PREPAID: bool { label: "Prepaid", about: About::Event, class: Fact, reveal: TELEPHONE }
        8 IN_USE_FROM: PartialDate { label: "Known in use from", about: About::Own, class: Fact, search: SearchAs::Date }
        9 IN_USE_UNTIL: PartialDate { label: "Known in use until", about: About::Own, class: Fact, search: SearchAs::Date }
        10 AUTHORISATION: String {
            label: "Authorisation for communications data", about: About::Event, class: Fact, search: SearchAs::Exact,
            disclose: false, hint: "The reference under the Investigatory Powers Act 2016 Part 3, where what is held came from an operator."
        }
        11 NOTE: String { label: "Note", about: About::Mixed, class: Opinion, search: SearchAs::Words, disclose: false }
        12 PROVENANCE: Vec<Body> {
            label: "Where this came from", about: About::Event, class: Fact, group: &provenance::GROUP
        }
    }
}

/// Number or name of the account, type, service.
fn summary(body: &Body) -> String {
    let kind = body.get(TYPE).map(|code| show::code_label("phone-or-account-type", &code.0));
    let number = body.get(NUMBER).map(|number| number.0);
    let name = number.or_else(|| body.get(HANDLE)).or_else(|| body.get(SERVICE_ID));
    show::joined([name, kind, body.get(SERVICE)], "Phone or account of which nothing is held")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derived::{index, validate};

    const ON: jiff::civil::Date = day(2024, 3, 1);

    fn of_type(code: &str) -> Body {
        let mut body = Body::default();
        body.set(TYPE, Code(code.into()));
        body
    }

    #[test]
    fn one_way_to_tell_it_from_others_is_enough() {
        for field in [HANDLE, SERVICE_ID] {
            let mut body = of_type("messaging");
            body.set(field, "lamp.lighter".to_owned());
            assert_eq!(validate::problems(&KIND, &body, ON), []);
        }
        let problems = validate::problems(&KIND, &of_type("mobile"), ON);
        assert_eq!(problems.iter().map(|problem| problem.rule).collect::<Vec<_>>(), ["number-or-handle"]);
    }

    #[test]
    fn a_number_is_found_in_its_canonical_form() {
        let mut body = of_type("mobile");
        body.set(NUMBER, Identifier("07700 900 123".into()));
        let exact = index::document(&KIND, &body, ON).exact;
        assert!(exact.contains(&("number".to_owned(), "+447700900123".to_owned())));
        assert_eq!((KIND.summary)(&body), "07700 900 123, Mobile telephone number");
    }
}
