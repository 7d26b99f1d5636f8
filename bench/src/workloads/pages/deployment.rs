//! The deployment that is served: one that is there already, or one that is made with a synthetic force; and
//! what people ask of it.

use crate::Fault;
use crate::arguments::PagesArguments;
use crate::house::{folder, settings};
use desk::clock::MachineClock;
use desk::deployment::{Deployment, Door};
use desk::take_over::{Named, Origin};
use desk::{Places, Session};
use model::kinds::{crime, nominal, stop_and_search};
use model::{Body, RecordId};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use synth::force::{Force, Made, Plan};
use synth::random::Random;
use tempfile::TempDir;

/// Records to a transaction, or a few more.
const BATCH: usize = 1_024;
/// Records of a sort that people ask for.
const TARGETS: u64 = 400;
/// The variable that proves the administrator of a deployment that is there already.
const TOKEN: &str = "BLUELAMP_TOKEN";

/// An open deployment.
pub struct Measured {
    /// It.
    pub deployment: Deployment,
    /// Who makes accounts in it.
    pub administrator: Session,
    /// What people ask for.
    pub targets: Targets,
    /// Removed when dropped.
    _folder: Option<TempDir>,
}

/// What people ask for: records of the synthetic force, spread over all of it.
#[derive(Debug, Default)]
pub struct Targets {
    /// People.
    pub people: Vec<RecordId>,
    /// Crimes, and stops and searches.
    pub events: Vec<RecordId>,
    /// Names of people, each with a slip.
    pub misspelt: Vec<String>,
}

impl Measured {
    /// Opens the deployment, or makes it.
    ///
    /// # Errors
    /// Faults of the store; an administrator who cannot be proved.
    pub async fn open(work: Option<&Path>, wanted: &PagesArguments) -> Result<Self, Fault> {
        let (root, folder) = match &wanted.data {
            Some(data) => (data.clone(), None),
            None => {
                let folder = folder(work)?;
                (folder.path().join("deployment"), Some(folder))
            }
        };
        let plan = Plan { seed: wanted.seed, nominals: wanted.nominals };
        let targets = targets(plan)?;
        let is_there = Places::read(&root).is_ok();
        if !is_there {
            Deployment::create(&root, &settings())?;
        }
        let deployment = Deployment::open(&root, Arc::new(MachineClock)).await?;
        let token = if is_there { given()? } else { filled(&deployment.desk, plan).await? };
        let administrator = deployment.desk.proved_by(&token).await?;
        let administrator =
            administrator.ok_or_else(|| format!("{TOKEN} proves nobody in {}", root.display()))?;
        Ok(Self { deployment, administrator, targets, _folder: folder })
    }

    /// Makes an account; gives its first password.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn account(&self, name: &str, role: &str) -> Result<String, Fault> {
        let desk = &self.deployment.desk;
        desk.add_account(&self.administrator, name, &[role]).await?;
        Ok(desk.give_password(&self.administrator, name).await?.password.to_string())
    }
}

fn given() -> Result<String, Fault> {
    std::env::var(TOKEN).map_err(|_| {
        format!("set {TOKEN} to the token of the deployment’s administrator, who makes the accounts").into()
    })
}

/// Makes the first accounts and takes a force over; gives the administrator's token.
async fn filled(desk: &Door, plan: Plan) -> Result<String, Fault> {
    let accounts = [("admin", "administrator"), ("reviewer", "records-reviewer"), ("auditor", "auditor")];
    let made = desk.first_accounts(accounts).await?;
    let token = made.first().map(|account| account.token.to_string()).ok_or("no account was made")?;
    writeln!(std::io::stderr().lock(), "the administrator’s token, for the next time: {TOKEN}={token}")?;
    let administrator = desk.sign_in(&token).await?.ok_or("the administrator is not known")?;
    let administrator = administrator.for_purpose("measurement");
    let origin = Origin {
        connector: "bluelamp-bench 1".to_owned(),
        whole: format!("synthetic force, seed {}", plan.seed),
        licence: "synthetic: no real person".to_owned(),
    };
    let mut batch = Vec::with_capacity(2 * BATCH);
    for household in Force::new(plan)? {
        let named = |made: Made| Named { record: made.id, kind: made.kind, body: made.body };
        batch.extend(household.records.into_iter().map(named));
        if batch.len() >= BATCH {
            desk.take_over(&administrator, &origin, std::mem::take(&mut batch)).await?;
        }
    }
    desk.take_over(&administrator, &origin, batch).await?;
    desk.settle_intake().await?;
    Ok(token)
}

fn targets(plan: Plan) -> Result<Targets, Fault> {
    let mut targets = Targets::default();
    let mut random = Random::part(plan.seed, "what people ask for");
    let step = (plan.nominals / TARGETS).max(1);
    let (mut people, mut events) = (0u64, 0u64);
    for made in Force::new(plan)?.flat_map(|household| household.records) {
        if made.kind.number == nominal::KIND.number {
            people += 1;
            if people.is_multiple_of(step) {
                targets.people.push(made.id);
                targets.misspelt.extend(misspelt(&made.body, &mut random));
            }
        }
        if [crime::KIND.number, stop_and_search::KIND.number].contains(&made.kind.number) {
            events += 1;
            if events.is_multiple_of(step) {
                targets.events.push(made.id);
            }
        }
    }
    Ok(targets)
}

/// The first name of a record with two letters of the surname changed about, as they are mistyped.
fn misspelt(body: &Body, random: &mut Random) -> Option<String> {
    let names = body.get(nominal::NAMES)?;
    let first = names.first()?;
    let surname = first.get(nominal::name::SURNAME)?;
    Some(format!("{} {}", first.get(nominal::name::FORENAMES).unwrap_or_default(), slipped(&surname, random)))
}

fn slipped(word: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() > 3 {
        let at = 1 + usize::try_from(random.below(letters.len() as u64 - 2)).unwrap_or(0);
        letters.swap(at, at + 1);
    }
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_changes_letters_about_and_leaves_the_first() {
        let mut random = Random::part(1, "slips");
        for word in ["Exampleby", "Smith", "Wood"] {
            let slip = slipped(word, &mut random);
            assert_eq!(slip.chars().next(), word.chars().next());
            assert_eq!(slip.len(), word.len());
        }
        assert_eq!(slipped("Ng", &mut random), "Ng");
    }

    #[test]
    fn what_people_ask_for_is_spread_over_the_force() {
        let targets = targets(Plan { seed: 1, nominals: 2_000 }).unwrap();
        assert_eq!(targets.people.len(), 400);
        assert!(targets.events.len() > 20 && targets.misspelt.len() > 300, "{}", targets.events.len());
    }
}
