//! Records: found by reference, opened, their history, made and changed.

use crate::Desk;
use crate::clock::{id_at, london_day};
use crate::door::labels_of;
use crate::error::{Conflict, DeskError};
use crate::labels::usable;
use crate::session::Session;
use law::access::{Act, Action, Target, Why, absent};
use law::retention::first_review;
use ledger::Detail;
use model::body::Slot;
use model::derived::{Fields, compare, index, validate};
use model::{Body, Field, Kind, Labels, NotHeld, RecordId, Value, VersionId, VersionRef};
use uuid::Uuid;
use vault::store::RecordStore;
use vault::{Filing, Link, NewVersion, Plain, Sealed, VaultError, VersionRow};

mod once;
mod write;

use write::Writing;

/// Why a version was written, in its author's words: sealed with the body, under a number that no
/// kind uses.
pub const REASON: Field<String> = Field::new(9_999);

/// The unit that recorded it: sealed with the body, under a number that no kind uses. Kinds whose
/// source says so have a field of their own for it ([`Kind::unit`]).
pub const UNIT: Field<String> = Field::new(9_998);

/// A record that was made or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The version.
    pub version: VersionRef,
    /// Reference number within its kind.
    pub reference: u64,
    /// Ordinal of the version.
    pub ordinal: u32,
    /// Leaf of its entry in the log; its place follows at the next start where the log has stopped.
    pub leaf: Option<u64>,
    /// Whether its author finds it already; where the index has fallen behind it follows by itself.
    pub findable: bool,
}

/// What somebody changed in a record that they had opened.
#[derive(Debug)]
pub struct Edit {
    /// The record.
    pub record: RecordId,
    /// The version that they had before them.
    pub before: VersionId,
    /// What it is to say now.
    pub body: Body,
    /// New labels, where those change.
    pub labels: Option<Labels>,
    /// Fields that were erased by law and are stated anew, by somebody who saw that they were.
    pub anew: Vec<u16>,
    /// Why, in their words.
    pub reason: String,
}

impl<S: RecordStore> Desk<S> {
    /// The record with a reference such as `SS-0000123-H`. Looking for one that is not there is
    /// entered too.
    ///
    /// # Errors
    /// A reference that does not read, or [`DeskError::NotFound`].
    pub async fn resolve(&self, who: &Session, reference: &str) -> Result<RecordId, DeskError> {
        self.resolve_to(who, Action::View, reference).await
    }

    /// [`Desk::resolve`] for an action: who wants to act on a record that is not there hears what they
    /// would hear of one that is a secret to them.
    ///
    /// # Errors
    /// As [`Desk::resolve`], or a refusal of the action.
    pub async fn resolve_to(
        &self,
        who: &Session,
        action: Action,
        reference: &str,
    ) -> Result<RecordId, DeskError> {
        if let Some(record) = self.find_reference(reference).await? {
            return Ok(record);
        }
        let (kind, _) = parsed(reference)?;
        let refusal = absent(&self.matrix(), &who.at(self.clock.now()), action, kind.number);
        if refusal.why != Why::NotFound {
            return Err(self.refused(refusal).await?);
        }
        let seen =
            if self.matrix().allows(who.roles(), kind.number, Action::View) { Action::View } else { action };
        let permit = self.permit(who, seen, kind.number, &[]).await?;
        let query = Some(reference.trim().to_owned());
        let _receipt = self
            .ledger
            .record(vec![(permit, Detail { query, results: Some(0), ..Detail::default() })])
            .await?;
        Err(DeskError::NotFound)
    }

    /// The record with a reference, for an act that shows no record. Who may not do the act hears
    /// that, whatever is there; looking for one that is not there is entered.
    pub(crate) async fn resolve_for(
        &self,
        who: &Session,
        act: Act,
        reference: &str,
    ) -> Result<RecordId, DeskError> {
        let permit = self.permit_act(who, act).await?;
        if let Some(record) = self.find_reference(reference).await? {
            return Ok(record);
        }
        let query = Some(reference.trim().to_owned());
        let _receipt = self
            .ledger
            .record(vec![(permit, Detail { query, results: Some(0), ..Detail::default() })])
            .await?;
        Err(DeskError::NotFound)
    }

