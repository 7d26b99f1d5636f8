//! Every route, by every role of the matrix and every label: what each is answered stands in
//! `who_may.txt`, which an overseer can read; it is the same on both stores. A route or a role that is not in it fails the tests,
//! and so does an answer that the access matrix does not give. To people who may not know of a record
//! every answer is, to the octet, that of a record which is not there.

use crate::support::{Answer, Call, Force, GROUP, MAKER, Store, member, on_both_stores, roles};
use law::access::{Act, Action, Matrix};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const LABELS: &[&str] = &["open", "restricted", "sensitive", "covert", "covert-mine"];
const REGENERATE: &str = "BLUELAMP_REGENERATE";

/// What an operation asks of the matrix.
enum Needs {
    /// A token and no more.
    Token,
    /// An act that shows no record.
    Act(Act),
    /// An action on the kind of the record.
    On(Action),
    /// An action on some kind.
    OnSome(Action),
    /// An act, on a record that must be known.
    ActOn(Act),
    /// One of an erasure of a record that must be known.
    OfErasure(Act),
    /// Both: the first asked first.
    RunErasure,
    /// Whoever approves erasures or planned this one; others who erase hear of it.
    WithdrawErasure,
    /// One of two acts: what two persons decide, both may see.
    Either(Act, Act),
    /// To read the kind, and not to read the record.
    BreakGlass,
}

fn needs(operation: &str) -> Needs {
    match operation {
        "whoAmI" | "listKinds" | "explainKind" | "schemaOfKind" | "processingOfKind" | "showMatrix" => {
            Needs::Token
        }
        "makeRecord" => Needs::OnSome(Action::Create),
        "search" | "behindFigure" | "listRecords" => Needs::OnSome(Action::View),
        "beginIntake" | "followIntake" => Needs::OnSome(Action::Intake),
        "openRecord" | "openHistory" | "openVersion" | "compareVersions" => Needs::On(Action::View),
        "listAttachments" | "openAttachment" => Needs::On(Action::View),
        "addAttachment" => Needs::On(Action::Change),
        "breakGlass" => Needs::BreakGlass,
        "changeRecord" => Needs::On(Action::Change),
        "planErasure" => Needs::On(Action::Erase),
        "placeHold" | "liftHold" | "listHolds" => Needs::ActOn(Act::PlaceHold),
        "followErasure" => Needs::OfErasure(Act::FollowErasure),
        "approveErasure" => Needs::OfErasure(Act::ApproveErasure),
        "runErasure" => Needs::RunErasure,
        "withdrawErasure" => Needs::WithdrawErasure,
        "listCertificates" => Needs::Act(Act::FollowErasure),
        "completeness" | "countBrokenGlasses" => Needs::Act(Act::Completeness),
        "listBrokenGlasses" | "reviewBrokenGlass" => Needs::Act(Act::ReviewBreakGlass),
        "listSavedSearches" | "saveSearch" | "runSavedSearch" | "changeSavedSearch" | "removeSavedSearch" => {
            Needs::Act(Act::KeepSearches)
        }
        "searchList" => Needs::Act(Act::SearchList),
        "discloseAnswers" | "recallPaper" => Needs::Act(Act::Disclose),
        "checkPaper" => Needs::Token,
        "printRecord" => Needs::On(Action::View),
        "listPapers" => Needs::ActOn(Act::Disclose),
        "listNotices" | "dismissNotice" => Needs::Act(Act::FollowNotices),
        "proposeGrant" | "withdrawGrant" => Needs::Act(Act::ProposeGrant),
        "approveGrant" => Needs::Act(Act::ApproveGrant),
        "listGrants" => Needs::Either(Act::ProposeGrant, Act::ApproveGrant),
        "proposeMatrix" => Needs::Act(Act::ProposeMatrix),
        "approveMatrix" => Needs::Act(Act::ApproveMatrix),
        "proposeLocalField" | "endLocalField" | "proposeLocalList" => Needs::Act(Act::ProposeLocalField),
        "approveLocalField" | "approveLocalList" => Needs::Act(Act::ApproveLocalField),
        "listLocalFields" | "listLocalLists" | "refuseLocalField" | "refuseLocalList" => {
            Needs::Either(Act::ProposeLocalField, Act::ApproveLocalField)
        }
        "listMatrices" => Needs::Either(Act::ProposeMatrix, Act::ApproveMatrix),
        "listRejects" => Needs::Act(Act::ReworkRejects),
        "openReject" | "discardReject" => Needs::Act(Act::OpenReject),
        "checkpoint" | "proveEntry" => Needs::Act(Act::Checkpoint),
        "eraseEntry" => Needs::Act(Act::EraseLog),
        "exportLog" => Needs::Act(Act::ExportLog),
        "whoTouched" => Needs::Act(Act::ReadLog),
        "listAccounts" | "addAccount" | "lockAccount" | "unlockAccount" | "putInUnit" | "renewToken"
        | "revokeToken" | "changeRoles" | "givePassword" | "countSessions" | "endSessions" => {
            Needs::Act(Act::ManageUsers)
        }
        "health" | "declareClockRight" | "turnKeys" | "searchQuarantine" | "listEscrows" | "removeEscrow" => {
            Needs::Act(Act::Maintain)
        }
        other => panic!("say in `needs` what “{other}” asks of the matrix, and add its rows to who_may.txt"),
    }
}

