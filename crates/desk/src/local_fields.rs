//! A force's own fields and code lists: dated declarations that one person proposes and another approves, and
//! that count from then on without a new release ([`model::derived::local`]). A field never changes its meaning;
//! it can end, and what was answered until then stays, to be read, found and erased.

mod asked;
mod in_use;
mod lists;

pub use asked::{FieldAsked, SORTS, Sort};
pub(crate) use in_use::Refiling;
pub use lists::{DeclaredList, ListAsked, read_codes};

use crate::Desk;
use crate::approval::{Deed, TwoPersons};
use crate::clock::london_day;
use crate::error::DeskError;
use crate::session::Session;
use jiff::civil::Date;
use law::access::Act;
use ledger::Detail;
use model::derived::local::{self, LocalField};
use model::kind::{FIRST_LOCAL_FIELD, FIRST_PLAIN_COLUMN, LOCAL};
use model::kinds;
use serde::{Deserialize, Serialize};
use vault::store::RecordStore;

/// Area of the sealed declarations of fields.
const FIELD: &str = "local-field";
/// Name of the counter that numbers them, and with them their fields: no kind has it.
const COUNTER: u16 = u16::MAX - 4;

/// A field that somebody proposed for a kind of record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclaredField {
    /// `LF-1`, `LF-2` …
    pub id: String,
    /// Name of the kind of record.
    pub kind: String,
    /// The declaration.
    pub field: LocalField,
    /// By what authority it is asked: a policy, a direction, a statute.
    pub source: String,
    /// Who proposed and who approved it.
    pub persons: TwoPersons,
    /// Who refused it, and why.
    #[serde(default)]
    pub refused: Option<Closed>,
    /// Who ended it, and why; the declaration says on which day.
    #[serde(default)]
    pub ended: Option<Closed>,
}

/// Who closed something, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Who, and when.
    pub by: Deed,
    /// Why.
    pub why: String,
}

/// How a declaration stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// A second person has not decided yet.
    Waits,
    /// It was refused.
    Refused,
    /// It is approved, and its first day has not come.
    BeginsLater,
    /// It counts.
    Counts,
    /// Nothing new is answered; what was answered stays.
    Ended,
}

impl Stands {
    /// In a word or three.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Waits => "waits for a second person",
            Self::Refused => "refused",
            Self::BeginsLater => "begins later",
            Self::Counts => "counts",
            Self::Ended => "ended",
        }
    }
}

impl DeclaredField {
    /// The field's name in JSON, commands and searches: `local.ward`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{LOCAL}{}", self.field.name)
    }

    /// How it stands on a day.
    #[must_use]
    pub fn stands(&self, today: Date) -> Stands {
        match self {
            Self { refused: Some(_), .. } => Stands::Refused,
            declared if declared.persons.approved.is_none() => Stands::Waits,
            declared if declared.field.until.is_some_and(|until| until < today) => Stands::Ended,
            declared if declared.field.from.is_some_and(|from| from > today) => Stands::BeginsLater,
            _ => Stands::Counts,
        }
    }

    /// What whoever decides should look at once more.
    #[must_use]
    pub fn advice(&self) -> Vec<String> {
        kinds::by_name(&self.kind).map_or_else(Vec::new, |kind| local::advice(kind, &self.field))
    }

    /// Whether it takes part in what the program works with.
    fn is_approved(&self) -> bool {
        self.persons.approved.is_some() && self.refused.is_none()
    }

    /// What an entry of the log says of it.
    fn entry(&self, done: &str) -> Detail {
        let subject = format!("local field {} {done}: {} of {}", self.id, self.name(), self.kind);
        Detail { subject: Some(subject), ..Detail::default() }
    }
}

