//! What a demonstration and a practice system have in common: neither holds anybody real.

use super::synth::load;
use crate::output::{self, Complaint, grouped};
use crate::session::Door;
use desk::Session;
use desk::accounts::NewAccount;
use desk::clock::{Clock, MachineClock, id_at};
use desk::deployment::Settings;
use desk::nature::Nature;

/// The first three accounts, so that nobody approves their own work, by name and role.
pub const FIRST: [(&str, &str); 3] =
    [("administrator", "administrator"), ("reviewer", "records-reviewer"), ("auditor", "auditor")];
/// People who can look around besides, by name and role.
const OTHERS: [(&str, &str); 3] =
    [("officer", "officer"), ("supervisor", "supervisor"), ("protection", "data-protection-officer")];

/// Somebody who can look around, with a password that is printed once.
pub struct Person {
    name: String,
    role: &'static str,
    password: String,
    /// Whether they choose their own at the first sign-in.
    must_change: bool,
}

impl Person {
    /// Of a first account.
    pub fn first(at: usize, password: &str, must_change: bool) -> Self {
        let (name, role) = FIRST[at % FIRST.len()];
        Self { name: name.to_owned(), role, password: password.to_owned(), must_change }
    }
}

/// Settings of a new deployment in one folder, in which nobody is real.
pub fn settings(nature: Nature, name: String) -> Settings {
    let force = model::ForceId(id_at(MachineClock.now()));
    Settings {
        force,
        name,
        log: nature.log_name(force),
        erasure_wait_hours: 0,
        provider: None,
        clamd: None,
        archives: Vec::new(),
        sign_in: desk::sign_in::Limits::default(),
        store: None,
        keystore: None,
    }
}

/// Who signed in with a token that was made a moment ago.
pub async fn signed(desk: &Door, account: &NewAccount) -> Result<Session, Complaint> {
    let who = desk.sign_in(&account.token).await?;
    who.ok_or_else(|| Complaint::new("a new account cannot sign in", "Run `bluelamp doctor`."))
}

/// A force that nobody lives in, always the same one.
pub async fn peopled(desk: &Door, administrator: &Session, people: u64) -> Result<(), Complaint> {
    if people == 0 {
        return Ok(());
    }
    let plan = synth::force::Plan { seed: 1, nominals: people };
    let (records, seconds) = load(desk, administrator, plan).await?.records_and_seconds();
    output::line(&format!("  {} people, {} records in {seconds:.1} s", grouped(people), grouped(records)))
}

/// Gives accounts to people of further roles.
pub async fn others(desk: &Door, administrator: &Session) -> Result<Vec<Person>, Complaint> {
    let mut people = Vec::new();
    for (name, role) in OTHERS {
        let made = desk.add_person(administrator, name, &[role]).await?;
        desk.put_in_unit(administrator, name, "Response A").await?;
        let password = made.password.to_string();
        people.push(Person { name: name.to_owned(), role, password, must_change: true });
    }
    Ok(people)
}

/// Prints names, roles and passwords, which nothing shows again.
pub fn print_people(people: &[Person]) -> Result<(), Complaint> {
    output::line(&format!("  {:<14} {:<24} password, shown only now", "name", "role"))?;
    output::lines(people.iter().map(|person| {
        let once = if person.must_change { "  (you choose your own at the first sign-in)" } else { "" };
        format!("  {:<14} {:<24} {}{once}", person.name, person.role.replace('-', " "), person.password)
    }))
}