/// Statuses that say: the door was open. Some calls are made so that they go no further, because
/// nothing of that name is there or things do not stand so.
fn opened(operation: &str) -> &'static [u16] {
    match operation {
        "openReject" | "discardReject" | "eraseEntry" | "followIntake" => &[404],
        "lockAccount" | "unlockAccount" | "putInUnit" | "renewToken" | "revokeToken" | "changeRoles" => {
            &[404]
        }
        "givePassword" | "countSessions" | "endSessions" => &[404],
        "reviewBrokenGlass" | "dismissNotice" | "approveGrant" | "withdrawGrant" | "approveMatrix" => &[404],
        "runSavedSearch" | "changeSavedSearch" | "removeSavedSearch" | "removeEscrow" | "recallPaper" => {
            &[404]
        }
        "approveLocalField" | "refuseLocalField" | "endLocalField" | "approveLocalList"
        | "refuseLocalList" => &[404],
        "beginIntake" | "proposeMatrix" | "proposeLocalField" | "proposeLocalList" => &[422],
        "runErasure" | "declareClockRight" => &[409],
        // Somebody before may have approved it.
        "approveErasure" => &[200, 409],
        // Where it was planned already it is not planned again.
        "planErasure" => &[201, 409],
        "makeRecord" | "addAccount" | "addAttachment" | "proposeGrant" | "saveSearch" => &[201],
        _ => &[200],
    }
}

fn expected(matrix: &Matrix, operation: &str, label: &str, role: &str) -> Vec<u16> {
    let roles = BTreeSet::from([role.to_owned()]);
    let kind = model::kinds::vehicle::KIND.number;
    let hidden: &[u16] = match label {
        "covert" => &[404],
        _ => &[],
    };
    let may = |action| matrix.allows(&roles, kind, action);
    let open = opened(operation).to_vec();
    let known = |open: Vec<u16>| if hidden.is_empty() { open } else { hidden.to_vec() };
    match needs(operation) {
        Needs::Token => open,
        Needs::Act(act) => {
            if matrix.allows_act(&roles, act) {
                open
            } else {
                vec![403]
            }
        }
        Needs::Either(first, second) => {
            if matrix.allows_act(&roles, first) || matrix.allows_act(&roles, second) {
                open
            } else {
                vec![403]
            }
        }
        Needs::WithdrawErasure => {
            let approves = matrix.allows_act(&roles, Act::ApproveErasure);
            match approves || matrix.allows_some(&roles, Action::Erase) {
                true if !hidden.is_empty() => hidden.to_vec(),
                true if approves => open,
                _ => vec![403],
            }
        }
        Needs::BreakGlass => match (may(Action::View), label) {
            (false, _) => vec![403],
            (true, "covert") => vec![404],
            (true, "restricted" | "sensitive") => vec![200],
            // There is no glass before what they may read.
            (true, _) => vec![409],
        },
        Needs::OnSome(action) => {
            if matrix.allows_some(&roles, action) {
                open
            } else {
                vec![403]
            }
        }
        Needs::ActOn(act) | Needs::OfErasure(act) => match matrix.allows_act(&roles, act) {
            true => known(open),
            false => vec![403],
        },
        Needs::RunErasure => match matrix.allows_act(&roles, Act::FollowErasure) {
            true if !hidden.is_empty() => hidden.to_vec(),
            true if may(Action::Erase) => open,
            _ => vec![403],
        },
        Needs::On(action) => match (may(Action::View) || may(action), label) {
            (false, _) => vec![403],
            (true, "covert") => vec![404],
            (true, "restricted" | "sensitive") => vec![403],
            (true, _) if may(action) => open,
            (true, _) => vec![403],
        },
    }
}

