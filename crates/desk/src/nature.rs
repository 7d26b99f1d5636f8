//! What a deployment is for: the work of a force, a demonstration, or practice. It is said by the name of the log,
//! which stands in every signed checkpoint and so on every export; and it is sealed with the first thing that the
//! deployment keeps, so that no edit of `deployment.toml` turns one into another. Real records and made-up ones
//! are never in one system: a practice system takes in no file, and one that has real records nothing that is made up.

use crate::Desk;
use crate::deployment::Settings;
use crate::door::{from_json, json};
use crate::error::DeskError;
use crate::take_over::Origin;
use model::{ForceId, kinds};
use serde::{Deserialize, Serialize};
use vault::Vault;
use vault::store::RecordStore;
use zeroize::Zeroizing;

/// What a deployment is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Nature {
    /// The work of a force.
    Live,
    /// To show the program.
    Demonstration,
    /// To practise; marked on every page.
    Practice,
}

impl Nature {
    /// Each with the first part of its log's own name.
    const ALL: [(Self, &'static str); 3] = [
        (Self::Live, "bluelamp"),
        (Self::Demonstration, "bluelamp-demonstration"),
        (Self::Practice, "bluelamp-practice"),
    ];

    /// That of a deployment whose log has this name.
    #[must_use]
    pub fn of_log(log: &str) -> Self {
        let first = log.split('/').next().unwrap_or_default();
        Self::ALL.into_iter().find(|(_, named)| *named == first).map_or(Self::Live, |(nature, _)| nature)
    }

    /// A name for the log of such a deployment that no other has.
    #[must_use]
    pub fn log_name(self, force: ForceId) -> String {
        let first =
            Self::ALL.into_iter().find(|(nature, _)| *nature == self).map_or("bluelamp", |(_, first)| first);
        format!("{first}/{force}")
    }

    /// Whether people practise in it.
    #[must_use]
    pub fn is_practice(self) -> bool {
        self == Self::Practice
    }

    /// Whether nobody in it is real.
    #[must_use]
    pub fn is_made_up(self) -> bool {
        self != Self::Live
    }

    /// What it is called.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Live => "the live system of a force",
            Self::Demonstration => "a demonstration",
            Self::Practice => "a practice system",
        }
    }
}

/// What the deployment was made as, kept sealed.
#[derive(Debug, Serialize, Deserialize)]
struct Identity {
    force: ForceId,
    nature: Nature,
}

const IDENTITY: &str = "identity";
const OF_DEPLOYMENT: &str = "deployment";
/// What hands over records that the generator made.
const GENERATOR: &str = "bluelamp-synth";
const MADE_UP: &str = "made-up";

/// What a deployment was made as; `None` where nothing is sealed yet.
pub(crate) async fn made_as<S: RecordStore>(vault: &Vault<S>) -> Result<Option<Nature>, DeskError> {
    let Some(item) = vault.store.item(IDENTITY, OF_DEPLOYMENT).await? else { return Ok(None) };
    let octets = Zeroizing::new(vault.open_item(&item).await?);
    let identity: Identity = from_json(&String::from_utf8_lossy(&octets))?;
    Ok(Some(identity.nature))
}

/// Looks whether the settings still say what a deployment was made as.
pub(crate) fn check(made_as: Nature, settings: &Settings) -> Result<(), DeskError> {
    let says = Nature::of_log(&settings.log);
    if made_as == says {
        return Ok(());
    }
    Err(DeskError::damaged(format!(
        "the deployment was made as {}, and “log” in deployment.toml says that it is {}: neither is ever turned into the \
         other. Put the name of the log back as it was; nothing was changed",
        made_as.words(),
        says.words()
    )))
}

impl<S: RecordStore> Desk<S> {
    /// What this deployment is for.
    #[must_use]
    pub fn nature(&self) -> Nature {
        Nature::of_log(&self.places.settings().log)
    }

    /// Seals what a new deployment is made as. One that says it is more than a live one, and has a log without that, was
    /// made by a release that knew no other.
    pub(crate) async fn seal_nature(&self, made_as: Option<Nature>) -> Result<(), DeskError> {
        match (made_as, self.ledger.head().size) {
            (Some(_), _) => Ok(()),
            (None, 0) => {
                self.seal_identity(&Identity { force: self.places.settings().force, nature: self.nature() })
                    .await
            }
            (None, _) => check(Nature::Live, self.places.settings()),
        }
    }

    async fn seal_identity(&self, identity: &Identity) -> Result<(), DeskError> {
        let mut tx = self.vault.store.begin().await?;
        self.keep_item(&mut tx, IDENTITY, OF_DEPLOYMENT, identity).await?;
        Ok(self.vault.store.commit(tx).await?)
    }

    /// A file may speak of real people, whatever it is called: a practice system takes none in.
    pub(crate) fn check_takes_files(&self) -> Result<(), DeskError> {
        match self.nature().is_practice() {
            false => Ok(()),
            true => Err(DeskError::not_now(
                "this is a practice system, and a file may speak of real people: it takes none in. Its people are made \
                 by `bluelamp practice reset`",
            )),
        }
    }

    /// Made-up records come into a live system only where it has no others, as for a measurement before it is
    /// used; and the other way round a practice system takes over only what is made up.
    pub(crate) async fn check_may_mix(&self, origin: &Origin) -> Result<(), DeskError> {
        let is_made_up = origin.connector.starts_with(GENERATOR);
        match self.nature() {
            Nature::Live if is_made_up => self.check_has_none_but_made_up().await,
            Nature::Practice if !is_made_up => self.check_takes_files(),
            _ => Ok(()),
        }
    }

    async fn check_has_none_but_made_up(&self) -> Result<(), DeskError> {
        if self.vault.store.setting(IDENTITY, MADE_UP).await?.is_some() {
            return Ok(());
        }
        for kind in kinds::ALL {
            if self.vault.store.count(kind.number).await? > 0 {
                return Err(DeskError::not_now(
                    "there are records here that the generator did not make, and made-up people never stand among \
                     real ones: make a practice system (`bluelamp practice new`), or another deployment",
                ));
            }
        }
        let mut tx = self.vault.store.begin().await?;
        self.vault.store.put_setting(&mut tx, IDENTITY, MADE_UP, &json(&true)?).await?;
        Ok(self.vault.store.commit(tx).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_log_says_what_a_deployment_is_for() {
        let force = ForceId(uuid::Uuid::from_u128(7));
        for (nature, _) in Nature::ALL {
            assert_eq!(Nature::of_log(&nature.log_name(force)), nature);
        }
        for live in ["lampshire.example/bluelamp", "bluelamp-practices/x", "x/bluelamp-practice", ""] {
            assert_eq!(Nature::of_log(live), Nature::Live, "{live}");
        }
        assert!(Nature::Practice.is_made_up() && Nature::Demonstration.is_made_up());
    }
}
