//! Files of records over the API: in, out, in quarantine, and erased one at a time.

use crate::support::{Answer, Call, Force, MAKER, Store, get, on_both_stores, post};
use serde_json::{Value, json};
use std::path::PathBuf;

on_both_stores! {
    one_file_is_erased_and_the_others_and_the_record_stay
    the_erasure_of_a_file_is_closed_where_its_record_goes_first
}

const SECRET: &str = "the interview was at Quillfeather Lock";

fn files(reference: &str) -> String {
    format!("/api/v1/records/{reference}/attachments")
}

async fn add(force: &Force, reference: &str, name: &str, content: &str) -> Answer {
    force.call("records-reviewer", Call::new("POST", files(reference)).brings(name, content)).await
}

fn objects(force: &Force) -> Vec<PathBuf> {
    let folder = force.folder.path().join("force").join("attachments");
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test]
async fn a_file_comes_in_is_listed_and_goes_out_to_be_saved() {
    // A file may be larger than any other body.
    let force = Force::with(|options| options.most_octets = 20_000).await;
    let reference = force.vehicle("AB12 CDE", json!({})).await;
    let content = format!("{SECRET}{}", " ".repeat(3 << 20));
    let added = add(&force, &reference, "C:\\cases\\Café 1.pdf", &content).await.good();
    assert_eq!(added.status, 201);
    let at = added.header("location").to_owned();
    let file = added.json();
    assert_eq!((&file["name"], &file["media_type"]), (&json!("Café 1.pdf"), &json!("text/plain")));
    assert_eq!((&file["named_otherwise"], &file["length"]), (&json!(true), &json!(content.len())));
    assert_eq!((&file["added_by"], &file["malware"]), (&json!("records-reviewer"), &json!("not-searched")));
    let listed = force.call("officer", get(&files(&reference))).await.good().json();
    assert_eq!(listed["attachments"], json!([file]));
    let opened = force.call("officer", get(&at)).await.good();
    assert_eq!(opened.text, content);
    assert_eq!(opened.header("content-type"), "text/plain");
    assert_eq!(opened.header("content-disposition"), "attachment; filename*=UTF-8''Caf%C3%A9%201.pdf");
    assert_eq!(opened.header("x-content-type-options"), "nosniff");
    assert_eq!(opened.header("content-length"), content.len().to_string());
    assert_eq!(opened.header("cache-control"), "no-store");
    assert!(opened.header("content-security-policy").ends_with("sandbox"));
    force.call("officer", get(&at).without("bluelamp-purpose")).await.is_problem(403, "no-purpose");
    // On disk it lies sealed.
    for object in objects(&force) {
        let sealed = std::fs::read(object).unwrap();
        assert!(!sealed.windows(12).any(|run| run == b"Quillfeather"));
    }
}