impl<S: RecordStore> Desk<S> {
    /// Proposes a field for a kind of record. It counts once somebody else has approved it.
    ///
    /// # Errors
    /// A refusal; what is missing or cannot be, by the name of what was asked; a name that another field of
    /// the kind has or had.
    pub async fn propose_local_field(
        &self,
        who: &Session,
        asked: &FieldAsked,
    ) -> Result<DeclaredField, DeskError> {
        let permit = self.permit_act(who, Act::ProposeLocalField).await?;
        let today = london_day(self.clock.now());
        let (kind, field) = asked.declaration(today)?;
        let mut tx = self.vault.store.begin_alone().await?;
        let held = self.declared_fields().await?;
        let is_same = |other: &&DeclaredField| {
            other.kind == kind.name && other.field.name == field.name && other.refused.is_none()
        };
        if let Some(other) = held.iter().find(is_same) {
            return Err(DeskError::unusable(format!(
                "name: {} has “{}” already ({}, {}); a name is never given again, so choose another",
                kind.title,
                other.name(),
                other.id,
                other.stands(today).words()
            )));
        }
        let number = self.vault.store.take_references(&mut tx, COUNTER, 1).await?;
        let field = LocalField { number: field_number(number)?, ..field };
        self.check_declaration(&held, kind.name, &field).await?;
        let declared = DeclaredField {
            id: format!("LF-{number}"),
            kind: kind.name.to_owned(),
            field,
            source: asked.source.trim().to_owned(),
            persons: TwoPersons::proposed(who, self.clock.now()),
            refused: None,
            ended: None,
        };
        self.keep_item(&mut tx, FIELD, &declared.id, &declared).await?;
        let pending = self.ledger.record_in(&mut tx, &[(&permit, declared.entry("proposed"))]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        Ok(declared)
    }

    /// Approves a field, as somebody else than who proposed it: from its first day on it is asked, shown,
    /// found, counted and erased as the fields of the release are.
    ///
    /// # Errors
    /// A refusal; an unknown field; the proposer themselves; one that was decided already.
    pub async fn approve_local_field(&self, who: &Session, id: &str) -> Result<DeclaredField, DeskError> {
        let permit = self.permit_act(who, Act::ApproveLocalField).await?;
        let now = self.clock.now();
        let others = self.declared_fields().await?;
        let proposed = others.iter().find(|other| other.id == named(id));
        if let Some(proposed) = proposed.filter(|proposed| !proposed.is_approved()) {
            self.check_declaration(&others, &proposed.kind, &proposed.field).await?;
        }
        let approve = |declared: &mut DeclaredField| {
            check_waits(&declared.id, declared.refused.as_ref())?;
            declared.persons.approve(&declared.id, who, now)?;
            Ok(declared.entry("approved"))
        };
        let approved = self.decide(&permit, (FIELD, "local field"), &named(id), approve).await?;
        self.use_declarations().await?;
        Ok(approved)
    }

    /// Refuses a field that waits for a second person, or takes one's own proposal back.
    ///
    /// # Errors
    /// A refusal; an unknown field; one that was decided already; no reason.
    pub async fn refuse_local_field(
        &self,
        who: &Session,
        id: &str,
        why: &str,
    ) -> Result<DeclaredField, DeskError> {
        let permit = self.permit_either(who, [Act::ApproveLocalField, Act::ProposeLocalField]).await?;
        let closed = closed(who, why, self.clock.now())?;
        let refuse = |declared: &mut DeclaredField| {
            check_waits(&declared.id, declared.refused.as_ref())?;
            check_not_approved(&declared.id, &declared.persons)?;
            declared.refused = Some(closed);
            Ok(declared.entry("refused"))
        };
        self.decide(&permit, (FIELD, "local field"), &named(id), refuse).await
    }

    /// Ends a field with a day that counts still; at once where none is given. Nothing new is answered after
    /// it. What was answered is read, found, given in an access request and erased as before.
    ///
    /// # Errors
    /// A refusal; an unknown field; one that does not count; a day that is over; no reason.
    pub async fn end_local_field(
        &self,
        who: &Session,
        id: &str,
        last: Option<Date>,
        why: &str,
    ) -> Result<DeclaredField, DeskError> {
        let permit = self.permit_act(who, Act::ProposeLocalField).await?;
        let closed = closed(who, why, self.clock.now())?;
        let today = london_day(self.clock.now());
        if last.is_some_and(|last| last < today) {
            return Err(DeskError::unusable("last: that day is over; name today or a later day, or none"));
        }
        let yesterday = today.yesterday().map_err(|_| DeskError::unusable("last: the day cannot be used"))?;
        let end = |declared: &mut DeclaredField| {
            if declared.stands(today) != Stands::Counts && declared.stands(today) != Stands::BeginsLater {
                let (id, stands) = (&declared.id, declared.stands(today).words());
                return Err(DeskError::not_now(format!("{id} {stands}: there is nothing to end")));
            }
            declared.field.until = Some(last.unwrap_or(yesterday));
            declared.ended = Some(closed);
            Ok(declared.entry("ended"))
        };
        let ended = self.decide(&permit, (FIELD, "local field"), &named(id), end).await?;
        self.use_declarations().await?;
        Ok(ended)
    }

    /// All fields that were proposed, in their order; those refused and ended too.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn local_fields(&self, who: &Session) -> Result<Vec<DeclaredField>, DeskError> {
        let permit = self.permit_either(who, [Act::ProposeLocalField, Act::ApproveLocalField]).await?;
        let detail = Detail { subject: Some("list of local fields".to_owned()), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        self.declared_fields().await
    }

    async fn declared_fields(&self) -> Result<Vec<DeclaredField>, DeskError> {
        let kept = self.kept_under::<DeclaredField>(FIELD, "").await?;
        let mut fields: Vec<DeclaredField> = kept.into_iter().map(|(_, declared)| declared).collect();
        fields.sort_by_key(|declared| declared.field.number);
        Ok(fields)
    }

    /// Whether a field stands beside the others of its kind, and its list is there.
    async fn check_declaration(
        &self,
        others: &[DeclaredField],
        kind: &str,
        field: &LocalField,
    ) -> Result<(), DeskError> {
        let beside = others.iter().filter(|other| other.is_approved() && other.field.number != field.number);
        let mut fields: Vec<_> = beside.map(|other| (other.kind.clone(), other.field.clone())).collect();
        fields.push((kind.to_owned(), field.clone()));
        let lists = self.lists_in_force().await?;
        match local::OfForce::accept(lists, &fields) {
            Ok(_) => Ok(()),
            Err(faults) => Err(DeskError::unusable(format!("field: {}", faults.join("; ")))),
        }
    }
}

/// A field's permanent number, of the number of its declaration.
fn field_number(declaration: u64) -> Result<u16, DeskError> {
    let number = declaration.checked_sub(1).and_then(|at| at.checked_add(u64::from(FIRST_LOCAL_FIELD)));
    let number = number.and_then(|number| u16::try_from(number).ok());
    number.filter(|number| *number < FIRST_PLAIN_COLUMN).ok_or_else(|| {
        DeskError::not_now("no number is left for a further field: numbers of fields are never given again")
    })
}

fn named(id: &str) -> String {
    id.trim().to_uppercase()
}

fn closed(who: &Session, why: &str, at: i64) -> Result<Closed, DeskError> {
    match why.trim() {
        "" => Err(DeskError::unusable("why: say why, for whoever reads it later")),
        why => Ok(Closed { by: Deed::of(who, at), why: why.to_owned() }),
    }
}

fn check_waits(id: &str, refused: Option<&Closed>) -> Result<(), DeskError> {
    match refused {
        None => Ok(()),
        Some(refused) => {
            Err(DeskError::not_now(format!("{id} was refused by {}: propose it anew", refused.by.name)))
        }
    }
}

fn check_not_approved(id: &str, persons: &TwoPersons) -> Result<(), DeskError> {
    match &persons.approved {
        None => Ok(()),
        Some(deed) => Err(DeskError::not_now(format!("{id} was approved by {} already", deed.name))),
    }
}