/// Records and erasures of one label, for one round of calls.
struct Targets {
    reference: String,
    /// Of another record, so that its holds do not stand in the way of erasures.
    held: String,
    erasure: String,
    /// A file of the record.
    attachment: String,
}

async fn targets(force: &Force, label: &str) -> Targets {
    let labels = match label {
        "open" => json!({}),
        "restricted" => json!({ "groups": [GROUP] }),
        "sensitive" => json!({ "groups": [GROUP], "sensitive": true }),
        _ => json!({ "groups": [GROUP], "covert": true }),
    };
    let reference = force.vehicle("AB12 CDE", labels.clone()).await;
    let held = force.vehicle("CD34 EFG", labels).await;
    let erasure = plan(force, "planErasure", &reference).await;
    let added = force.call(MAKER, add(&reference)).await.good().json();
    let attachment = added["id"].as_str().unwrap().to_owned();
    Targets { reference, held, erasure, attachment }
}

fn add(reference: &str) -> Call {
    let call = Call::new("POST", format!("/api/v1/records/{reference}/attachments"));
    call.brings("note.txt", "seen at the lock")
}

/// The erasure of a field for what is approved, and of the whole record for what is run: what somebody
/// approved before would be run otherwise.
async fn plan(force: &Force, operation: &str, reference: &str) -> String {
    let path = format!("/api/v1/records/{reference}/erasures");
    let call = Call::new("POST", path).sends(match operation {
        "approveErasure" => json!({ "ground": "DPA 2018 s.47(1)(a)", "field": "colour" }),
        _ => json!({ "ground": "DPA 2018 s.47(1)(a)" }),
    });
    let call = call.with("if-match", &etag(force, reference).await);
    let planned = force.call(MAKER, call).await;
    match planned.status.as_u16() {
        // “E-1 of V-0000001-A is planned already, …”
        409 => planned.json()["detail"].as_str().unwrap().split(' ').next().unwrap().to_owned(),
        _ => planned.good().json()["id"].as_str().unwrap().to_owned(),
    }
}

async fn etag(force: &Force, reference: &str) -> String {
    let open = Call::new("GET", format!("/api/v1/records/{reference}"));
    let answer = force.call(MAKER, open).await;
    match answer.status.as_u16() {
        200 => answer.header("etag").to_owned(),
        _ => "\"v1\"".to_owned(),
    }
}

