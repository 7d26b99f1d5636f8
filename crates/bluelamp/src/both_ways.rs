//! The two ways to the desk, held against each other: each command is an operation of the API or says why it
//! is none, and the other way about. The page of docs/api.md on what one way alone can do is this table.

use crate::arguments::Arguments;
use clap::CommandFactory;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Set to 1 to write the page anew.
const REGENERATE: &str = "BLUELAMP_REGENERATE";
const BEGIN: &str = "<!-- Made from crates/bluelamp/src/both_ways.rs; its tests say how. -->\n";
const END: &str = "<!-- End of what is made. -->\n";

/// Commands with the operations that do the same.
const BOTH: &[(&str, &[&str])] = &[
    ("attachment add", &["addAttachment"]),
    ("attachment list", &["listAttachments"]),
    ("attachment open", &["openAttachment"]),
    ("attachment search", &["searchQuarantine"]),
    ("break-glass figures", &["countBrokenGlasses"]),
    ("break-glass list", &["listBrokenGlasses"]),
    ("break-glass open", &["breakGlass"]),
    ("break-glass review", &["reviewBrokenGlass"]),
    ("compare", &["compareVersions"]),
    ("completeness", &["completeness", "behindFigure"]),
    ("correct", &["changeRecord"]),
    ("disclose", &["discloseAnswers"]),
    ("doctor", &["health"]),
    ("erase approve", &["approveErasure"]),
    ("erase cancel", &["withdrawErasure"]),
    ("erase certificates", &["listCertificates"]),
    ("erase plan", &["planErasure"]),
    ("erase run", &["runErasure"]),
    ("erase status", &["followErasure"]),
    ("grant approve", &["approveGrant"]),
    ("grant list", &["listGrants"]),
    ("grant propose", &["proposeGrant"]),
    ("grant withdraw", &["withdrawGrant"]),
    ("history", &["openHistory"]),
    ("hold lift", &["liftHold"]),
    ("hold list", &["listHolds"]),
    ("hold place", &["placeHold"]),
    ("intake data-police-uk", &["beginIntake"]),
    ("intake discard", &["discardReject"]),
    ("intake reject", &["openReject"]),
    ("intake rejects", &["listRejects"]),
    ("keys escrows", &["listEscrows"]),
    ("keys turn", &["turnKeys"]),
    ("keys unregister", &["removeEscrow"]),
    ("kinds", &["listKinds", "explainKind", "schemaOfKind", "processingOfKind"]),
    ("label", &["changeRecord"]),
    ("ledger checkpoint", &["checkpoint"]),
    ("ledger clock-is-right", &["declareClockRight"]),
    ("ledger erase", &["eraseEntry"]),
    ("ledger export", &["exportLog"]),
    ("ledger proof", &["proveEntry"]),
    ("ledger who-touched", &["whoTouched"]),
    ("list", &["listRecords"]),
    ("local-field approve", &["approveLocalField"]),
    ("local-field end", &["endLocalField"]),
    ("local-field list", &["listLocalFields"]),
    ("local-field propose", &["proposeLocalField"]),
    ("local-field refuse", &["refuseLocalField"]),
    ("local-list approve", &["approveLocalList"]),
    ("local-list list", &["listLocalLists"]),
    ("local-list propose", &["proposeLocalList"]),
    ("local-list refuse", &["refuseLocalList"]),
    ("matrix approve", &["approveMatrix"]),
    ("matrix list", &["listMatrices"]),
    ("matrix propose", &["proposeMatrix"]),
    ("matrix show", &["showMatrix"]),
    ("new", &["makeRecord"]),
    ("notices dismiss", &["dismissNotice"]),
    ("notices list", &["listNotices"]),
    ("paper check", &["checkPaper"]),
    ("paper list", &["listPapers"]),
    ("paper print", &["printRecord"]),
    ("paper recall", &["recallPaper"]),
    ("saved add", &["saveSearch"]),
    ("saved change", &["changeSavedSearch"]),
    ("saved list", &["listSavedSearches"]),
    ("saved remove", &["removeSavedSearch"]),
    ("saved run", &["runSavedSearch"]),
    ("search", &["search"]),
    ("search-list", &["searchList"]),
    ("show", &["openRecord", "openVersion"]),
    ("users add", &["addAccount"]),
    ("users add-machine", &["addAccount"]),
    ("users list", &["listAccounts"]),
    ("users lock", &["lockAccount"]),
    ("users password", &["givePassword"]),
    ("users renew-token", &["renewToken"]),
    ("users revoke-token", &["revokeToken"]),
    ("users roles", &["changeRoles"]),
    ("users sessions", &["countSessions", "endSessions"]),
    ("users unit", &["putInUnit"]),
    ("users unlock", &["unlockAccount"]),
];

/// Commands, and options of commands that have an operation, which the API does not serve, and why.
const COMMANDS_ALONE: &[(&str, &str)] = &[
    ("backup", "writes to a folder of the machine, beside a server that is at work"),
    ("bench", "measures programs on the machine; it opens no deployment that people work on"),
    ("demo", "makes a deployment of its own, in which nobody exists"),
    ("drill", "makes a deployment of its own, and kills the processes that write to it"),
    ("init", "makes the deployment and its first accounts: before it nobody has a token to show"),
    (
        "keys escrow",
        "writes the epoch key to a place that is named: whoever stands at the machine sees which disk that is",
    ),
    ("keys restore", "puts a file of the machine in the keystore's place, while nothing of the program runs"),
    ("keys turn --copy", "names a folder of the machine; the turn itself is served"),
    (
        "ledger begin-generation",
        "comes before anything else after a restore: until then the deployment opens for nothing, so nothing serves",
    ),
    ("practice new", "makes a deployment of its own, in which nobody exists"),
    (
        "practice reset",
        "takes a practice system away and makes it anew, which nobody can do while it is served",
    ),
    (
        "rebuild-index",
        "takes the index away and makes it anew, which nobody can do while a server answers from it",
    ),
    ("sbom", "says what the program itself is made of, which is the same everywhere"),
    ("scan", "reads every file of a folder of the machine"),
    ("serve", "is the server"),
    ("sizing", "makes a deployment of its own, in which nobody exists, and measures it"),
    ("synth", "invents people, which has no place in a deployment that is served to others"),
];