    /// The record with a reference, without a word in the log: what is then done with it has one.
    pub(crate) async fn find_reference(&self, reference: &str) -> Result<Option<RecordId>, DeskError> {
        let (kind, number) = parsed(reference)?;
        Ok(self.vault.store.by_reference(kind.number, number).await?)
    }

    /// Opens the newest version of a record.
    ///
    /// # Errors
    /// A refusal, or [`DeskError::NotFound`].
    pub async fn open_record(&self, who: &Session, record: RecordId) -> Result<Plain, DeskError> {
        let sealed = self.head(record).await?;
        self.open_sealed(who, sealed).await
    }

    /// Opens one version of a record by its ordinal. Access is that of the newest.
    ///
    /// # Errors
    /// A refusal, or [`DeskError::NotFound`].
    pub async fn open_version(
        &self,
        who: &Session,
        record: RecordId,
        ordinal: u32,
    ) -> Result<Plain, DeskError> {
        let versions = self.vault.history(record).await?;
        let newest = versions.last().ok_or(DeskError::NotFound)?;
        let labels = labels_of(newest.row())?;
        let (there, newest) = (newest.row().ordinal, newest.version());
        let wanted = versions.into_iter().find(|sealed| sealed.row().ordinal == ordinal);
        // Only who may see the record learns how many versions it has.
        let version = wanted.as_ref().map_or(newest, Sealed::version);
        let permit =
            self.permit(who, Action::View, version.kind, &[Target { version, labels: &labels }]).await?;
        let receipt = self.ledger.record(vec![(permit, Detail::default())]).await?;
        let none =
            || DeskError::unknown(format!("there is no version {ordinal}: the newest is version {there}"));
        Ok(wanted.ok_or_else(none)?.open(&receipt)?)
    }

    /// Opens all versions of a record, oldest first. Access is that of the newest: a tightened
    /// label covers the versions before it.
    ///
    /// # Errors
    /// A refusal, or [`DeskError::NotFound`].
    pub async fn open_history(&self, who: &Session, record: RecordId) -> Result<Vec<Plain>, DeskError> {
        let versions = self.vault.history(record).await?;
        let newest = versions.last().ok_or(DeskError::NotFound)?;
        let labels = labels_of(newest.row())?;
        let targets: Vec<Target<'_>> =
            versions.iter().map(|sealed| Target { version: sealed.version(), labels: &labels }).collect();
        let permit = self.permit(who, Action::View, newest.version().kind, &targets).await?;
        let receipt = self.ledger.record(vec![(permit, Detail::default())]).await?;
        let opened: Result<Vec<Plain>, VaultError> =
            versions.into_iter().map(|sealed| sealed.open(&receipt)).collect();
        Ok(opened?)
    }

    /// Makes a record.
    ///
    /// # Errors
    /// A refusal, or [`DeskError::Problems`] where a rule stops what was typed.
    pub async fn create_record(
        &self,
        who: &Session,
        kind: &'static Kind,
        body: Body,
        labels: Labels,
    ) -> Result<Written, DeskError> {
        let record = RecordId(id_at(self.clock.now()));
        self.create(who, kind, body, labels, record).await
    }

    /// Makes a record, once: the same person who sends the same record under the same key again,
    /// because the answer was lost, is told of the record that was made then.
    ///
    /// # Errors
    /// As [`Desk::create_record`]; a key that is not a UUIDv7 of the last or next 24 hours.
    pub async fn create_record_once(
        &self,
        who: &Session,
        kind: &'static Kind,
        body: Body,
        labels: Labels,
        key: Uuid,
    ) -> Result<Written, DeskError> {
        let record = once::record_id(key, who, kind, &body, &labels, self.clock.now())?;
        match self.create(who, kind, body, labels, record).await {
            // Whoever holds the transaction has seen that the record is there already.
            Err(DeskError::Vault(VaultError::Conflict { .. })) => self.made_before(record).await,
            other => other,
        }
    }

    async fn create(
        &self,
        who: &Session,
        kind: &'static Kind,
        mut body: Body,
        labels: Labels,
        record: RecordId,
    ) -> Result<Written, DeskError> {
        let permit = self.permit(who, Action::Create, kind.number, &[]).await?;
        self.check_ends(who, kind, &body).await?;
        let now = self.clock.now();
        let labels = usable(&who.at(now), labels)?;
        check_typed(kind, &Body::default(), &body, now)?;
        stopped(validate::problems(kind, &body, happened_day(kind, &body, now)))?;
        body.set(REASON, "made here".to_owned()).set_some(UNIT, who.at(now).unit.clone());
        let draft = Draft { kind, record, reference: 0, before: None, ordinal: 1, labels };
        let writing = Writing { who, draft, body, now, fields: Vec::new(), relabelled: false };
        self.write(&permit, &writing).await
    }

