//! Accounts that are locked, unlocked and given a new token; deployments and logs that are named.

use crate::support::{House, bluelamp, has, text, verify_with};
use std::fs;

#[test]
fn the_last_administrator_cannot_be_locked_and_a_lost_token_is_replaced() {
    let house = House::new();
    let administrator = house.administrator();
    let told = ["administrator is the last account that may manage accounts", "users add"];
    administrator.run(&["users", "lock", "administrator"]).fails(&told);
    administrator.run(&["users", "lock", "nobody"]).fails(&["there is no account “nobody”"]);
    let second = house.add("A. Second", "administrator", &[]);
    second.run(&["users", "lock", "administrator"]).good();
    administrator.run(&["users", "list"]).fails(&["the token proves nobody"]);
    second.run(&["users", "lock", "A. Second"]).fails(&["is the last account"]);
    second.run(&["users", "renew-token", "administrator"]).fails(&["is locked", "users unlock"]);

    // The token from before the lock stays void.
    let made = second.run(&["users", "unlock", "administrator", "--json"]).good().json();
    administrator.run(&["users", "list"]).fails(&["the token proves nobody"]);
    let administrator = house.person(made["token"].as_str().unwrap());
    administrator.run(&["users", "unlock", "administrator"]).fails(&["is not locked", "users renew-token"]);
    administrator
        .run(&["users", "renew-token", "administrator"])
        .fails(&["nobody changes their own account"]);
    let made = second.run(&["users", "renew-token", "administrator", "--json"]).good().json();
    administrator.run(&["users", "list"]).fails(&["the token proves nobody"]);
    let administrator = house.person(made["token"].as_str().unwrap());
    administrator.run(&["users", "lock", "A. Second"]).good();
    let listed = administrator.run(&["users", "list"]).good();
    let line = listed.out().lines().find(|line| line.starts_with("A. Second")).unwrap();
    assert!(line.contains("LOCKED"), "{line}");
}

#[test]
fn passwords_are_given_once_and_sessions_are_counted_and_ended() {
    let house = House::new();
    let administrator = house.administrator();
    house.add("PC 1234", "officer", &[]);
    let listed = |name: &str| {
        let users = administrator.run(&["users", "list", "--json"]).good().json();
        users["users"].as_array().unwrap().iter().find(|user| user["name"] == name).unwrap().clone()
    };
    assert_eq!(
        (&listed("auditor")["has_password"], &listed("PC 1234")["has_password"]),
        (&true.into(), &false.into())
    );
    let given = administrator.run(&["users", "password", "PC 1234", "--json"]).good().json();
    has(&given, &["name", "roles", "password"]);
    let password = given["password"].as_str().unwrap().to_owned();
    assert_eq!(password.len(), 23, "{password}");
    assert_eq!(listed("PC 1234")["has_password"], true);
    administrator.run(&["users", "password", "PC 1234"]).good().says(&["shown only now", "must be changed"]);
    administrator.run(&["users", "password", "nobody"]).fails(&["there is no account “nobody”"]);
    administrator.run(&["users", "password", "administrator"]).fails(&["nobody changes their own account"]);
    house.auditor().run(&["users", "password", "PC 1234"]).fails(&["do not allow"]);

    let counted = administrator.run(&["users", "sessions", "PC 1234", "--json"]).good().json();
    has(&counted, &["name", "open", "newest_use", "password_locked_until"]);
    assert_eq!(counted["open"], 0);
    administrator.run(&["users", "sessions", "PC 1234"]).good().says(&["0 sessions are open"]);
    let ended = administrator.run(&["users", "sessions", "PC 1234", "--end", "--json"]).good().json();
    assert_eq!(ended["ended"], 0);
    administrator.run(&["users", "unlock", "PC 1234"]).fails(&["is not locked", "users password"]);
    house.all_is_well();
}

#[test]
fn each_first_account_has_a_password_of_its_own() {
    let house = House::new();
    let made = bluelamp(&house.beside("new"), None, &["init", "--json"]).good().json();
    let users = made["users"].as_array().unwrap();
    users.iter().for_each(|user| has(user, &["name", "role", "token", "password"]));
    let passwords: std::collections::BTreeSet<&str> =
        users.iter().map(|user| user["password"].as_str().unwrap()).collect();
    assert_eq!(passwords.len(), 3);
    assert!(passwords.iter().all(|password| password.len() == 23));
}

#[test]
fn an_empty_token_is_none() {
    let house = House::new();
    for token in ["", "  "] {
        bluelamp(&house.data(), Some(token), &["users", "list"]).fails(&["nobody has signed in"]);
    }
}

#[test]
fn a_name_that_no_checkpoint_can_carry_is_refused_before_anything_is_made() {
    let house = House::new();
    let new = house.beside("new");
    for log in ["bad name with space", "a+b/c", ""] {
        let init = ["init", "--log", log];
        bluelamp(&new, None, &init).fails(&["log: ", "cannot name a log", "leave --log out"]);
    }
    bluelamp(&new, None, &["init", "--name", ""]).fails(&["name: the force's name is one line"]);
    assert!(!new.exists());
}

#[test]
fn each_deployment_has_a_log_of_its_own_and_another_of_the_same_name_is_no_rewind() {
    let one = House::with_stops(4);
    let memory = one.beside("memory.json");
    let remember = ["--memory", &text(&memory)];
    verify_with(&one.export("one"), &remember).good();
    // Another deployment that somebody named alike, with fewer entries.
    let other = House::new();
    let verdict = verify_with(&other.export("other"), &remember).finds("other-key");
    let faults = verdict.report()["faults"].as_array().unwrap();
    assert!(faults.iter().all(|fault| fault["kind"] != "rewind" && fault["kind"] != "fork"), "{faults:?}");
    assert!(
        faults.iter().any(|fault| fault["what"].as_str().unwrap().contains("another log of the same name"))
    );

    let names: Vec<String> = ["a", "b"]
        .map(|name| {
            let data = one.beside(name);
            bluelamp(&data, None, &["init"]).good();
            let settings = fs::read_to_string(data.join("deployment.toml")).unwrap();
            settings.lines().find(|line| line.starts_with("log = ")).unwrap().to_owned()
        })
        .into();
    assert_ne!(names[0], names[1]);
}

#[test]
fn with_json_an_error_is_one_object() {
    let house = House::new();
    let error = |arguments: &[&str]| {
        let answer = house.administrator().run(arguments).fails(&["\"error\""]);
        serde_json::from_str::<serde_json::Value>(answer.error().trim()).unwrap()
    };
    let refused = error(&["show", "SS-0000001-A", "--json"]);
    assert!(refused["error"]["message"].as_str().unwrap().contains("do not allow"), "{refused}");
    assert!(refused["error"]["mend"].is_string());
    let misspoken = error(&["shwo", "--json"]);
    assert!(misspoken["error"]["message"].as_str().unwrap().contains("shwo"), "{misspoken}");
}
