//! The accounts of a force as whoever looks after them sees them: with what signs them in at present.

use super::manage::{NewPerson, SessionsOf};
use super::password::first_password;
use crate::Desk;
use crate::accounts::Account;
use crate::error::DeskError;
use crate::session::Session;
use law::access::Act;
use ledger::Detail;
use model::ActorId;
use vault::store::RecordStore;

/// Which accounts are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountsAsked<'a> {
    /// Letters that the name, the unit or a role has in it, whatever their case; empty for all.
    pub with: &'a str,
    /// Accounts to pass over.
    pub skip: usize,
    /// Accounts that are shown at most.
    pub most: usize,
}

/// Some accounts of a force, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountsFound {
    /// Those that are shown.
    pub shown: Vec<SessionsOf>,
    /// How many there are in all of those asked for.
    pub found: usize,
}

impl<S: RecordStore> Desk<S> {
    /// Makes an account of a person together with their first password, which must be changed before anything
    /// else is done. Token and password are shown once.
    ///
    /// # Errors
    /// A refusal, or a name or role that cannot be used.
    pub async fn add_person(
        &self,
        who: &Session,
        name: &str,
        roles: &[&str],
    ) -> Result<NewPerson, DeskError> {
        let permit = self.permit_act(who, Act::ManageUsers).await?;
        self.check_account(name, roles).await?;
        let password = first_password()?;
        // Before the transaction, beside which nobody writes.
        let hash = self.hash_password(&password).await?;
        let mut tx = self.vault.store.begin_alone().await?;
        self.check_account(name, roles).await?;
        let mut made = self.new_account(name, roles)?;
        self.put_first_password(&mut tx, &mut made.account, hash, true).await?;
        let subject =
            format!("account {name}: roles {}; with a password, to be changed at once", roles.join(", "));
        self.enter_account(tx, permit, &made.account, "", ("account-added", subject)).await?;
        Ok(NewPerson { made, password })
    }

    /// The accounts that are asked for, with how they are signed in at present.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn accounts_signed_in(
        &self,
        who: &Session,
        asked: AccountsAsked<'_>,
    ) -> Result<AccountsFound, DeskError> {
        let permit = self.permit_act(who, Act::ManageUsers).await?;
        let subject = Some("list of accounts and how they are signed in".to_owned());
        let _receipt = self.ledger.record(vec![(permit, Detail { subject, ..Detail::default() })]).await?;
        let with = asked.with.trim().to_lowercase();
        let mut accounts = self.all_accounts().await?;
        accounts.retain(|account| has_in_it(account, &with));
        let found = accounts.len();
        let mut shown = Vec::new();
        for account in accounts.into_iter().skip(asked.skip).take(asked.most) {
            shown.push(self.signed_in_now(account).await?);
        }
        Ok(AccountsFound { shown, found })
    }

    /// An account by who it is in the log, with how it is signed in at present.
    ///
    /// # Errors
    /// A refusal, or nobody who has an account.
    pub async fn account_signed_in(&self, who: &Session, actor: ActorId) -> Result<SessionsOf, DeskError> {
        let permit = self.permit_act(who, Act::ManageUsers).await?;
        let name = self.account_name(actor).await?;
        let name = name.ok_or_else(|| DeskError::unknown("There is no such account."))?;
        let account = self.known_account(&name).await?;
        let subject = Some(format!("account {} and its sessions", account.name));
        let _receipt = self.ledger.record(vec![(permit, Detail { subject, ..Detail::default() })]).await?;
        self.signed_in_now(account).await
    }

    /// How an account signs in at present, with nothing entered.
    pub(super) async fn signed_in_now(&self, account: Account) -> Result<SessionsOf, DeskError> {
        let mut rows = self.vault.store.sessions_of(account.actor).await?;
        rows.retain(|row| !self.is_over(row));
        let password = self.vault.store.password(account.actor).await?;
        let locked_until = password.map(|row| row.locked_until).filter(|until| *until > self.clock.now());
        let newest_use = rows.first().map(|row| row.last_seen);
        Ok(SessionsOf { account, open: rows.len() as u64, newest_use, locked_until })
    }
}

/// Whether an account has these small letters in its name, its unit or the name of a role.
fn has_in_it(account: &Account, with: &str) -> bool {
    let mut texts = std::iter::once(&account.name).chain(&account.unit).chain(&account.roles);
    with.is_empty() || texts.any(|text| text.to_lowercase().contains(with))
}