    /// Adds a version to a record.
    ///
    /// # Errors
    /// A refusal; [`DeskError::Problems`]; [`DeskError::Conflict`] where somebody else was quicker,
    /// with both changes.
    pub async fn change_record(&self, who: &Session, edit: Edit) -> Result<Written, DeskError> {
        let head = self.head(edit.record).await?;
        let permit = self.permit_on(who, Action::Change, &head).await?;
        if edit.reason.trim().is_empty() {
            return Err(DeskError::unusable("reason: say why the record is changed (DPA 2018 s.46, s.62)"));
        }
        let (kind, now) = (kind_of(head.row())?, self.clock.now());
        self.check_ends(who, kind, &edit.body).await?;
        let base = self.base_of(who, &edit).await?;
        check_erased(kind, &base.body, &edit)?;
        check_typed(kind, &base.body, &edit.body, now)?;
        let on = happened_day(kind, &edit.body, now);
        stopped(validate::problems_of_change(kind, &base.body, &edit.body, on))?;
        if head.row().version.version != edit.before {
            return Err(self.conflict(who, kind, &base, &edit.body, edit.record).await?);
        }
        let fields = changed_fields(&base.body, &edit.body);
        let relabelled = edit.labels.is_some();
        let labels = match edit.labels {
            Some(labels) => usable(permit.context(), labels)?,
            None => labels_of(head.row())?,
        };
        if fields.is_empty() && labels == labels_of(head.row())? {
            return Err(DeskError::unusable(
                "nothing would change: the record says all of this already, so no version was made",
            ));
        }
        let mut body = edit.body.clone();
        body.set(REASON, edit.reason.trim().to_owned()).set_some(UNIT, base.unit.clone());
        let draft = Draft {
            kind,
            record: edit.record,
            reference: head.row().reference,
            before: Some(edit.before),
            ordinal: head.row().ordinal + 1,
            labels,
        };
        let writing = Writing { who, draft, body, now, fields, relabelled };
        match self.write(&permit, &writing).await {
            Err(DeskError::Vault(VaultError::Conflict { .. })) => {
                Err(self.conflict(who, kind, &base, &edit.body, edit.record).await?)
            }
            other => other,
        }
    }

    /// What its author was told when a record was made. Nothing of the record is shown.
    async fn made_before(&self, record: RecordId) -> Result<Written, DeskError> {
        let versions = self.vault.store.history(record).await?;
        let first = versions.first().ok_or(DeskError::NotFound)?;
        let (version, reference, ordinal) = (first.version, first.reference, first.ordinal);
        Ok(Written { version, reference, ordinal, leaf: None, findable: true })
    }

    /// The newest version of a record, closed.
    pub(crate) async fn head(&self, record: RecordId) -> Result<Sealed, DeskError> {
        self.vault.heads(&[record]).await?.pop().ok_or(DeskError::NotFound)
    }

    pub(crate) async fn open_sealed(&self, who: &Session, sealed: Sealed) -> Result<Plain, DeskError> {
        let permit = self.permit_on(who, Action::View, &sealed).await?;
        let receipt = self.ledger.record(vec![(permit, Detail::default())]).await?;
        Ok(sealed.open(&receipt)?)
    }

    pub(crate) fn new_version(&self, draft: Draft, body: Body, who: &Session, now: i64) -> NewVersion {
        let happened = happened_at(draft.kind, &body);
        let review_due = first_review(&draft.kind.retention, draft.kind.day_of(&body), london_day(now));
        NewVersion {
            version: VersionRef {
                record: draft.record,
                version: VersionId(id_at(now)),
                kind: draft.kind.number,
            },
            before: draft.before,
            reference: draft.reference,
            ordinal: draft.ordinal,
            shape: draft.kind.shape,
            labels: draft.labels.canonical(),
            happened,
            review_due,
            link: link_of(draft.kind, &body),
            author: who.actor(),
            written: now,
            body,
        }
    }