#[tokio::test]
async fn what_cannot_be_taken_is_told_and_leaves_nothing() {
    let force = Force::with(|options| options.most_octets_of_file = 100).await;
    let reference = force.vehicle("AB12 CDE", json!({})).await;
    add(&force, &reference, "note.txt", &"x".repeat(101)).await.is_problem(413, "too-large");
    let said = Call::new("POST", files(&reference)).brings("note.txt", "x").with("content-length", "101");
    force.call("records-reviewer", said).await.is_problem(413, "too-large");
    add(&force, &reference, "..", "x").await.is_problem(422, "unusable");
    let nameless = Call::new("POST", files(&reference)).brings("x", "x").without("bluelamp-file-name");
    force.call("records-reviewer", nameless).await.is_problem(400, "malformed");
    let json =
        Call::new("POST", files(&reference)).brings("x", "{}").with("content-type", "application/json");
    force.call("records-reviewer", json).await.is_problem(415, "wrong-media-type");
    let none = "0192f0c0-0000-7000-8000-000000000000";
    force.call("officer", get(&format!("{}/{none}", files(&reference)))).await.is_problem(404, "not-found");
    force.call("officer", get(&format!("{}/none", files(&reference)))).await.is_problem(404, "not-found");
    for _ in 0..50 {
        if objects(&force).is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(objects(&force), Vec::<PathBuf>::new());
    let whole = add(&force, &reference, "empty.txt", "").await.good().json();
    assert_eq!(whole["length"], 0);
}

#[tokio::test]
async fn an_altered_file_is_broken_off() {
    let force = Force::new().await;
    let reference = force.vehicle("AB12 CDE", json!({})).await;
    let at = add(&force, &reference, "note.txt", SECRET).await.good().header("location").to_owned();
    let object = objects(&force).pop().unwrap();
    let mut sealed = std::fs::read(&object).unwrap();
    sealed[3] ^= 1;
    std::fs::write(object, sealed).unwrap();
    assert!(force.broken_off("officer", get(&at)).await);
}

async fn one_file_is_erased_and_the_others_and_the_record_stay(store: Store) {
    let force = Force::on(store).await;
    let reference = force.vehicle("AB12 CDE", json!({})).await;
    let record = format!("/api/v1/records/{reference}");
    let kept = add(&force, &reference, "kept.txt", "what stays").await.good().json();
    let gone = add(&force, &reference, "Quillfeather interview.txt", SECRET).await.good().json();
    let id = gone["id"].as_str().unwrap();
    let plan = |body: Value| post(&format!("{record}/erasures"), body);
    let ground = "DPA 2018 s.47(1)(a)";
    let both = plan(json!({ "ground": ground, "field": "make", "attachment": id }));
    force.call(MAKER, both).await.is_problem(422, "unusable");
    let none = plan(json!({ "ground": ground, "attachment": "0192f0c0-0000-7000-8000-000000000000" }));
    force.call(MAKER, none).await.is_problem(404, "not-found");
    let one = plan(json!({ "ground": ground, "attachment": id }));
    force.call("officer", one.clone()).await.is_problem(403, "role");
    let planned = force.call(MAKER, one.clone()).await.good();
    let at = planned.header("location").to_owned();
    assert!(planned.text.contains("other files stay") && !planned.text.contains("Quillfeather"));
    force.call(MAKER, one).await.is_problem(409, "not-now");
    force.call(MAKER, Call::new("POST", format!("{at}/approval"))).await.is_problem(409, "not-now");
    force.call("auditor", Call::new("POST", format!("{at}/approval"))).await.good();
    let done = force.call(MAKER, Call::new("POST", format!("{at}/run"))).await.good();
    assert!(!done.text.contains("Quillfeather"));
    let done = done.json();
    assert_eq!((&done["state"], &done["attachment"]), (&json!("done"), &json!(id)));
    let certificate = &done["certificate"];
    assert_eq!((&certificate["attachment"], &certificate["field"]), (&json!(id), &Value::Null));
    assert_eq!((&certificate["versions"], &certificate["keys_destroyed"]), (&json!(0), &json!(1)));
    let place = |name: &str| {
        let places = done["places"].as_array().unwrap();
        places.iter().find(|place| place["place"] == name).unwrap().clone()
    };
    assert_eq!(place("attachments")["before"], 1);
    assert!(place("keystore")["before"].as_u64().unwrap() > 0);
    assert!(done["places"].as_array().unwrap().iter().all(|place| place["after"] == 0), "{done}");
    assert_eq!(objects(&force).len(), 1);
    force.call(MAKER, get(&format!("{}/{id}", files(&reference)))).await.is_problem(404, "not-found");
    let listed = force.call("officer", get(&files(&reference))).await.good().json();
    assert_eq!(listed["attachments"], json!([kept]));
    let stays = format!("{}/{}", files(&reference), kept["id"].as_str().unwrap());
    assert_eq!(force.call("officer", get(&stays)).await.good().text, "what stays");
    let opened = force.call("officer", get(&record)).await.good();
    assert_eq!((opened.header("etag"), &opened.json()["fields"]["make"]), ("\"v1\"", &json!("Ford")));
    let found = post("/api/v1/searches", json!({ "query": "make:ford" }));
    assert_eq!(force.call("officer", found).await.good().json()["total"], 1);
    let health = force.call("administrator", get("/api/v1/health")).await.good().json();
    assert_eq!(health["well"], true, "{health}");
}

/// A file whose record goes leaves its own erasure with nothing to do.
async fn the_erasure_of_a_file_is_closed_where_its_record_goes_first(store: Store) {
    let force = Force::on(store).await;
    let reference = force.vehicle("AB12 CDE", json!({})).await;
    let file = add(&force, &reference, "note.txt", SECRET).await.good().json();
    let plan = |body: Value| post(&format!("/api/v1/records/{reference}/erasures"), body);
    let of_file = plan(json!({ "ground": "DPA 2018 s.47(1)(a)", "attachment": file["id"] }));
    let of_file = force.call(MAKER, of_file).await.good().header("location").to_owned();
    let whole = plan(json!({ "ground": "DPA 2018 s.47(1)(a)" }));
    let whole = force.call(MAKER, whole).await.good();
    assert!(whole.text.contains("1 file(s)"), "{}", whole.text);
    let whole = whole.header("location").to_owned();
    for job in [&of_file, &whole] {
        force.call("auditor", Call::new("POST", format!("{job}/approval"))).await.good();
    }
    force.call(MAKER, Call::new("POST", format!("{whole}/run"))).await.good();
    let closed = force.call(MAKER, get(&of_file)).await.good().json();
    assert_eq!((&closed["state"], &closed["closed"]["by"]), (&json!("closed"), &json!("the system")));
    assert_eq!(objects(&force).len(), 0);
}