/// A call of an operation by somebody, on targets that may not be there.
async fn call(force: &Force, operation: &str, who: &str, on: &Targets) -> Call {
    let record = format!("/api/v1/records/{}", on.reference);
    let held = format!("/api/v1/records/{}", on.held);
    let get = |path: &str| Call::new("GET", path);
    let post = |path: &str, body: Value| Call::new("POST", path).sends(body);
    let because = json!({ "reason": "litigation" });
    match operation {
        "makeRecord" => {
            post("/api/v1/records", json!({ "kind": "vehicle", "fields": { "description": "blue van" } }))
        }
        "openRecord" => get(&record),
        "openHistory" => get(&format!("{record}/versions")),
        "openVersion" => get(&format!("{record}/versions/1")),
        "compareVersions" => get(&format!("{record}/comparison?before=1&after=1")),
        "whoTouched" => get(&format!("{record}/touches")),
        "changeRecord" => {
            let change = json!({ "fields": { "model": who }, "reason": "seen again" });
            let call = Call::new("PATCH", record).sends(change);
            call.with("if-match", &etag(force, &on.reference).await)
        }
        "placeHold" => post(&format!("{held}/holds"), because),
        "liftHold" => {
            let placed = post(&format!("{held}/holds"), json!({ "reason": "litigation" }));
            let placed = force.call(MAKER, placed).await;
            let hold = match placed.status.as_u16() {
                200 => placed.json()["hold"].as_str().unwrap().to_owned(),
                _ => "0192f0c0-0000-7000-8000-000000000000".to_owned(),
            };
            post(&format!("{held}/holds/{hold}/lift"), because)
        }
        "listHolds" => get(&format!("{held}/holds")),
        "listAttachments" => get(&format!("{record}/attachments")),
        "openAttachment" => get(&format!("{record}/attachments/{}", on.attachment)),
        "addAttachment" => add(&on.reference),
        "searchQuarantine" => Call::new("POST", "/api/v1/quarantine/search"),
        "breakGlass" => post(&format!("{record}/break-glass"), json!({ "reason": "a child is in the van" })),
        "listBrokenGlasses" => get("/api/v1/broken-glasses"),
        "countBrokenGlasses" => get("/api/v1/broken-glasses/figures"),
        "reviewBrokenGlass" => post(
            "/api/v1/broken-glasses/BG-999999/review",
            json!({ "justified": true, "words": "the threat was real" }),
        ),
        "listNotices" => get("/api/v1/notices"),
        "dismissNotice" => Call::new("DELETE", "/api/v1/notices/0192f0c0-0000-7000-8000-000000000000"),
        "listGrants" => get("/api/v1/grants"),
        "proposeGrant" => post(
            "/api/v1/grants",
            json!({ "account": "analyst", "group": "op-other", "until": "2999-12-31", "ground": "seconded" }),
        ),
        "approveGrant" => Call::new("POST", "/api/v1/grants/G-999999/approval"),
        "withdrawGrant" => Call::new("POST", "/api/v1/grants/G-999999/withdrawal"),
        "showMatrix" => get("/api/v1/access-matrix"),
        "listMatrices" => get("/api/v1/access-matrix/proposals"),
        "proposeMatrix" => post("/api/v1/access-matrix/proposals", json!({ "matrix": "everybody may" })),
        "approveMatrix" => {
            post("/api/v1/access-matrix/proposals/none/approval", json!({ "digest": "of no matrix" }))
        }
        "listLocalFields" => get("/api/v1/local-fields"),
        "proposeLocalField" => post(
            "/api/v1/local-fields",
            json!({
                "kind": "vehicle", "name": "No name", "label": "Ward", "type": "text", "about": "event",
                "class": "fact", "source": "Force policy 12",
            }),
        ),
        "approveLocalField" => Call::new("POST", "/api/v1/local-fields/LF-999999/approval"),
        "refuseLocalField" => {
            post("/api/v1/local-fields/LF-999999/refusal", json!({ "why": "asked already" }))
        }
        "endLocalField" => post("/api/v1/local-fields/LF-999999/end", json!({ "why": "the pilot is over" })),
        "listLocalLists" => get("/api/v1/local-lists"),
        "proposeLocalList" => post(
            "/api/v1/local-lists",
            json!({ "name": "area", "title": "Area", "source": "Plan", "sure": "perhaps", "codes": [] }),
        ),
        "approveLocalList" => Call::new("POST", "/api/v1/local-lists/LL-999999/approval"),
        "refuseLocalList" => post("/api/v1/local-lists/LL-999999/refusal", json!({ "why": "not agreed" })),
        "behindFigure" => get("/api/v1/kinds/vehicle/completeness/mark-or-description/answered"),
        "unlockAccount" => Call::new("POST", "/api/v1/accounts/nobody/unlock"),
        "putInUnit" => {
            Call::new("PUT", "/api/v1/accounts/nobody/unit").sends(json!({ "unit": "Response A" }))
        }
        "withdrawErasure" => {
            post(&format!("/api/v1/erasures/{}/withdrawal", on.erasure), json!({ "reason": "not needed" }))
        }
        "planErasure" => post(&format!("{record}/erasures"), json!({ "ground": "DPA 2018 s.47(1)(a)" })),
        "followErasure" => get(&format!("/api/v1/erasures/{}", on.erasure)),
        "approveErasure" => Call::new("POST", format!("/api/v1/erasures/{}/approval", on.erasure)),
        "runErasure" => Call::new("POST", format!("/api/v1/erasures/{}/run", on.erasure)),
        "search" => post("/api/v1/searches", json!({ "query": "make:ford" })),
        "listSavedSearches" => get("/api/v1/saved-searches"),
        "saveSearch" => post("/api/v1/saved-searches", json!({ "name": "fords", "query": "make:ford" })),
        "runSavedSearch" => post("/api/v1/saved-searches/S-999999/run", json!({})),
        "changeSavedSearch" => {
            Call::new("PATCH", "/api/v1/saved-searches/S-999999").sends(json!({ "alert": true }))
        }
        "removeSavedSearch" => Call::new("DELETE", "/api/v1/saved-searches/S-999999"),
        "searchList" => post("/api/v1/searches/list", json!({ "list": "AB12 CDE" })),
        "discloseAnswers" => post(
            "/api/v1/disclosures",
            json!({ "query": "make:nosuch", "recipient": "Kent Police", "ground": "DPA 2018 s.35", "form": "csv" }),
        ),
        "printRecord" => post(&format!("{record}/papers"), json!({})),
        "listPapers" => get(&format!("{record}/papers")),
        "checkPaper" => post("/api/v1/papers/checks", json!({ "code": "0123-4567-89AB-CDE4" })),
        "recallPaper" => post("/api/v1/papers/recalls", json!({ "paper": "99999999", "reason": "lost" })),
        "listRecords" => get("/api/v1/kinds/vehicle/records"),
        "listKinds" => get("/api/v1/kinds"),
        "explainKind" => get("/api/v1/kinds/vehicle"),
        "schemaOfKind" => get("/api/v1/kinds/vehicle/schema"),
        "processingOfKind" => get("/api/v1/kinds/vehicle/processing"),
        "completeness" => get("/api/v1/kinds/vehicle/completeness?check=true"),
        "listCertificates" => get("/api/v1/certificates"),
        "beginIntake" => post("/api/v1/intakes", json!({ "connector": "data-police-uk", "path": "nothing" })),
        "followIntake" => get("/api/v1/intakes/0192f0c0-0000-7000-8000-000000000000"),
        "listRejects" => get("/api/v1/rejects"),
        "openReject" => get("/api/v1/rejects/2024-01-lampshire/0123abcd/0000000002"),
        "discardReject" => {
            post("/api/v1/rejects/2024-01-lampshire/0123abcd/0000000002/discard", json!({ "ground": "old" }))
        }
        "checkpoint" => get("/api/v1/log/checkpoint"),
        "proveEntry" => get("/api/v1/log/entries/0/proof"),
        "eraseEntry" => post("/api/v1/log/entries/99999999/erasure", json!({ "ground": "DPA 2018 s.47" })),
        "exportLog" => post(
            "/api/v1/log/exports",
            json!({ "folder": format!("for {who}"), "recipient": "the overseer" }),
        ),
        "whoAmI" => get("/api/v1/session"),
        "listAccounts" => get("/api/v1/accounts"),
        "addAccount" => {
            post("/api/v1/accounts", json!({ "name": format!("by {who}"), "roles": ["officer"] }))
        }
        "lockAccount" => Call::new("POST", "/api/v1/accounts/nobody/lock"),
        "givePassword" => Call::new("POST", "/api/v1/accounts/nobody/password"),
        "countSessions" => get("/api/v1/accounts/nobody/sessions"),
        "endSessions" => Call::new("DELETE", "/api/v1/accounts/nobody/sessions"),
        "renewToken" => post("/api/v1/accounts/nobody/token", json!({})),
        "revokeToken" => Call::new("DELETE", "/api/v1/accounts/nobody/token"),
        "changeRoles" => {
            Call::new("PUT", "/api/v1/accounts/nobody/roles").sends(json!({ "roles": ["officer"] }))
        }
        "health" => get("/api/v1/health"),
        "declareClockRight" => post("/api/v1/health/clock", json!({ "ground": "compared" })),
        "turnKeys" => Call::new("POST", "/api/v1/keys/turn"),
        "listEscrows" => get("/api/v1/keys/escrows"),
        "removeEscrow" => post("/api/v1/keys/escrows/none/removal", json!({ "ground": "shredded" })),
        other => panic!("say in `call` how “{other}” is called, and add its rows to who_may.txt"),
    }
}