    /// A link may lead only to records that its author may see: it would tell of them otherwise.
    async fn check_ends(&self, who: &Session, kind: &Kind, body: &Body) -> Result<(), DeskError> {
        let Some(link) = link_of(kind, body) else { return Ok(()) };
        for end in [link.from, link.to] {
            let head = self.head(end).await?;
            let _seen = self.permit_on(who, Action::View, &head).await?;
        }
        Ok(())
    }

    async fn base_of(&self, who: &Session, edit: &Edit) -> Result<Base, DeskError> {
        let sealed = self.vault.versions(&[edit.before]).await?.pop().ok_or(DeskError::NotFound)?;
        if sealed.version().record != edit.record {
            return Err(DeskError::NotFound);
        }
        let ordinal = sealed.row().ordinal;
        let plain = self.open_sealed(who, sealed).await?;
        Ok(Base { ordinal, unit: plain.get(UNIT), body: editable(&plain) })
    }

    async fn conflict(
        &self,
        who: &Session,
        kind: &Kind,
        base: &Base,
        wanted: &Body,
        record: RecordId,
    ) -> Result<DeskError, DeskError> {
        let present = self.open_record(who, record).await?;
        Ok(DeskError::Conflict(Box::new(Conflict {
            base: base.ordinal,
            present: present.row().ordinal,
            theirs: compare::differences(kind, &base.body, &editable(&present)),
            yours: compare::differences(kind, &base.body, wanted),
        })))
    }
}

/// Kind and number of a reference.
pub(crate) fn parsed(reference: &str) -> Result<(&'static Kind, u64), DeskError> {
    let parsed = model::reference::parse_reference(reference);
    parsed.map_err(|error| DeskError::unusable(format!("reference: {error}")))
}

/// What a new version is of.
#[derive(Clone)]
pub(crate) struct Draft {
    pub kind: &'static Kind,
    pub record: RecordId,
    pub reference: u64,
    pub before: Option<VersionId>,
    pub ordinal: u32,
    pub labels: Labels,
}

/// Statutory stops refuse the saving; warnings do not.
fn stopped(mut problems: Vec<validate::Problem>) -> Result<(), DeskError> {
    problems.retain(|problem| problem.stops);
    if problems.is_empty() { Ok(()) } else { Err(DeskError::Problems(problems)) }
}

/// Events of the future by more than this are mistakes, and not another clock.
const CLOCK_DIFFERENCE: i64 = 300_000_000;

/// What nobody can truly type: an event that has not happened yet, and where a record came from.
fn check_typed(kind: &Kind, before: &Body, after: &Body, now: i64) -> Result<(), DeskError> {
    let origin = model::kinds::provenance::GROUP.name;
    let is_origin = |decl: &&model::FieldDecl| decl.row_group.is_some_and(|group| group.name == origin);
    for decl in Fields::of(kind).iter().filter(is_origin) {
        if before.slot(decl.number) != after.slot(decl.number) {
            return Err(DeskError::unusable(format!(
                "{}: the system writes where a record came from; nobody changes it by hand",
                decl.name()
            )));
        }
    }
    check_open(kind, before, after, london_day(now))?;
    let happened = kind.happened.and_then(|number| kind.field(number));
    let is_ahead = happened_at(kind, after).is_some_and(|at| at > now + CLOCK_DIFFERENCE);
    match happened.filter(|decl| is_ahead && before.slot(decl.number) != after.slot(decl.number)) {
        None => Ok(()),
        Some(decl) => Err(DeskError::Problems(vec![validate::Problem {
            field: decl.name(),
            label: decl.label.to_owned(),
            rule: "future",
            law: "DPA 2018 s.38(1): personal data must be accurate".to_owned(),
            mend: "It lies in the future, and what is recorded here has happened; correct the date."
                .to_owned(),
            stops: true,
        }])),
    }
}

/// A field that a force has ended, or that begins later, gets no new answer. What was answered stays, and may be
/// taken away.
fn check_open(kind: &Kind, before: &Body, after: &Body, today: jiff::civil::Date) -> Result<(), DeskError> {
    let is_new = |decl: &&model::FieldDecl| {
        after.value(decl.number).is_some() && before.slot(decl.number) != after.slot(decl.number)
    };
    let closed = Fields::of(kind).iter().filter(|decl| !decl.is_open_on(today)).filter(is_new);
    let problems = closed.map(|decl| {
        let mend = match (decl.from, decl.until) {
            (Some(from), _) if from > today => {
                format!("It is answered from {from} on; leave it out until then.")
            }
            (_, Some(until)) => format!("It was answered until {until}, and no more; leave it as it was."),
            _ => "It is not answered today; leave it as it was.".to_owned(),
        };
        validate::Problem {
            field: decl.name(),
            label: decl.label.to_owned(),
            rule: "days",
            law: "DPA 2018 s.37: not more than is needed".to_owned(),
            mend,
            stops: true,
        }
    });
    stopped(problems.collect())
}

