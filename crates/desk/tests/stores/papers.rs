//! Papers: what is said of them at the desk, and by the verifier over an export of the log.

use crate::support::{House, car, on_both_stores, reference};
use desk::find::{DisclosureRequest, Form};
use desk::papers::{Agreement, Brought, Code, Printed, Standing, Which};
use desk::record::{Edit, Written, editable};
use desk::{DeskError, Session};
use model::Labels;
use model::kinds::{stop_and_search, vehicle};
use synth::force::{Force, Plan};
use vault::Plain;

on_both_stores! {
    a_paper_is_genuine_until_a_letter_of_it_is_altered
    a_paper_is_superseded_by_a_later_version_and_recalled_by_a_person
    a_paper_is_recalled_when_what_it_says_is_erased_and_nothing_of_it_stays
    files_that_go_out_carry_their_code
}

async fn standing(house: &House, code: &Code) -> Standing {
    house.desk().check_paper(&code.to_string(), Brought::Nothing).await.unwrap().standing
}

async fn compare(house: &House, code: &Code, brought: Brought<'_>) -> Agreement {
    house.desk().check_paper(&code.to_string(), brought).await.unwrap().agreement
}

/// What the verifier says of a paper, by an export that is made now.
async fn verified(house: &House, name: &str, code: &Code, brought: witness::Brought) -> witness::PaperReport {
    let folder = house.beside(name);
    let auditor = house.auditor.for_purpose("DPA 2018 s.62(4)(a)");
    house.desk().export_log(&auditor, &folder, "the overseer").await.unwrap();
    let export = witness::Export::open(&folder).unwrap();
    let report = export.verify(&witness::Trust::default()).unwrap();
    assert!(report.good, "{report}");
    export.paper(&witness::Code::parse(&code.to_string()).unwrap(), &brought).unwrap()
}

async fn made(house: &House) -> Written {
    house.make(&vehicle::KIND, car(17), Labels::default()).await.unwrap()
}

async fn printed(house: &House, who: &Session, made: &Written) -> Printed {
    house.desk().print_record(who, made.version.record).await.unwrap()
}

async fn change(house: &House, made: &Written) {
    let opened: Plain = house.desk().open_record(&house.reviewer, made.version.record).await.unwrap();
    let mut body = editable(&opened);
    body.set(vehicle::MODEL, "Transit".to_owned());
    let edit = Edit {
        record: made.version.record,
        before: made.version.version,
        body,
        labels: None,
        anew: Vec::new(),
        reason: "seen again".to_owned(),
    };
    house.desk().change_record(&house.reviewer, edit).await.unwrap();
}

async fn a_paper_is_genuine_until_a_letter_of_it_is_altered(house: House) {
    let made = made(&house).await;
    let printed = printed(&house, &house.officer, &made).await;
    let (paper, words) = (&printed.paper, printed.sections[1].text());
    assert!(words.contains("AB17") && words.contains("Ford"), "{words}");
    let checked = house.desk().check_paper(&paper.code.to_string(), Brought::Nothing).await.unwrap();
    assert_eq!((checked.standing, checked.agreement), (Standing::Genuine, Agreement::NotCompared));
    let about = checked.about.unwrap();
    assert_eq!((about.count, about.sections), (1, printed.sections.len()));
    let altered = words.replace("Ford", "Fort");
    let beside = desk::papers::beside(&paper.parts[1]);
    for (brought, agreement) in [
        (Brought::Section(2, &words), Agreement::Same),
        (Brought::Section(2, &words.to_uppercase()), Agreement::Same),
        (Brought::Section(2, &altered), Agreement::Altered),
        (Brought::Section(1, &words), Agreement::Altered),
        (Brought::Section(9, &words), Agreement::Altered),
        (Brought::Section(0, &words), Agreement::Altered),
        (Brought::Beside(2, &beside), Agreement::Same),
        (Brought::Beside(1, &beside), Agreement::Altered),
        (Brought::File(words.as_bytes()), Agreement::Altered),
    ] {
        assert_eq!(compare(&house, &paper.code, brought).await, agreement, "{brought:?}");
    }
    let unknown = house.desk().check_paper("0123-4567-89AB-CDE4", Brought::Section(2, &words)).await.unwrap();
    assert_eq!((unknown.standing, unknown.about), (Standing::Unknown, None));
    let wrong = house.desk().check_paper("0123-4567-89AB-CDE5", Brought::Nothing).await.unwrap_err();
    assert!(wrong.to_string().contains("a letter or digit of it is wrong"), "{wrong}");

    let by_hand = |words: &str| witness::Brought::Section(2, words.to_owned());
    let good = verified(&house, "good", &paper.code, by_hand(&words)).await;
    assert!(good.is_good() && good.agreement == witness::Agreement::Same, "{good}");
    assert_eq!((good.leaf, good.count), (Some(paper.leaf), Some(1)));
    assert_eq!(good.what.as_deref(), Some("print of a record"));
    let bad = verified(&house, "bad", &paper.code, by_hand(&altered)).await;
    assert_eq!((bad.is_good(), bad.altered_sections), (false, vec![2]));
    let other = Code::read("0123-4567-89AB-CDE4").unwrap();
    let unknown = verified(&house, "unknown", &other, witness::Brought::Nothing).await;
    assert_eq!(unknown.standing, witness::Standing::Unknown);
}

