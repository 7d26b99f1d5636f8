//! Accounts that are there already: locked, unlocked, given a new token; and the names behind ids.

use super::{ACCOUNT, Account, NewAccount, TOKEN, digest, new_token};
use crate::error::DeskError;
use crate::session::Session;
use crate::{Desk, door};
use law::access::{Act, Permit};
use ledger::Detail;
use model::ActorId;
use std::collections::BTreeMap;
use vault::Plain;
use vault::store::RecordStore;

impl<S: RecordStore> Desk<S> {
    /// Locks an account: its token proves nobody from now on.
    ///
    /// # Errors
    /// A refusal; an unknown name; the last account that may manage accounts.
    pub async fn lock_account(&self, who: &Session, name: &str) -> Result<(), DeskError> {
        let permit = self.permit_act(who, Act::ManageUsers).await?;
        // Whoever holds the transaction is the only one who can change anything: two administrators
        // cannot lock each other at once.
        let tx = self.vault.store.begin().await?;
        let mut account = self.known_account(name).await?;
        if account.locked {
            return Err(DeskError::unusable(format!("{name} is locked already")));
        }
        self.check_somebody_is_left(&account).await?;
        let old = account.token.clone();
        account.locked = true;
        self.change_account(tx, &permit, &account, &old, "locked").await
    }

    /// Unlocks an account and gives it a new token; the one from before the lock stays void.
    ///
    /// # Errors
    /// A refusal; an unknown name; an account that is not locked.
    pub async fn unlock_account(&self, who: &Session, name: &str) -> Result<NewAccount, DeskError> {
        let permit = self.permit_act(who, Act::ManageUsers).await?;
        let tx = self.vault.store.begin().await?;
        let mut account = self.known_account(name).await?;
        if !account.locked {
            return Err(DeskError::unusable(format!(
                "{name} is not locked. For a new token: `bluelamp users token`"
            )));
        }
        account.locked = false;
        self.renew(tx, &permit, account, "unlocked, with a new token").await
    }

    /// Gives an account a new token; the old one proves nobody from now on.
    ///
    /// # Errors
    /// A refusal; an unknown name; a locked account.
    pub async fn renew_token(&self, who: &Session, name: &str) -> Result<NewAccount, DeskError> {
        let permit = self.permit_act(who, Act::ManageUsers).await?;
        let tx = self.vault.store.begin().await?;
        let account = self.known_account(name).await?;
        if account.locked {
            return Err(DeskError::unusable(format!(
                "{name} is locked. To unlock it with a new token: `bluelamp users unlock`"
            )));
        }
        self.renew(tx, &permit, account, "new token, the old one void").await
    }

    /// The names of those who wrote versions that somebody has opened.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn author_names(&self, opened: &[Plain]) -> Result<BTreeMap<ActorId, String>, DeskError> {
        let mut names: BTreeMap<_, _> =
            self.all_accounts().await?.into_iter().map(|account| (account.actor, account.name)).collect();
        names.insert(ActorId::SYSTEM, "the system".to_owned());
        names.retain(|actor, _| opened.iter().any(|plain| plain.row().author == *actor));
        Ok(names)
    }

    async fn renew(
        &self,
        tx: S::Tx,
        permit: &Permit,
        mut account: Account,
        what: &str,
    ) -> Result<NewAccount, DeskError> {
        let token = new_token()?;
        let old = std::mem::replace(&mut account.token, digest(&token));
        self.change_account(tx, permit, &account, &old, what).await?;
        Ok(NewAccount { account, token })
    }

    /// Keeps an account, with its entry; its token of before proves nobody any more.
    async fn change_account(
        &self,
        mut tx: S::Tx,
        permit: &Permit,
        account: &Account,
        old_token: &str,
        what: &str,
    ) -> Result<(), DeskError> {
        let store = &self.vault.store;
        store.delete_setting(&mut tx, TOKEN, old_token).await?;
        match account.locked {
            true => store.put_setting(&mut tx, ACCOUNT, &account.name, &door::json(account)?).await?,
            false => self.put_account(&mut tx, account).await?,
        }
        let subject = Some(format!("account {}: {what}", account.name));
        let detail = Detail { subject, ..Detail::default() };
        let pending = self.ledger.record_in(&mut tx, &[(permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        Ok(())
    }

    async fn known_account(&self, name: &str) -> Result<Account, DeskError> {
        let account = self.account(name).await?;
        account.ok_or_else(|| {
            DeskError::unusable(format!("there is no account “{name}”; `bluelamp users list` lists them"))
        })
    }

    /// Somebody must stay who can unlock the others: nobody could mend that from outside.
    async fn check_somebody_is_left(&self, leaving: &Account) -> Result<(), DeskError> {
        let matrix = self.matrix();
        let manages = |account: &Account| matrix.allows_act(&account.roles, Act::ManageUsers);
        if !manages(leaving) {
            return Ok(());
        }
        let all = self.all_accounts().await?;
        let stays = |account: &&Account| !account.locked && account.name != leaving.name && manages(account);
        match all.iter().find(stays) {
            Some(_) => Ok(()),
            None => Err(DeskError::unusable(format!(
                "{} is the last account that may manage accounts: nobody could unlock it again. Add another \
                 first: `bluelamp users add NAME --role administrator`",
                leaving.name
            ))),
        }
    }
}