/// What was erased by law does not come back out of a page that was opened before the erasure.
fn check_erased(kind: &Kind, base: &Body, edit: &Edit) -> Result<(), DeskError> {
    let back = edit.body.slots().find(|(number, slot)| {
        base.not_held(*number) == Some(NotHeld::Erased)
            && matches!(slot, Slot::Held(_))
            && !edit.anew.contains(number)
    });
    let Some((number, _)) = back else { return Ok(()) };
    let label = kind.field(number).map_or("a field", |field| field.label);
    Err(DeskError::unusable(format!(
        "“{label}” was erased by law (DPA 2018 s.47) and does not come back from a page that was open before. \
         Open the record again; where it was lawfully collected anew, state it anew"
    )))
}

struct Base {
    ordinal: u32,
    unit: Option<String>,
    body: Body,
}

/// The body of an opened version as somebody would edit it: in the present shape, without the
/// reason for which that version was written and the unit that recorded it.
#[must_use]
pub fn editable(plain: &Plain) -> Body {
    let mut body = plain.present_shape();
    body.remove(REASON.number());
    body.remove(UNIT.number());
    body
}

/// The kind of a stored version.
pub(crate) fn kind_of(row: &VersionRow) -> Result<&'static Kind, DeskError> {
    model::kinds::by_number(row.version.kind).ok_or_else(|| {
        let number = row.version.kind;
        DeskError::damaged(format!(
            "a record is of kind {number}, which this release does not know; update first"
        ))
    })
}

/// The reference of a record in words: `SS-0000123-H`.
#[must_use]
pub fn reference_of(kind: u16, reference: u64) -> String {
    model::kinds::by_number(kind)
        .map_or_else(|| reference.to_string(), |kind| model::reference::reference_text(kind, reference))
}

fn happened_at(kind: &Kind, body: &Body) -> Option<i64> {
    match body.value(kind.happened?)? {
        Value::Instant(micros) => Some(*micros),
        Value::Date(date) => {
            let midnight = date.whole()?.in_tz("Europe/London").ok()?;
            Some(midnight.timestamp().as_microsecond())
        }
        _ => None,
    }
}

/// The day by whose rules a body is judged: that of the event, or today's.
pub(crate) fn happened_day(kind: &Kind, body: &Body, now: i64) -> jiff::civil::Date {
    kind.day_of(body).unwrap_or_else(|| london_day(now))
}

/// The unit that a record is of: what its source says, else who recorded it.
pub(crate) fn unit_of(kind: &Kind, body: &Body) -> Option<String> {
    let said = match body.value(kind.unit.unwrap_or(UNIT.number())) {
        Some(Value::Text(unit)) => Some(unit.clone()),
        _ => body.get(UNIT),
    };
    said.filter(|unit| !unit.trim().is_empty())
}

/// What the index files of a body that was written then.
pub(crate) fn filing(kind: &Kind, body: &Body, written: i64) -> Filing {
    Filing {
        document: index::document(kind, body, happened_day(kind, body, written)),
        about: kind.date_of(body),
        unit: unit_of(kind, body),
    }
}

fn link_of(kind: &Kind, body: &Body) -> Option<Link> {
    if kind.number != model::kinds::link::KIND.number {
        return None;
    }
    Some(Link {
        from: RecordId(body.get(model::kinds::link::FROM)?),
        to: RecordId(body.get(model::kinds::link::TO)?),
        link_type: body.get(model::kinds::link::TYPE)?.0,
    })
}

fn changed_fields(before: &Body, after: &Body) -> Vec<u16> {
    let slot = |body: &Body, number: u16| -> Option<Slot> { body.slot(number).cloned() };
    let mut numbers: Vec<u16> = before.slots().chain(after.slots()).map(|(number, _)| number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.retain(|number| slot(before, *number) != slot(after, *number));
    numbers
}
