//! Machine accounts, and what becomes of an account later: another token, none, other roles. Each is
//! entered in the log as a change of permissions and effective at the next request, because a token
//! is judged each time that it is shown. An account is read inside the transaction that changes it:
//! whoever holds that is alone, and a lock set in the meantime is not undone.

use crate::Desk;
use crate::accounts::{Account, NewAccount, digest, new_token, words};
use crate::clock::moment_text;
use crate::error::DeskError;
use crate::session::Session;
use crate::sign_in::Unlocked;
use law::access::Act;
use vault::store::RecordStore;

/// The longest that a machine's token lasts, in microseconds: 366 days. Whoever runs the other
/// system then shows once a year that it is still wanted.
const LONGEST: i64 = 366 * 86_400_000_000;

impl<S: RecordStore> Desk<S> {
    /// Makes an account for another system, with a token that ends at a moment, in microseconds since
    /// 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// A refusal; a name, role or end that cannot be used.
    pub async fn add_machine(
        &self,
        who: &Session,
        name: &str,
        roles: &[&str],
        expires: i64,
    ) -> Result<NewAccount, DeskError> {
        let permit = self.permit_act(who, Act::ManageUsers).await?;
        self.check_end(expires)?;
        let tx = self.vault.store.begin_alone().await?;
        self.check_account(name, roles).await?;
        let mut made = self.new_account(name, roles)?;
        made.account.machine = true;
        made.account.expires = Some(expires);
        let subject =
            format!("machine account {name}: roles {}; until {}", roles.join(", "), moment_text(expires));
        self.enter_account(tx, permit, &made.account, "", ("account-added", subject)).await?;
        Ok(made)
    }

    /// Gives an account another token; the one before proves nobody from now on. A machine's token
    /// needs an end, a person's has none.
    ///
    /// # Errors
    /// A refusal; an unknown name; a locked account; an end that cannot be used.
    pub async fn renew_token(
        &self,
        who: &Session,
        name: &str,
        expires: Option<i64>,
    ) -> Result<NewAccount, DeskError> {
        let permit = self.permit_act(who, Act::ManageUsers).await?;
        let tx = self.vault.store.begin_alone().await?;
        let mut account = self.known_account(name).await?;
        not_their_own(who, &account)?;
        if account.locked {
            return Err(DeskError::not_now(format!(
                "the account “{name}” is locked and gets no token. To unlock it with a new one: `bluelamp users unlock`"
            )));
        }
        self.check_end_of(&account, expires)?;
        let token = new_token()?;
        let old = std::mem::replace(&mut account.token, digest(&token));
        account.expires = expires;
        let end =
            expires.map_or_else(|| "without end".to_owned(), |end| format!("until {}", moment_text(end)));
        let change = ("token-given", format!("account {name}: new token {end}"));
        self.enter_account(tx, permit, &account, &old, change).await?;
        Ok(NewAccount { account, token })
    }

    /// Unlocks an account. One that somebody locked gets a new token, and what proved it before the lock stays
    /// void; a machine gets its next token with an end, by [`Desk::renew_token`]. One whose password failures
    /// have locked may be signed in to again with that.
    ///
    /// # Errors
    /// A refusal; an unknown name; one's own account; an account that is not locked.
    pub async fn unlock_account(&self, who: &Session, name: &str) -> Result<Unlocked, DeskError> {
        let permit = self.permit_act(who, Act::ManageUsers).await?;
        let mut tx = self.vault.store.begin_alone().await?;
        let mut account = self.known_account(name).await?;
        if account.locked {
            not_their_own(who, &account)?;
            account.locked = false;
            let token = new_token()?;
            let old = std::mem::replace(&mut account.token, digest(&token));
            let subject = format!("account {name}: unlocked, with a new token");
            self.enter_account(tx, permit, &account, &old, ("account-unlocked", subject)).await?;
            return Ok(Unlocked::WithToken(NewAccount { account, token }));
        }
        if self.lift_password_lock(&mut tx, &account).await? {
            not_their_own(who, &account)?;
            let token = account.token.clone();
            let subject = format!("account {name}: its password unlocked");
            self.enter_account(tx, permit, &account, &token, ("account-unlocked", subject)).await?;
            return Ok(Unlocked::SignsInAgain(account));
        }
        Err(DeskError::not_now(format!(
            "the account “{name}” is not locked. For a new token: `bluelamp users renew-token`; for a new password: \
             `bluelamp users password`"
        )))
    }

    /// Revokes an account's token: it proves nobody from now on. The account stays, and may get
    /// another.
    ///
    /// # Errors
    /// A refusal, or an unknown name.
    pub async fn revoke_token(&self, who: &Session, name: &str) -> Result<Account, DeskError> {
        let permit = self.permit_act(who, Act::ManageUsers).await?;
        let tx = self.vault.store.begin_alone().await?;
        let mut account = self.known_account(name).await?;
        not_their_own(who, &account)?;
        let old = std::mem::take(&mut account.token);
        let change = ("token-revoked", format!("account {name}: token revoked"));
        self.enter_account(tx, permit, &account, &old, change).await?;
        Ok(account)
    }

    /// Gives an account other roles, effective at its next request.
    ///
    /// # Errors
    /// A refusal; an unknown name or role; one's own account.
    pub async fn change_roles(
        &self,
        who: &Session,
        name: &str,
        roles: &[&str],
    ) -> Result<Account, DeskError> {
        let permit = self.permit_act(who, Act::ManageUsers).await?;
        self.check_roles(roles)?;
        let tx = self.vault.store.begin_alone().await?;
        let mut account = self.known_account(name).await?;
        not_their_own(who, &account)?;
        account.roles = words(roles);
        let subject = format!("account {name}: now roles {}", roles.join(", "));
        let token = account.token.clone();
        self.enter_account(tx, permit, &account, &token, ("roles-changed", subject)).await?;
        Ok(account)
    }

    fn check_end_of(&self, account: &Account, expires: Option<i64>) -> Result<(), DeskError> {
        match (account.machine, expires) {
            (false, None) => Ok(()),
            (false, Some(_)) => Err(DeskError::unusable(
                "expires: a person’s token has no end; leave it out, or make a machine account",
            )),
            (true, None) => Err(DeskError::unusable("expires: a machine’s token must end; say when")),
            (true, Some(end)) => self.check_end(end),
        }
    }

    fn check_end(&self, expires: i64) -> Result<(), DeskError> {
        let left = expires.saturating_sub(self.clock.now());
        if (1..=LONGEST).contains(&left) {
            return Ok(());
        }
        Err(DeskError::unusable(format!(
            "expires: a machine’s token ends within 366 days from now, and {} is not within them; choose another moment",
            moment_text(expires)
        )))
    }
}

/// Nobody changes their own account: they could give themselves rights, or be left outside.
pub(crate) fn not_their_own(who: &Session, account: &Account) -> Result<(), DeskError> {
    if account.actor != who.actor() {
        return Ok(());
    }
    Err(DeskError::not_now("account: nobody changes their own account; ask another administrator"))
}
