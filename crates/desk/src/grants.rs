//! Grants: for a time, and for a reason, somebody belongs to a restriction group. One person
//! proposes, another approves, and both are in the log. There is no other way into a group, and a
//! grant widens nothing beyond the matrix.

use crate::Desk;
use crate::approval::{Deed, TwoPersons};
use crate::clock::moment_text;
use crate::error::DeskError;
use crate::labels::check_group;
use crate::session::Session;
use jiff::civil::Date;
use law::access::Act;
use ledger::Detail;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use vault::store::{ItemRow, RecordStore};

/// Area of the sealed grants.
pub(crate) const GRANT: &str = "grant";
/// Name of the counter that numbers them: no kind has it.
const COUNTER: u16 = u16::MAX - 2;

/// Somebody's membership of a restriction group for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// `G-1`, `G-2` …
    pub id: String,
    /// The account.
    pub account: String,
    /// The restriction group.
    pub group: String,
    /// From when: microseconds since 1970-01-01T00:00:00Z.
    pub from: i64,
    /// Until when.
    pub until: i64,
    /// Why.
    pub ground: String,
    /// Who proposed and who approved it.
    pub persons: TwoPersons,
    /// Who withdrew it, and when.
    #[serde(default)]
    pub withdrawn: Option<Deed>,
}

impl Grant {
    /// Whether it counts at a moment.
    #[must_use]
    pub fn counts_at(&self, at: i64) -> bool {
        self.persons.approved.is_some() && self.withdrawn.is_none() && (self.from..self.until).contains(&at)
    }

    /// What an entry of the log says of it.
    fn entry(&self, done: &str) -> Detail {
        let (from, until) = (moment_text(self.from), moment_text(self.until));
        let subject = format!(
            "grant {} {done}: {} in group {} from {from} until {until}",
            self.id, self.account, self.group
        );
        Detail { subject: Some(subject), ..Detail::default() }
    }
}

impl<S: RecordStore> Desk<S> {
    /// Proposes a grant from the first day, or from now on, to the end of the last day in London. It
    /// counts once somebody else approved it.
    ///
    /// # Errors
    /// A refusal; an unknown account; an empty group or ground; an end before the start.
    pub async fn propose_grant(
        &self,
        who: &Session,
        account: &str,
        group: &str,
        (first, last): (Option<Date>, Date),
        ground: &str,
    ) -> Result<Grant, DeskError> {
        let permit = self.permit_act(who, Act::ProposeGrant).await?;
        let (account, group, ground) = (account.trim(), group.trim(), ground.trim());
        if self.account(account).await?.is_none() {
            return Err(DeskError::unusable(format!("account: there is no account “{account}”")));
        }
        check_group(group)?;
        if ground.is_empty() {
            return Err(DeskError::unusable("ground: say why they are to belong to the restriction group"));
        }
        let (from, until) =
            (first.map(begins).transpose()?, last.tomorrow().map_err(no_day).and_then(begins)?);
        let from = from.unwrap_or_else(|| self.clock.now());
        if until <= from.max(self.clock.now()) {
            return Err(DeskError::unusable("until: the grant ends before it begins, or has ended already"));
        }
        let mut tx = self.vault.store.begin().await?;
        let number = self.vault.store.take_references(&mut tx, COUNTER, 1).await?;
        let grant = Grant {
            id: format!("G-{number}"),
            account: account.to_owned(),
            group: group.to_owned(),
            from,
            until,
            ground: ground.to_owned(),
            persons: TwoPersons::proposed(who, self.clock.now()),
            withdrawn: None,
        };
        self.keep_item(&mut tx, GRANT, &grant.id, &grant).await?;
        self.vault.store.put_setting(&mut tx, &of_account(&grant.account), &grant.id, "").await?;
        let pending = self.ledger.record_in(&mut tx, &[(&permit, grant.entry("proposed"))]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        Ok(grant)
    }

    /// Approves a grant, as somebody else than who proposed it and than who would get it.
    ///
    /// # Errors
    /// A refusal; an unknown grant; the proposer or the person themselves.
    pub async fn approve_grant(&self, who: &Session, id: &str) -> Result<Grant, DeskError> {
        let permit = self.permit_act(who, Act::ApproveGrant).await?;
        let now = self.clock.now();
        self.decide(&permit, (GRANT, "grant"), &id.trim().to_uppercase(), |grant: &mut Grant| {
            if let Some(deed) = &grant.withdrawn {
                let why = format!("{} was withdrawn by {}: propose another", grant.id, deed.name);
                return Err(DeskError::not_now(why));
            }
            // An account's name stays with one person for good.
            if grant.account == who.name() {
                return Err(DeskError::not_now(format!(
                    "{} is for you: somebody else approves it",
                    grant.id
                )));
            }
            grant.persons.approve(&grant.id, who, now)?;
            Ok(grant.entry("approved"))
        })
        .await
    }

    /// Withdraws a grant: it counts no more from the next request on.
    ///
    /// # Errors
    /// A refusal, or an unknown grant.
    pub async fn withdraw_grant(&self, who: &Session, id: &str) -> Result<Grant, DeskError> {
        let permit = self.permit_act(who, Act::ProposeGrant).await?;
        let now = self.clock.now();
        self.decide(&permit, (GRANT, "grant"), &id.trim().to_uppercase(), |grant: &mut Grant| {
            grant.withdrawn.get_or_insert(Deed::of(who, now));
            Ok(Detail { event: Some("grant-withdrawn"), ..grant.entry("withdrawn") })
        })
        .await
    }

    /// All grants, those that ended too.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn grants(&self, who: &Session) -> Result<Vec<Grant>, DeskError> {
        let permit = self.permit_either(who, [Act::ProposeGrant, Act::ApproveGrant]).await?;
        let detail = Detail { subject: Some("list of grants".to_owned()), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        let kept: Vec<(ItemRow, Grant)> = self.kept_under(GRANT, "").await?;
        Ok(kept.into_iter().map(|(_, grant)| grant).collect())
    }

    /// The restriction groups that somebody at the door belongs to now.
    #[must_use]
    pub fn groups_now(&self, who: &Session) -> BTreeSet<String> {
        who.at(self.clock.now()).groups.clone()
    }

    /// The grants of an account that are approved and have not ended.
    pub(crate) async fn grants_of(&self, account: &str) -> Result<Vec<Grant>, DeskError> {
        let now = self.clock.now();
        let mut grants = Vec::new();
        for (id, _) in self.vault.store.settings(&of_account(account)).await? {
            let grant: Option<Grant> = self.kept(GRANT, &id).await?;
            grants.extend(grant.filter(|grant| grant.until > now && grant.persons.approved.is_some()));
        }
        Ok(grants)
    }
}

/// The moment at which a day begins in London.
fn begins(day: Date) -> Result<i64, DeskError> {
    let midnight = day.in_tz("Europe/London").map_err(no_day)?;
    Ok(midnight.timestamp().as_microsecond())
}

fn no_day(_: jiff::Error) -> DeskError {
    DeskError::unusable("from, until: the day cannot be used; give it as 2026-12-31")
}

/// Area of the settings that name an account's grants, so that signing in reads no other's.
fn of_account(account: &str) -> String {
    format!("grants-of/{account}")
}
