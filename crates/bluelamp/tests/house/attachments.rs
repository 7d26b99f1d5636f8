//! Attachments: sealed on disk, typed by content, searched for malware, and gone with their record.

use crate::support::{House, Store, on_both_stores, text, verify};
use serde_json::json;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

on_both_stores! { one_file_is_erased_alone_and_the_log_forgets_its_digest }

const SECRET: &str = "the interview was at Quillfeather Lock";

/// A file beside the deployment.
fn file(house: &House, name: &str, content: &[u8]) -> String {
    let path = house.beside(name);
    fs::write(&path, content).unwrap();
    text(&path)
}

fn objects(house: &House) -> Vec<PathBuf> {
    fs::read_dir(house.data().join("attachments")).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// A scanner that finds the word EICAR, and speaks as a clamd does; it ends with the test's process.
fn scanner(socket: &Path) {
    let listener = UnixListener::bind(socket).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            answer(stream.unwrap());
        }
    });
}

fn answer(mut stream: UnixStream) {
    let mut command = [0u8; 10];
    stream.read_exact(&mut command).unwrap();
    assert_eq!(&command, b"zINSTREAM\0");
    let mut content = Vec::new();
    loop {
        let mut length = [0u8; 4];
        stream.read_exact(&mut length).unwrap();
        let length = u32::from_be_bytes(length) as usize;
        if length == 0 {
            break;
        }
        let from = content.len();
        content.resize(from + length, 0);
        stream.read_exact(&mut content[from..]).unwrap();
    }
    let found = content.windows(5).any(|run| run == b"EICAR");
    stream.write_all(if found { b"stream: Eicar-Test FOUND\0" } else { b"stream: OK\0" }).unwrap();
}

#[test]
fn a_file_is_sealed_opened_by_who_may_and_gone_with_its_record() {
    let house = House::with_stops(3);
    let (reference, reviewer) = (house.some_stop(), house.reviewer());
    let content = [SECRET.as_bytes(), &vec![b' '; 3 << 20]].concat();
    let given = file(&house, "note.pdf", &content);
    let added = reviewer.run(&["attachment", "add", &reference, &given, "--json"]).good().json();
    assert_eq!((&added["media_type"], &added["named_otherwise"]), (&json!("text/plain"), &json!(true)));
    assert_eq!((&added["length"], &added["malware"]), (&json!(content.len()), &json!("not-searched")));
    house.administrator().run(&["attachment", "add", &reference, &given]).fails(&["do not allow"]);
    house.administrator().run(&["attachment", "list", &reference]).fails(&["do not allow"]);
    let id = added["id"].as_str().unwrap();
    let out = text(&house.beside("out"));
    let open = ["attachment", "open", &reference, id, "--out", &out];
    reviewer.without_purpose().run(&open).fails(&["Say what for"]);
    reviewer.run(&open).good();
    assert_eq!(fs::read(&out).unwrap(), content);
    reviewer.run(&open).fails(&["cannot be written"]);
    let data = text(&house.data());
    let scan = ["scan", &data, "--token", "Quillfeather", "--json"];
    let found = reviewer.run(&scan).good().json();
    assert!(found["places"].as_array().unwrap().iter().all(|place| place["found"] != 1), "{found}");
    assert_eq!(objects(&house).len(), 1);

    reviewer
        .run(&["erase", "plan", &reference, "--ground", "DPA 2018 s.47(1)(a)"])
        .good()
        .says(&["1 file(s)"]);
    house.auditor().run(&["erase", "approve", "E-1"]).good();
    let done = reviewer.run(&["erase", "run", "E-1", "--json"]).good().json();
    let place = done["places"].as_array().unwrap().iter().find(|row| row["place"] == "attachments").unwrap();
    assert_eq!((&place["before"], &place["after"]), (&json!(4), &json!(0)));
    assert_eq!(objects(&house).len(), 0);
    house.all_is_well();
}

/// Whether a file of a folder says a digest, as octets or in hexadecimal.
fn says(folder: &Path, digest: &str) -> bool {
    let raw = hex::decode(digest).unwrap();
    let holds = |octets: &[u8], run: &[u8]| octets.windows(run.len()).any(|found| found == run);
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return says(&path, digest);
        }
        let octets = fs::read(path).unwrap();
        holds(&octets, &raw) || holds(&octets, digest.as_bytes())
    })
}