/// Operations that are no command, and why.
const OPERATIONS_ALONE: &[(&str, &str)] = &[
    ("followIntake", "a command waits for the end of its intake and shows how far it is"),
    ("whoAmI", "says whom a token proves, for a program that shows it; a command proves its token each time"),
];

/// The commands that have no commands below them, each by its whole name.
fn commands() -> Vec<String> {
    fn walk(command: &clap::Command, name: &str, found: &mut Vec<String>) {
        let mut below = command.get_subcommands().peekable();
        if below.peek().is_none() {
            found.push(name.to_owned());
        }
        below.for_each(|sub| walk(sub, format!("{name} {}", sub.get_name()).trim_start(), found));
    }
    let mut found = Vec::new();
    walk(&Arguments::command(), "", &mut found);
    found.sort();
    found
}

fn operations() -> BTreeSet<String> {
    let document = web::api::document();
    let methods = document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap());
    methods.map(|(_, operation): (_, &Value)| operation["operationId"].as_str().unwrap().to_owned()).collect()
}

/// Whoever pastes an example must not be told that its check letter is wrong.
#[test]
fn references_in_examples_are_references() {
    fn walk(command: &clap::Command, said: &mut String) {
        said.push_str(&command.get_after_help().map(ToString::to_string).unwrap_or_default());
        command.get_subcommands().for_each(|sub| walk(sub, said));
    }
    let mut said = String::new();
    walk(&Arguments::command(), &mut said);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for page in ["README.md", "docs/api.md", "docs/operator.md", "docs/restricted.md", "docs/search.md"] {
        said.push_str(&std::fs::read_to_string(root.join(page)).unwrap());
    }
    let words = said.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let is_whole = |word: &&str| {
        matches!(word.split('-').collect::<Vec<_>>().as_slice(), [_, number, letter]
            if number.len() == 7 && number.parse::<u64>().is_ok() && letter.len() == 1)
    };
    let references: Vec<&str> = words.filter(is_whole).collect();
    assert!(references.len() > 10, "{references:?}");
    for reference in references {
        model::reference::parse_reference(reference).unwrap();
    }
}

#[test]
fn every_command_is_an_operation_or_says_why_it_is_none() {
    let alone = COMMANDS_ALONE.iter().map(|(command, _)| *command).filter(|command| !command.contains("--"));
    let mut told: Vec<&str> = BOTH.iter().map(|(command, _)| *command).chain(alone).collect();
    told.sort_unstable();
    assert_eq!(told, commands(), "a command is missing in the table, is in it twice, or is none any more");
}

#[test]
fn every_operation_is_a_command_or_says_why_it_is_none() {
    let served = operations();
    let both: BTreeSet<String> = BOTH
        .iter()
        .flat_map(|(_, operations)| *operations)
        .map(|operation| (*operation).to_owned())
        .collect();
    let alone: BTreeSet<String> =
        OPERATIONS_ALONE.iter().map(|(operation, _)| (*operation).to_owned()).collect();
    assert!(both.is_disjoint(&alone), "what is a command is not told to be none");
    assert_eq!(&both | &alone, served, "an operation is missing in the table, or is none any more");
}

#[test]
fn every_option_that_is_told_of_is_one_of_its_command() {
    for (told, _) in COMMANDS_ALONE.iter().filter(|(told, _)| told.contains("--")) {
        let (names, option) = told.split_once(" --").unwrap();
        let all = Arguments::command();
        let command = names.split(' ').try_fold(&all, |command, name| command.find_subcommand(name)).unwrap();
        assert!(command.get_arguments().any(|argument| argument.get_long() == Some(option)), "{told}");
        assert!(BOTH.iter().any(|(command, _)| *command == names), "{names} is not served at all");
    }
}

fn rows(rows: &[(&str, &str)], name: impl Fn(&str) -> String) -> String {
    rows.iter().map(|(told, why)| format!("| `{}` | {why} |\n", name(told))).collect()
}

/// What stands between the two marks.
fn page() -> String {
    format!(
        "\n| Command | Why the API does not serve it |\n|---|---|\n{}\n\
         | Operation | Why it is no command |\n|---|---|\n{}\n",
        rows(COMMANDS_ALONE, |command| format!("bluelamp {command}")),
        rows(OPERATIONS_ALONE, str::to_owned)
    )
}

fn document() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api.md")
}

#[test]
fn the_page_says_what_the_table_says() {
    let text = std::fs::read_to_string(document()).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (said, after) = rest.split_once(END).unwrap();
    if std::env::var(REGENERATE).is_ok_and(|value| value == "1") {
        std::fs::write(document(), format!("{before}{BEGIN}{}{END}{after}", page())).unwrap();
        return;
    }
    assert_eq!(said, page(), "docs/api.md says otherwise; where the change is meant, set {REGENERATE}=1");
}