/// Whether what an operation answers may turn on the labels of a record.
fn turns_on_labels(operation: &str) -> bool {
    let of_act =
        matches!(needs(operation), Needs::On(_) | Needs::ActOn(_) | Needs::OfErasure(_) | Needs::RunErasure);
    let of_act = of_act || matches!(needs(operation), Needs::WithdrawErasure | Needs::BreakGlass);
    of_act || operation == "whoTouched"
}

/// An answer without what differs by chance or repeats the name that was asked for.
fn shown(answer: &Answer, on: &Targets) -> (u16, Vec<(String, String)>, String) {
    let mut text = answer.text.clone();
    for name in [&on.reference, &on.held, &on.erasure, &on.attachment] {
        text = text.replace(name.as_str(), "it");
    }
    let headers = answer.headers.iter().filter(|(name, _)| *name != "content-length");
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    (answer.status.as_u16(), headers.collect(), text)
}

fn operations() -> Vec<(String, String)> {
    let document = web::api::document();
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap().to_owned();
            all.push((id, format!("{} {path}", method.to_uppercase())));
        }
    }
    all
}

type Table = BTreeMap<(String, String), BTreeMap<String, u16>>;

on_both_stores! { every_route_answers_every_role_as_the_table_says }

async fn every_route_answers_every_role_as_the_table_says(store: Store) {
    let force = Force::on(store).await;
    let matrix = Matrix::committed().unwrap();
    let mut sets = BTreeMap::new();
    for label in LABELS {
        sets.insert(*label, targets(&force, label).await);
    }
    let kind = model::kinds::by_name("vehicle").unwrap();
    let nothing = |number| model::reference::reference_text(kind, number);
    let nothing = Targets {
        reference: nothing(999_998),
        held: nothing(999_999),
        erasure: "E-999999".into(),
        attachment: "0192f0c0-0000-7000-8000-000000000000".into(),
    };
    let mut table = Table::new();
    for (operation, route) in operations() {
        let labels: &[&str] = if turns_on_labels(&operation) { LABELS } else { &["-"] };
        for label in labels {
            for role in roles() {
                let who = if *label == "covert-mine" { member(&role) } else { role.clone() };
                let set = sets.get_mut(if *label == "-" { "open" } else { label }).unwrap();
                if ["approveErasure", "runErasure", "withdrawErasure"].contains(&operation.as_str()) {
                    set.erasure = plan(&force, &operation, &set.reference).await;
                }
                let asked = call(&force, &operation, &who, set).await;
                let answer = force.call(&who, asked).await;
                let status = answer.status.as_u16();
                let at = format!("{route} ({operation}), {label}, {role}: {}", answer.text);
                assert!(expected(&matrix, &operation, label, &role).contains(&status), "{status} {at}");
                if *label == "covert" && !answer.status.is_success() {
                    let asked = call(&force, &operation, &who, &nothing).await;
                    let not_there = force.call(&who, asked).await;
                    assert_eq!(shown(&answer, set), shown(&not_there, &nothing), "{at}");
                }
                let row = table.entry((route.clone(), (*label).to_owned())).or_default();
                row.insert(role, status);
            }
        }
    }
    compare(&table);
}

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/who_may.txt")
}