async fn a_paper_is_superseded_by_a_later_version_and_recalled_by_a_person(house: House) {
    let made = made(&house).await;
    let first = printed(&house, &house.officer, &made).await.paper;
    change(&house, &made).await;
    assert_eq!(standing(&house, &first.code).await, Standing::Superseded);
    let report = verified(&house, "superseded", &first.code, witness::Brought::Nothing).await;
    assert_eq!(report.standing, witness::Standing::Superseded);
    let second = printed(&house, &house.officer, &made).await.paper;
    assert_eq!(standing(&house, &second.code).await, Standing::Genuine);

    let (desk, reviewer) = (house.desk(), &house.reviewer);
    let by_leaf = Which::read(&second.leaf.to_string()).unwrap();
    let refused = desk.recall_paper(&house.officer, &by_leaf, "lost").await.unwrap_err();
    assert!(matches!(refused, DeskError::Refused(_)), "{refused}");
    assert!(desk.recall_paper(reviewer, &by_leaf, " ").await.unwrap_err().to_string().starts_with("reason:"));
    desk.recall_paper(reviewer, &by_leaf, "left on a train").await.unwrap();
    let again = desk.recall_paper(reviewer, &Which::Code(second.code.clone()), "lost").await.unwrap_err();
    assert!(matches!(again, DeskError::NotNow(_)), "{again}");
    let nothing = desk.recall_paper(reviewer, &Which::Leaf(0), "lost").await.unwrap_err();
    assert!(matches!(nothing, DeskError::Unknown(_)), "{nothing}");
    assert_eq!(standing(&house, &second.code).await, Standing::Recalled);
    let report = verified(&house, "recalled", &second.code, witness::Brought::Nothing).await;
    assert_eq!(report.standing, witness::Standing::Recalled);

    let papers = desk.papers_of(reviewer, &reference(&made)).await.unwrap();
    let told: Vec<_> =
        papers.iter().map(|paper| (paper.leaf, paper.standing, paper.reason.as_deref())).collect();
    let expected = [
        (second.leaf, Standing::Recalled, Some("left on a train")),
        (first.leaf, Standing::Superseded, None),
    ];
    assert_eq!(told, expected);
}

