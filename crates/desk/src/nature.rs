//! What a deployment is for: the work of a force, a demonstration, or practice. It is said by the name of the log,
//! which stands in every signed checkpoint and so on every export; and it is sealed with the first thing that the
//! deployment keeps, so that no edit of `deployment.toml` turns one into another. Real records and made-up ones
//! are never in one system: a practice system takes in no file, and one that has real records nothing that is made up.

use crate::Desk;
use crate::door::json;
use crate::error::DeskError;
use crate::take_over::Origin;
use model::{ForceId, kinds};
use serde::{Deserialize, Serialize};
use vault::store::RecordStore;

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
        let first = Self::ALL.into_iter().find(|(nature, _)| *nature == self).map_or("bluelamp", |(_, first)| first);
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

impl<S: RecordStore> Desk<S> {
    /// What this deployment is for.
    #[must_use]
    pub fn nature(&self) -> Nature {
        Nature::of_log(&self.places.settings().log)
    }

    /// Looks whether the deployment is still what it was made as, and seals that where it is new.
    pub(crate) async fn check_nature(&self) -> Result<(), DeskError> {
        let (force, nature) = (self.places.settings().force, self.nature());
        let is_new = self.ledger.head().size == 0;
        let held: Option<Identity> = self.kept(IDENTITY, OF_DEPLOYMENT).await?;
        let made_as = match held {
            Some(held) => held.nature,
            None if is_new => return self.seal_identity(&Identity { force, nature }).await,
            // Made by a release that knew no other.
            None => Nature::Live,
        };
        if made_as == nature {
            return Ok(());
        }
        Err(DeskError::damaged(format!(
            "the deployment was made as {}, and “log” in deployment.toml says that it is {}: neither is ever turned \
             into the other. Put the name of the log back as it was; nothing was changed",
            made_as.words(),
            nature.words()
        )))
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