fn written(table: &Table) -> String {
    let roles = roles();
    let mut text = String::from(
        "# What each role is answered on each route, by the label of the record: 2xx is done; 403 is refused and told\n\
         # why; 404 is not there, or a secret; 409 and 422 passed the door and stopped at what the test sent.\n\
         # Of the labels, all but open restrict the record to a group of which the roles are no members; with\n\
         # covert-mine they are.\n",
    );
    text += &format!("{:<58} {:<12} {}\n", "route", "label", roles.join(" "));
    for ((route, label), row) in table {
        let cells: Vec<String> =
            roles.iter().map(|role| format!("{:<width$}", row[role], width = role.len())).collect();
        text += format!("{route:<58} {label:<12} {}", cells.join(" ")).trim_end();
        text.push('\n');
    }
    text
}

fn compare(table: &Table) {
    let now = written(table);
    if std::env::var(REGENERATE).is_ok_and(|value| value == "1") {
        std::fs::write(committed(), now).unwrap();
        return;
    }
    let held = std::fs::read_to_string(committed()).unwrap();
    for (old, new) in held.lines().zip(now.lines()) {
        assert_eq!(old, new, "who_may.txt says otherwise; where the change is meant, set {REGENERATE}=1");
    }
    assert_eq!(held.lines().count(), now.lines().count(), "who_may.txt lacks a route or has one too many");
}

/// The table has a cell for every role of the matrix and a row for every route, also when it was
/// edited by hand.
#[test]
fn the_table_misses_no_route_and_no_role() {
    let text = std::fs::read_to_string(committed()).unwrap();
    let mut lines = text.lines().filter(|line| !line.starts_with('#'));
    let head: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    assert_eq!(head[2..], roles(), "a column for each role of the matrix, by name");
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split_whitespace().collect()).collect();
    for (operation, route) in operations() {
        let labels: &[&str] = if turns_on_labels(&operation) { LABELS } else { &["-"] };
        for label in labels {
            let row = rows.iter().find(|row| format!("{} {}", row[0], row[1]) == route && row[2] == *label);
            let row = row.unwrap_or_else(|| panic!("no row for {route}, {label}"));
            assert_eq!(row.len(), 3 + roles().len(), "{route}, {label}");
        }
    }
}