async fn a_paper_is_recalled_when_what_it_says_is_erased_and_nothing_of_it_stays(house: House) {
    let (made, kept) = (made(&house).await, made(&house).await);
    let paper = printed(&house, &house.officer, &made).await.paper;
    let other = printed(&house, &house.officer, &kept).await.paper;
    let desk = house.desk();
    let ground = "DPA 2018 s.47(1)(a)";
    let record = made.version.record;
    let planned =
        desk.plan_erasure(&house.reviewer, record, desk::erasure::Part::Whole, ground).await.unwrap();
    desk.approve_erasure(&house.protector, &planned.id).await.unwrap();
    assert_eq!(desk.run_erasure(&house.reviewer, &planned.id).await.unwrap().state.word(), "done");
    let checked = desk.check_paper(&paper.code.to_string(), Brought::Nothing).await.unwrap();
    assert_eq!(checked.standing, Standing::Erased);
    assert!(checked.about.unwrap().recalled.is_some());
    let report = verified(&house, "erased", &paper.code, witness::Brought::Nothing).await;
    assert_eq!(report.standing, witness::Standing::RecalledBecauseErased);
    assert_eq!(standing(&house, &other.code).await, Standing::Genuine, "another record’s paper counts on");
    assert!(!house.items("paper").await.is_empty());

    let field = desk::erasure::Part::Field("make");
    let planned = desk.plan_erasure(&house.reviewer, kept.version.record, field, ground).await.unwrap();
    desk.approve_erasure(&house.protector, &planned.id).await.unwrap();
    desk.run_erasure(&house.reviewer, &planned.id).await.unwrap();
    assert_eq!(standing(&house, &other.code).await, Standing::Erased, "a field that it shows was erased");
    let anew = printed(&house, &house.officer, &kept).await;
    assert_eq!(standing(&house, &anew.paper.code).await, Standing::Genuine);
    assert!(anew.sections[1].text().contains("Erased by law"));
    let report = verified(&house, "anew", &anew.paper.code, witness::Brought::Nothing).await;
    assert_eq!(report.standing, witness::Standing::Genuine);
}

async fn files_that_go_out_carry_their_code(house: House) {
    let made = made(&house).await;
    let (desk, who) = (house.desk(), &house.reviewer);
    for form in [Form::Csv, Form::Json] {
        let request = DisclosureRequest {
            query: "make:ford",
            recipient: "Kent Police",
            ground: "DPA 2018 s.35(2)(b): joint inquiry 17",
            conditions: None,
            leave_out: false,
            most: 10,
            form,
        };
        let given = desk.disclose_answers(who, request).await.unwrap();
        assert!(given.contents.contains(&given.paper), "{}", given.contents);
        let code = Code::read(&given.paper).unwrap();
        let altered = given.contents.replace("AB17", "AB18");
        assert_ne!(altered, given.contents);
        assert_eq!(compare(&house, &code, Brought::File(given.contents.as_bytes())).await, Agreement::Same);
        assert_eq!(compare(&house, &code, Brought::File(altered.as_bytes())).await, Agreement::Altered);
        let name = format!("{form:?}");
        let file = witness::Brought::File(given.contents.into_bytes());
        let report = verified(&house, &name, &code, file).await;
        assert!(report.is_good() && report.agreement == witness::Agreement::Same, "{report}");
    }
    let report = desk.search_list(who, "AB17 CDE\n", 3).await.unwrap();
    let (table, paper) =
        desk.issue_list_report(who, &report, |report, code| report.table(code)).await.unwrap();
    assert!(table.contains(&paper.code.to_string()) && table.contains(&reference(&made)), "{table}");
    assert_eq!(compare(&house, &paper.code, Brought::File(table.as_bytes())).await, Agreement::Same);
    let answers = desk.print_answers(who, "make:ford", desk::find::Wanted::default()).await.unwrap();
    assert!(answers.sections[1].text().contains(&reference(&made)));
    let words = answers.sections[1].text();
    assert_eq!(compare(&house, &answers.paper.code, Brought::Section(2, &words)).await, Agreement::Same);
    change(&house, &made).await;
    for code in [&paper.code, &answers.paper.code] {
        assert_eq!(standing(&house, code).await, Standing::Superseded);
    }
    let refused = desk.print_stop_receipt(&house.officer, made.version.record).await.unwrap_err();
    assert!(refused.to_string().contains("only a stop and search"), "{refused}");
    let mut records = Force::new(Plan { seed: 11, nominals: 4_000 }).unwrap().flat_map(|home| home.records);
    let mut body = records.find(|made| made.kind.number == stop_and_search::KIND.number).unwrap().body;
    body.set(stop_and_search::GROUNDS, "seen to force a door".to_owned());
    body.set(stop_and_search::DESCRIPTION, "a red coat".to_owned());
    let stop = house.make(&stop_and_search::KIND, body, Labels::default()).await.unwrap();
    let receipt = desk.print_stop_receipt(&house.officer, stop.version.record).await.unwrap();
    let said: String = receipt.sections.iter().map(desk::papers::Section::text).collect();
    assert!(said.contains("seen to force a door") && said.contains("Lampshire Police"), "{said}");
    assert!(!said.contains("red coat"), "how somebody was described is not on their receipt: {said}");
}
