//! Who may be locked, and the names behind ids.

use super::Account;
use crate::Desk;
use crate::error::DeskError;
use law::access::Act;
use model::ActorId;
use std::collections::{BTreeMap, BTreeSet};
use vault::Plain;
use vault::store::RecordStore;

impl<S: RecordStore> Desk<S> {
    /// The names of those who wrote versions that somebody has opened.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn author_names(&self, opened: &[Plain]) -> Result<BTreeMap<ActorId, String>, DeskError> {
        let authors: BTreeSet<ActorId> = opened.iter().map(|plain| plain.row().author).collect();
        let mut names = BTreeMap::new();
        for author in authors {
            let name = match author {
                ActorId::SYSTEM => Some("the system".to_owned()),
                author => self.account_name(author).await?,
            };
            names.extend(name.map(|name| (author, name)));
        }
        Ok(names)
    }

    /// Somebody must stay who can unlock the others: nobody could mend that from outside.
    pub(super) async fn check_somebody_is_left(&self, leaving: &Account) -> Result<(), DeskError> {
        let matrix = self.matrix();
        let manages = |account: &Account| matrix.allows_act(&account.roles, Act::ManageUsers);
        if !manages(leaving) {
            return Ok(());
        }
        let all = self.all_accounts().await?;
        let stays = |account: &&Account| !account.locked && account.name != leaving.name && manages(account);
        match all.iter().find(stays) {
            Some(_) => Ok(()),
            None => Err(DeskError::not_now(format!(
                "{} is the last account that may manage accounts: nobody could unlock it again. Add another \
                 first: `bluelamp users add NAME --role administrator`",
                leaving.name
            ))),
        }
    }
}
