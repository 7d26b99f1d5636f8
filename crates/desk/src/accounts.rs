//! Accounts of the people who work here and of other systems, and the tokens that prove them. A
//! token is 256 random bits, shown once; only its SHA-256 is kept, so the store gives nobody a way
//! in. Roles, locks and ends are looked up each time that a token is shown, so a change of them is
//! effective at the next request ([`crate::tokens`] makes such changes). People sign in to the pages with a
//! password: [`crate::sign_in`].

use crate::clock::id_at;
use crate::error::DeskError;
use crate::session::{Proof, Session};
use crate::tokens::not_their_own;
use crate::{Desk, door};
use law::access::{Act, Context, Matrix, Permit};
use ledger::Detail;
use model::ActorId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use vault::store::RecordStore;
use zeroize::Zeroizing;

mod changes;

/// Area of the accounts.
pub(crate) const ACCOUNT: &str = "account";
const TOKEN: &str = "token";
/// Area of the accounts' names, by who they are in the log.
const NAME_OF: &str = "account-of";

/// A person who works here, or another system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Who they are in the log.
    pub actor: ActorId,
    /// The name under which they sign in.
    pub name: String,
    /// Roles of the access matrix.
    pub roles: BTreeSet<String>,
    /// Their unit.
    #[serde(default)]
    pub unit: Option<String>,
    /// Whether they may still sign in.
    #[serde(default)]
    pub locked: bool,
    /// Whether it is another system and not a person.
    #[serde(default)]
    pub machine: bool,
    /// From when on its token proves nobody, by the clock of this machine alone: microseconds since
    /// 1970-01-01T00:00:00Z. A person's token has no end.
    #[serde(default)]
    pub expires: Option<i64>,
    /// Whether they have a password; it stands apart, and a machine has none.
    #[serde(default)]
    pub has_password: bool,
    /// Digest of the token that proves them, in hexadecimal; empty where it was revoked.
    pub(crate) token: String,
}

impl Account {
    /// Whether a token proves it at all.
    #[must_use]
    pub fn has_token(&self) -> bool {
        !self.token.is_empty() && !self.locked
    }

    /// Whether its token proves it at a moment.
    pub(crate) fn works_at(&self, now: i64) -> bool {
        self.has_token() && self.expires.is_none_or(|end| now < end)
    }

    /// Whether it is a person's who may sign in with a password, if they have one.
    pub(crate) fn may_have_password(&self) -> bool {
        !self.locked && !self.machine
    }

    /// Whether a proof of this sort may still be shown at a moment.
    pub(crate) fn is_proved_by(&self, proof: Proof, now: i64) -> bool {
        match proof {
            Proof::Token => self.works_at(now),
            Proof::Password => self.has_password && self.may_have_password(),
        }
    }

    /// Whether anything proves it at a moment.
    pub(crate) fn has_a_way_in(&self, now: i64) -> bool {
        [Proof::Token, Proof::Password].into_iter().any(|proof| self.is_proved_by(proof, now))
    }
}

/// A new account with the token that is shown once.
#[derive(Debug)]
pub struct NewAccount {
    /// The account.
    pub account: Account,
    /// Its token.
    pub token: Zeroizing<String>,
}

/// A change of an account: what the force's log says of it, and its name in the program's log, which names
/// nobody.
pub(crate) struct AccountChange {
    event: &'static str,
    subject: String,
}

impl From<String> for AccountChange {
    fn from(subject: String) -> Self {
        Self { event: "account-changed", subject }
    }
}