fn one_file_is_erased_alone_and_the_log_forgets_its_digest(on: Store) {
    let house = House::on(on).holding(2);
    let (reference, reviewer) = (house.some_stop(), house.reviewer());
    let add = |name: &str, content: &str| {
        let given = file(&house, name, content.as_bytes());
        reviewer.run(&["attachment", "add", &reference, &given, "--json"]).good().json()
    };
    let (kept, gone) = (add("kept.txt", "what stays"), add("Quillfeather.txt", SECRET));
    let digest = |file: &serde_json::Value| file["digest"].as_str().unwrap().to_owned();
    let before = house.export("before");
    assert!(says(&before, &digest(&kept)) && says(&before, &digest(&gone)));
    let id = gone["id"].as_str().unwrap();
    let plan = |more: &[&str]| {
        let plan = ["erase", "plan", &reference, "--ground", "DPA 2018 s.47(1)(a)", "--attachment"];
        reviewer.run(&[&plan[..], more].concat())
    };
    plan(&[id, "--field", "outcome"]).fails(&["cannot be used with"]);
    plan(&["none"]).fails(&["no such attachment"]);
    plan(&[id]).good().says(&["One file of", "other files stay"]);
    house.auditor().run(&["erase", "approve", "E-1"]).good();
    let done = reviewer.run(&["erase", "run", "E-1", "--json"]).good().json();
    assert_eq!((&done["state"], &done["certificate"]["attachment"]), (&json!("done"), &json!(id)));
    assert!(!done.to_string().contains("Quillfeather"), "{done}");
    reviewer.run(&["erase", "certificates", "E-1"]).good().says(&["the attachment", id, "only"]);
    let listed = reviewer.run(&["attachment", "list", &reference, "--json"]).good().json();
    assert_eq!(listed["attachments"], json!([kept]));
    assert_eq!(objects(&house).len(), 1);
    reviewer.run(&["show", &reference]).good();
    let after = house.export("after");
    assert!(says(&after, &digest(&kept)) && !says(&after, &digest(&gone)));
    verify(&after).good();
    house.all_is_well();
}

#[test]
fn a_file_that_was_altered_does_not_open_and_what_a_kill_left_is_swept() {
    let house = House::with_stops(2);
    let (reference, reviewer) = (house.some_stop(), house.reviewer());
    let given = file(&house, "note.txt", SECRET.as_bytes());
    let added = reviewer.run(&["attachment", "add", &reference, &given, "--json"]).good().json();
    let object = objects(&house).pop().unwrap();
    fs::write(house.data().join("attachments").join("abcdef#1"), b"half").unwrap();
    let mut sealed = fs::read(&object).unwrap();
    sealed[3] ^= 1;
    fs::write(&object, sealed).unwrap();
    let out = text(&house.beside("out"));
    let open = ["attachment", "open", &reference, added["id"].as_str().unwrap(), "--out", &out];
    reviewer.run(&open).fails(&["altered or cut short", "newest backup"]);
    assert_eq!(objects(&house), vec![object]);
    let nothing = text(&house.beside("nothing"));
    reviewer.run(&["attachment", "add", &reference, &nothing]).fails(&["cannot be read"]);
}

#[test]
fn nothing_is_opened_before_the_scanner_found_nothing() {
    let sockets = tempfile::tempdir().unwrap();
    let socket = sockets.path().join("clamd.ctl");
    let house = House::with(&["--clamd", &text(&socket)]);
    let (administrator, reviewer) = (house.administrator(), house.reviewer());
    let reference = reviewer.run(&["new", "vehicle", "vrm=AB12CDE", "colour=red", "--json"]).good().json();
    let reference = reference["ref"].as_str().unwrap().to_owned();
    let add = |name: &str, content: &str| {
        let given = file(&house, name, content.as_bytes());
        reviewer.run(&["attachment", "add", &reference, &given, "--json"]).good().json()
    };
    let waiting = add("early.txt", "before the scanner ran");
    assert_eq!(waiting["malware"], "waiting");
    let out = text(&house.beside("out"));
    let open = |added: &serde_json::Value| {
        reviewer.run(&["attachment", "open", &reference, added["id"].as_str().unwrap(), "--out", &out])
    };
    open(&waiting).fails(&["in quarantine until it is searched"]);
    administrator.run(&["doctor"]).fails(&["need attention"]).says(&["1 wait for the scanner"]);
    scanner(&socket);
    administrator.run(&["attachment", "search"]).good().says(&["0 still wait"]);
    open(&waiting).good();
    fs::remove_file(&out).unwrap();
    assert_eq!(add("late.txt", "a harmless note")["malware"], "nothing");
    let bad = add("bad.txt", "X5O!P EICAR test");
    assert_eq!(bad["malware"], json!({ "found": "Eicar-Test" }));
    open(&bad).fails(&["malware found (Eicar-Test)"]);
    house.all_is_well();
}
