//! Use of force at the pages. Nothing of them was written for it: form, list, search and completeness follow from
//! its declaration.

use crate::pages::{main_of, says, says_not};
use crate::support::person::Person;
use crate::support::{Force, get};
use axum::http::StatusCode;

/// Fills in the form as an officer does who drew a device on a boy of about fifteen.
async fn recorded(person: &mut Person<'_>) {
    person.follows("Uses of force").await;
    person.follows("New: use of force").await;
    person.types("place.words", "Outside the Lamp, Lampton");
    person.chooses("location-type", "licensed-premises");
    person.chooses("tactics[1].tactic", "ced");
    person.chooses("tactics[1].drawn-only", "yes");
    person.chooses("tactics.ced-uses.use", "red-dotted");
    person.chooses("tactics.ced-uses.use", "drawn");
    person.chooses("tactics[1].effective", "yes");
    person.chooses("conduct", "active");
    person.chooses("reasons.reason", "protect-public");
    person.chooses("reasons.reason", "arrest");
    person.chooses("impact-factors.factor", "weapon");
    person.types("account", "Brandished a paring knife at passers-by.");
    person.chooses("perceived-age", "11-17");
    person.chooses("perceived-sex", "male");
    person.chooses("perceived-ethnicity", "white");
    person.chooses("perceived-condition", "none");
    person.chooses("subject-injury", "none");
    person.chooses("officer-injury", "none");
    person.chooses("outcomes.outcome", "arrested");
    person.chooses("body-worn-video", "no");
    person.types("no-video-because", "The camera had no charge left.");
    person.chooses("officer-role", "response");
    person.presses("Save").await;
}

#[tokio::test]
async fn force_is_recorded_found_listed_and_counted_by_its_declaration_alone() {
    let force = Force::new().await;
    let mut person = Person::at(force.browser("officer").await, "/records").await;
    recorded(&mut person).await;
    let saved = person.page().clone();
    says(&saved, "Saved. The record is in the log");
    says(&saved, "Conducted energy device (Taser)");
    says(&saved, "Give the reference of the safeguarding referral.");
    says_not(&saved, "Give the place where force was used.");

    let mut supervisor = force.browser("supervisor").await;
    let listed = supervisor.opens("/kinds/use-of-force").await.good();
    let rest = main_of(&listed).split("href=\"/records/").nth(1).unwrap();
    let reference = rest.split('"').next().unwrap().to_owned();
    assert!(reference.starts_with("UF-"), "{reference}");
    let found = supervisor.sends("/search", "/search", &[("query", "paring knife")]).await;
    says(&found, &format!("/records/{reference}"));
    says(&supervisor.opens("/completeness").await, "Uses of force");
    let missing = supervisor.opens("/completeness/use-of-force/force-on-child-referral/missing").await.good();
    says(&missing, &reference);

    let read = force.call("officer", get(&format!("/api/v1/records/{reference}"))).await.good();
    for said in ["protect-public", "arrest", "red-dotted", "drawn"] {
        says(&read, &format!("\"{said}\""));
    }

    let form = supervisor.opens(&format!("/records/{reference}/edit")).await.good();
    let checked = form.text.matches("type=\"checkbox\"").count();
    assert!(checked > 20 && main_of(&form).contains("checked"), "any of a few answers are checkboxes");
    let mut stranger = force.browser("case-builder").await;
    assert_eq!(stranger.opens("/new/use-of-force").await.status, StatusCode::FORBIDDEN);
    assert_eq!(stranger.opens(&format!("/records/{reference}")).await.status, StatusCode::FORBIDDEN);
}