impl From<(&'static str, String)> for AccountChange {
    fn from((event, subject): (&'static str, String)) -> Self {
        Self { event, subject }
    }
}

impl<S: RecordStore> Desk<S> {
    /// Who a token proves; `None` where it proves nobody. Both are entered in the log; the token is
    /// not.
    ///
    /// # Errors
    /// Faults of store and log.
    pub async fn sign_in(&self, token: &str) -> Result<Option<Session>, DeskError> {
        let session = self.proved_by(token).await?;
        let now = self.clock.now();
        let context = session.as_ref().map(|session| session.at(now));
        self.ledger.record_log_in(context.as_deref(), now).await?;
        Ok(session)
    }

    /// Who a token proves at this moment, without an entry: for a door that is asked again and again
    /// within one sitting, whose beginning [`Desk::sign_in`] enters. What is then done has entries of
    /// its own.
    ///
    /// # Errors
    /// Faults of the store.
    pub async fn proved_by(&self, token: &str) -> Result<Option<Session>, DeskError> {
        let digest = digest(token.trim());
        let Some(name) = self.vault.store.setting(TOKEN, &digest).await? else { return Ok(None) };
        let account = self.account(&name).await?;
        let now = self.clock.now();
        let valid = account.filter(|account| account.works_at(now) && account.token == digest);
        match valid {
            Some(account) => Ok(Some(self.as_they_may_act(account).await?)),
            None => Ok(None),
        }
    }

    /// Somebody as they may act now, though they are not at the door: what they are told while they are
    /// away is judged by it.
    pub(crate) async fn as_they_may_act(&self, account: Account) -> Result<Session, DeskError> {
        let grants = self.grants_of(&account.name).await?;
        Ok(Session::new(context_of(account)).with_grants(grants))
    }

    /// Somebody at the door as they may act now: for work that goes on long after it was begun.
    ///
    /// # Errors
    /// An account that was locked, whose proof was taken away or has ended, or that is gone.
    pub(crate) async fn still(&self, who: &Session) -> Result<Session, DeskError> {
        let now = self.clock.now();
        let account = self.account(who.name()).await?;
        let may = |account: &Account| account.actor == who.actor() && account.is_proved_by(who.proof(), now);
        let account = account.filter(may);
        let account = account.ok_or_else(|| {
            DeskError::not_now(format!(
                "the account “{}” was locked, or its token revoked or ended, meanwhile: what was done until then stays,                  and somebody else may go on from there",
                who.name()
            ))
        })?;
        Ok(who.renewed(self.as_they_may_act(account).await?))
    }

    /// Makes an account. Only the first ones of a deployment are made without somebody who may. It belongs to
    /// no restriction group: that takes a grant, and two persons ([`crate::grants`]).
    ///
    /// # Errors
    /// A refusal, or a name or role that cannot be used.
    pub async fn add_account(
        &self,
        who: &Session,
        name: &str,
        roles: &[&str],
    ) -> Result<NewAccount, DeskError> {
        let permit = self.permit_act(who, Act::ManageUsers).await?;
        let tx = self.vault.store.begin_alone().await?;
        self.check_account(name, roles).await?;
        let made = self.new_account(name, roles)?;
        let subject = format!("account {name}: roles {}", roles.join(", "));
        self.enter_account(tx, permit, &made.account, "", ("account-added", subject)).await?;
        Ok(made)
    }

    /// Locks an account: its token proves nobody from now on, its password is gone, and its sessions end.
    ///
    /// # Errors
    /// A refusal, or an unknown name.
    pub async fn lock_account(&self, who: &Session, name: &str) -> Result<(), DeskError> {
        let permit = self.permit_act(who, Act::ManageUsers).await?;
        let mut tx = self.vault.store.begin_alone().await?;
        let mut account = self.known_account(name).await?;
        self.check_somebody_is_left(&account).await?;
        not_their_own(who, &account)?;
        account.locked = true;
        self.take_password(&mut tx, &mut account).await?;
        let old = std::mem::take(&mut account.token);
        let change = ("account-locked", format!("account {name}: locked"));
        self.enter_account(tx, permit, &account, &old, change).await
    }

    /// Says of which unit somebody is. What they record from their next sign-in on is of it.
    ///
    /// # Errors
    /// A refusal, an unknown name, or a unit that cannot be used.
    pub async fn put_in_unit(&self, who: &Session, name: &str, unit: &str) -> Result<Account, DeskError> {
        let permit = self.permit_act(who, Act::ManageUsers).await?;
        let unit = unit.trim();
        if unit.chars().count() > 100 || unit.chars().any(char::is_control) {
            return Err(DeskError::unusable("unit: a unit's name has at most 100 letters, all of one line"));
        }
        let tx = self.vault.store.begin_alone().await?;
        let mut account = self.known_account(name).await?;
        account.unit = (!unit.is_empty()).then(|| unit.to_owned());
        let token = account.token.clone();
        self.enter_account(tx, permit, &account, &token, format!("account {name}: unit “{unit}”")).await?;
        Ok(account)
    }

    /// All accounts by name.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn accounts(&self, who: &Session) -> Result<Vec<Account>, DeskError> {
        let permit = self.permit_act(who, Act::ManageUsers).await?;
        let detail = Detail { subject: Some("list of accounts".to_owned()), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        self.all_accounts().await
    }

    /// Makes the first accounts of a deployment that has none: one administrator, one records
    /// reviewer and one auditor, so that nobody approves their own work. The system enters them.
    ///
    /// # Errors
    /// Where there are accounts already.
    pub async fn first_accounts(&self, names: [(&str, &str); 3]) -> Result<Vec<NewAccount>, DeskError> {
        self.make_first_accounts(names, Vec::new(), false).await
    }

    /// The same, with the hashes of their passwords where they have some.
    pub(crate) async fn make_first_accounts(
        &self,
        names: [(&str, &str); 3],
        hashes: Vec<String>,
        must_change: bool,
    ) -> Result<Vec<NewAccount>, DeskError> {
        self.check_no_account().await?;
        let now = self.clock.now();
        let _entered = self.ledger.record_machine("the first accounts of the deployment", &[], now).await?;
        let mut made = Vec::new();
        let mut tx = self.vault.store.begin_alone().await?;
        // Once more: the entry before was made where others could write.
        self.check_no_account().await?;
        let mut hashes = hashes.into_iter();
        for (name, role) in names {
            self.check_account(name, &[role]).await?;
            let mut new = self.new_account(name, &[role])?;
            if let Some(hash) = hashes.next() {
                self.put_first_password(&mut tx, &mut new.account, hash, must_change).await?;
            }
            self.put_account(&mut tx, &new.account).await?;
            made.push(new);
        }
        self.vault.store.commit(tx).await?;
        Ok(made)
    }

    async fn check_no_account(&self) -> Result<(), DeskError> {
        match self.vault.store.settings(ACCOUNT).await?.is_empty() {
            true => Ok(()),
            false => Err(DeskError::unusable(
                "the folder holds a deployment already, with accounts: choose another folder, or let its \
                 administrator add accounts",
            )),
        }
    }

    pub(crate) async fn all_accounts(&self) -> Result<Vec<Account>, DeskError> {
        let rows = self.vault.store.settings(ACCOUNT).await?;
        rows.iter().map(|(_, value)| door::from_json(value)).collect()
    }

    /// Keeps an account and the digest of its token in place of the old one, with the entry of the
    /// change of permissions, in one transaction.
    pub(crate) async fn enter_account(
        &self,
        mut tx: S::Tx,
        permit: Permit,
        account: &Account,
        old_token: &str,
        change: impl Into<AccountChange>,
    ) -> Result<(), DeskError> {
        if !old_token.is_empty() && old_token != account.token {
            self.vault.store.delete_setting(&mut tx, TOKEN, old_token).await?;
        }
        self.put_account(&mut tx, account).await?;
        let AccountChange { event, subject } = change.into();
        let detail = Detail { subject: Some(subject), event: Some(event), ..Detail::default() };
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        Ok(())
    }

    pub(crate) async fn known_account(&self, name: &str) -> Result<Account, DeskError> {
        let account = self.account(name.trim()).await?;
        account.ok_or_else(|| DeskError::unknown(format!("there is no account “{name}”")))
    }

    pub(crate) async fn account(&self, name: &str) -> Result<Option<Account>, DeskError> {
        let value = self.vault.store.setting(ACCOUNT, name).await?;
        value.as_deref().map(door::from_json).transpose()
    }

    /// The name of whoever this is in the log; `None` for one who has no account.
    pub(crate) async fn account_name(&self, actor: ActorId) -> Result<Option<String>, DeskError> {
        Ok(self.vault.store.setting(NAME_OF, &actor.to_string()).await?)
    }

    pub(crate) async fn check_account(&self, name: &str, roles: &[&str]) -> Result<(), DeskError> {
        let plain = |c: char| c.is_alphanumeric() || "-._' ".contains(c);
        if name.trim().is_empty() || name.len() > 100 || !name.chars().all(plain) {
            let rule = "an account's name has 1 to 100 letters, digits, spaces, dots, hyphens or underlines";
            return Err(DeskError::unusable(format!("account name: {rule}")));
        }
        if self.account(name).await?.is_some() {
            return Err(DeskError::not_now(format!(
                "account name: there is an account “{name}” already; choose another"
            )));
        }
        self.check_roles(roles)
    }

    pub(crate) fn check_roles(&self, roles: &[&str]) -> Result<(), DeskError> {
        let matrix = self.matrix();
        let known = |role: &&&str| matrix.roles.contains_key(**role);
        match roles.iter().find(|role| !known(role)) {
            None if roles.is_empty() => Err(DeskError::unusable("role: give at least one")),
            None => check_apart(&matrix, roles),
            Some(role) => {
                let roles: Vec<&str> = matrix.roles.keys().map(String::as_str).collect();
                Err(DeskError::unusable(format!(
                    "role: there is no “{role}”; choose of {}",
                    roles.join(", ")
                )))
            }
        }
    }

    pub(crate) fn new_account(&self, name: &str, roles: &[&str]) -> Result<NewAccount, DeskError> {
        let token = new_token()?;
        let account = Account {
            actor: ActorId(id_at(self.clock.now())),
            name: name.to_owned(),
            roles: words(roles),
            unit: None,
            locked: false,
            machine: false,
            expires: None,
            has_password: false,
            token: digest(&token),
        };
        Ok(NewAccount { account, token })
    }

    async fn put_account(&self, tx: &mut S::Tx, account: &Account) -> Result<(), DeskError> {
        let store = &self.vault.store;
        store.put_setting(tx, ACCOUNT, &account.name, &door::json(account)?).await?;
        store.put_setting(tx, NAME_OF, &account.actor.to_string(), &account.name).await?;
        if !account.token.is_empty() {
            store.put_setting(tx, TOKEN, &account.token, &account.name).await?;
        }
        Ok(())
    }
}

/// Running the system and reading records are never in one hand (DPA 2018 s.57).
fn check_apart(matrix: &Matrix, roles: &[&str]) -> Result<(), DeskError> {
    match matrix.role_apart_from_administrator(roles) {
        None => Ok(()),
        Some(role) => Err(DeskError::unusable(format!(
            "role: “{role}” shows records, or what was said of them, and nobody has it together with \
             “administrator”, who runs the system and reads no record (DPA 2018 s.57); give it to another \
             account: `bluelamp users add NAME --role {role}`"
        ))),
    }
}

pub(crate) fn words(words: &[&str]) -> BTreeSet<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn context_of(account: Account) -> Context {
    Context {
        actor: account.actor,
        name: account.name,
        roles: account.roles,
        groups: BTreeSet::new(),
        unit: account.unit,
        device: None,
        purpose: None,
        task: None,
        at: 0,
    }
}

pub(crate) fn new_token() -> Result<Zeroizing<String>, DeskError> {
    let key = sealing::SecretKey::generate().map_err(|error| DeskError::damaged(error.to_string()))?;
    Ok(Zeroizing::new(format!("bl_{}", hex::encode(key.expose()))))
}

pub(crate) fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}
