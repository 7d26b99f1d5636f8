//! Planning, showing and approving an erasure.

use super::{CERTIFICATE, Certificate, JOB, JOB_COUNTER, Job, Part, Scope, State};
use crate::Desk;
use crate::approval::second_person;
use crate::clock::moment_text;
use crate::error::DeskError;
use crate::find::reference_of_row;
use crate::record::kind_of;
use crate::session::Session;
use law::access::{Act, Action};
use ledger::{Detail, tags};
use model::kinds::link;
use model::{Kind, RecordId};
use vault::Sealed;
use vault::store::{ItemRow, RecordStore};

impl<S: RecordStore> Desk<S> {
    /// Plans an erasure and shows what would go. Nothing is changed yet.
    ///
    /// # Errors
    /// A refusal; a hold; a field that the kind, or a file that the record, does not have; a missing
    /// ground.
    pub async fn plan_erasure(
        &self,
        who: &Session,
        record: RecordId,
        part: Part<'_>,
        ground: &str,
    ) -> Result<Job, DeskError> {
        let head = self.head(record).await?;
        let permit = self.permit_on(who, Action::Erase, &head).await?;
        if ground.trim().is_empty() {
            return Err(DeskError::unusable(
                "ground: name the ground in law, for instance “DPA 2018 s.47(1)(a)”",
            ));
        }
        self.check_holds(record).await?;
        let kind = kind_of(head.row())?;
        let scope = self.scope_of(&head, kind, part).await?;
        // Before the transaction: it makes an entry of its own.
        let plan = self.plan_lines(&head, kind, &scope).await?;
        let now = self.clock.now();
        let mut tx = self.vault.store.begin_alone().await?;
        self.check_not_planned(&scope).await?;
        let number = self.vault.store.take_references(&mut tx, JOB_COUNTER, 1).await?;
        let job = Job {
            id: format!("E-{number}"),
            state: State::Planned,
            plan,
            scope,
            ground: ground.trim().to_owned(),
            planned_by: (who.actor(), who.name().to_owned()),
            planned: now,
            approved_by: None,
            not_before: i64::MAX,
            versions: Vec::new(),
            attachments: Vec::new(),
            objects: Vec::new(),
            searches: Vec::new(),
            keys: Vec::new(),
            traces_key: None,
            keys_destroyed: 0,
            turn: None,
            before: Vec::new(),
            after: Vec::new(),
            not_scanned: Vec::new(),
            certificate: None,
            closed: None,
        };
        let detail = Detail {
            operation: Some("plan"),
            subject: Some(format!("erasure {} of {} planned, not approved yet", job.id, job.scope.words())),
            ground: Some(job.ground.clone()),
            ..Detail::default()
        };
        self.keep_job(&mut tx, &job).await?;
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        Ok(job)
    }

    /// How many erasures wait that somebody else planned.
    pub(crate) async fn erasures_planned_by_others(&self, who: &Session) -> Result<usize, DeskError> {
        let kept: Vec<(ItemRow, Job)> = self.kept_under(JOB, "").await?;
        let waits = |job: &Job| job.state == State::Planned && job.planned_by.0 != who.actor();
        Ok(kept.iter().filter(|(_, job)| waits(job)).count())
    }

    /// Approves a planned erasure, as somebody else than the one who planned it.
    ///
    /// # Errors
    /// A refusal; the planner themselves; a job that is not waiting for approval.
    pub async fn approve_erasure(&self, who: &Session, id: &str) -> Result<Job, DeskError> {
        let permit = self.permit_act(who, Act::ApproveErasure).await?;
        // Before the transaction: a refusal makes an entry of its own. What is asked of the state of the
        // job is asked in it.
        let known = self.job(id).await?;
        self.check_job_known(who, &known).await?;
        check_approvable(&known, who)?;
        self.check_holds(known.scope.record).await?;
        let about = self.versions_of(&[known.scope.record]).await?;
        let wait = i64::from(self.places.settings().erasure_wait_hours) * 3_600_000_000;
        let not_before = self.clock.now() + wait;
        self.decide(&permit, (JOB, "erasure"), &known.id, |job: &mut Job| {
            check_approvable(job, who)?;
            job.state = State::Approved;
            job.not_before = not_before;
            job.approved_by = Some((who.actor(), who.name().to_owned()));
            Ok(Detail {
                subject: Some(format!("erasure {} of {} approved", job.id, job.scope.words())),
                ground: Some(job.ground.clone()),
                about,
                ..Detail::default()
            })
        })
        .await
    }

    /// How an erasure stands.
    ///
    /// # Errors
    /// A refusal, or [`DeskError::NotFound`].
    pub async fn erasure(&self, who: &Session, id: &str) -> Result<Job, DeskError> {
        let permit = self.permit_act(who, Act::FollowErasure).await?;
        let detail = Detail { subject: Some(format!("erasure {id}")), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        let job = self.job(id).await?;
        self.check_job_known(who, &job).await?;
        Ok(job)
    }

    /// An erasure of a covert record is as unknown as the record, while that is there.
    pub(super) async fn check_job_known(&self, who: &Session, job: &Job) -> Result<(), DeskError> {
        match self.check_known(who, job.scope.record).await {
            Err(DeskError::NotFound) if self.is_there(job.scope.record).await? => {
                Err(DeskError::unknown(format!("there is no erasure “{}”", job.id)))
            }
            Err(DeskError::NotFound) => Ok(()),
            other => other,
        }
    }

    pub(super) async fn is_there(&self, record: RecordId) -> Result<bool, DeskError> {
        Ok(!self.vault.store.heads(&[record]).await?.is_empty())
    }

    /// All certificates, oldest first.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn certificates(&self, who: &Session) -> Result<Vec<Certificate>, DeskError> {
        let permit = self.permit_act(who, Act::FollowErasure).await?;
        let detail = Detail { subject: Some("certificates of erasure".into()), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        let mut certificates = Vec::new();
        for item in self.vault.store.items(CERTIFICATE, "", 10_000).await? {
            certificates.push(self.read_item(&item).await?);
        }
        Ok(certificates)
    }

    pub(super) async fn job(&self, id: &str) -> Result<Job, DeskError> {
        let item = self.vault.store.item(JOB, id.trim()).await?;
        let item = item.ok_or_else(|| DeskError::unknown(format!("there is no erasure “{id}”")))?;
        self.read_item(&item).await
    }

    pub(super) async fn keep_job(&self, tx: &mut S::Tx, job: &Job) -> Result<(), DeskError> {
        self.keep_item(tx, JOB, &job.id, job).await
    }

    /// Two open jobs over the same could only get in each other's way.
    async fn check_not_planned(&self, scope: &Scope) -> Result<(), DeskError> {
        let open = self.unfinished_erasures().await?;
        let same = |job: &&Job| {
            let of = |scope: &Scope| (scope.record, scope.field, scope.attachment.clone());
            of(&job.scope) == of(scope)
        };
        match open.iter().find(same) {
            None => Ok(()),
            Some(job) => Err(DeskError::not_now(format!(
                "{} of {} is {} already, planned by {} on {}: go on with that, or withdraw it first with \
                 `bluelamp erase cancel {} --reason '…'`",
                job.id,
                job.scope.words(),
                job.state.word(),
                job.planned_by.1,
                moment_text(job.planned),
                job.id
            ))),
        }
    }

    /// Whether a hold stands. Why and by whom is told by the list of holds, to who may see that.
    pub(super) async fn check_holds(&self, record: RecordId) -> Result<(), DeskError> {
        match self.holds(record).await?.first() {
            None => Ok(()),
            Some(hold) => Err(DeskError::not_now(format!(
                "the record is held since {}: lift hold {} first, or wait until whoever placed it does",
                hold.placed, hold.name
            ))),
        }
    }

    /// What an erasure takes, once it is known that there is such a field or file.
    async fn scope_of(&self, head: &Sealed, kind: &Kind, part: Part<'_>) -> Result<Scope, DeskError> {
        let record = head.version().record;
        let (field, attachment) = match part {
            Part::Whole => (None, None),
            Part::Field(name) => (Some(erasable_field(kind, name)?), None),
            Part::Attachment(id) => (None, Some(self.known_attachment(record, id).await?.id)),
        };
        let reference = reference_of_row(head.row());
        Ok(Scope { record, kind: kind.number, reference, field, attachment, links: Vec::new() })
    }

    async fn plan_lines(
        &self,
        head: &Sealed,
        kind: &'static Kind,
        scope: &Scope,
    ) -> Result<Vec<String>, DeskError> {
        let mut lines = match &scope.attachment {
            Some(id) => self.lines_of_file(scope, kind, id).await?,
            None => self.lines_of_record(head, kind, scope).await?,
        };
        if scope.attachment.is_none() {
            lines.push("Saved searches that say it, and alerts about it, go too".to_owned());
        }
        let recipients = self.recipients(scope.record).await?;
        lines.push(match recipients.as_slice() {
            [] => {
                "It was disclosed to nobody outside, so nobody has to be told (DPA 2018 s.48(9))".to_owned()
            }
            recipients => format!(
                "It was disclosed {} time(s): each recipient must be told (DPA 2018 s.48(9)): {}",
                recipients.len(),
                recipients.join("; ")
            ),
        });
        let exports = self.exports().await?;
        if !exports.is_empty() {
            lines.push(format!(
                "The log was exported {} time(s), and says in clear who searched for what and why: ask each holder \
                 to destroy theirs: {}",
                exports.len(),
                exports.join("; ")
            ));
        }
        Ok(lines)
    }

    /// A plan is kept for good, so it does not say what people called the file.
    async fn lines_of_file(&self, scope: &Scope, kind: &Kind, id: &str) -> Result<Vec<String>, DeskError> {
        let file = self.known_attachment(scope.record, id).await?;
        Ok(vec![
            format!(
                "One file of {} {}: attachment {id}, {}, {} octets, added {}",
                kind.title,
                scope.reference,
                file.media_type,
                file.length,
                moment_text(file.added.at)
            ),
            "With the keys that open it and what it was called".to_owned(),
            "The record, its versions and its other files stay".to_owned(),
        ])
    }

    async fn lines_of_record(
        &self,
        head: &Sealed,
        kind: &'static Kind,
        scope: &Scope,
    ) -> Result<Vec<String>, DeskError> {
        let versions = self.vault.store.history(head.version().record).await?;
        let mut lines = vec![format!(
            "{} {}: {} version(s), the oldest written {}",
            kind.title,
            reference_of_row(head.row()),
            versions.len(),
            moment_text(versions.first().map_or(0, |row| row.written)),
        )];
        lines.extend(model::derived::erasure::plan_lines(kind, scope.field));
        if scope.is_whole() {
            lines.push("Every link that leads to it goes too".to_owned());
            let files = self.files_of(scope.record).await?.len();
            lines.push(format!("Its attachments: {files} file(s), with the keys that open them"));
        }
        Ok(lines)
    }

    /// To whom a record was disclosed and when, newest first: by the plain touches of the log, and by what
    /// their entries say where that was not erased.
    async fn recipients(&self, record: RecordId) -> Result<Vec<String>, DeskError> {
        let mut touches = self.all_touches_of(record).await?;
        let disclosure = ledger::entry::operation_number(b"disclosure");
        touches.retain(|touch| touch.operation == disclosure);
        if touches.is_empty() {
            return Ok(Vec::new());
        }
        let job = "erasure: to whom the record was disclosed";
        let receipt = self.ledger.record_machine(job, &[], self.clock.now()).await?;
        let mut recipients = Vec::new();
        for touch in touches {
            let payload = self.ledger.payload(touch.leaf, &receipt).await?;
            let said = payload.as_ref().and_then(|payload| payload.value(tags::RECIPIENTS));
            let names = said.map(ledger::entry::read_texts).unwrap_or_default();
            let names = if names.is_empty() { "somebody not named".to_owned() } else { names.join(", ") };
            recipients.push(format!("{names}, {}", moment_text(touch.time)));
        }
        Ok(recipients)
    }
}

/// Whether a job waits for approval, and this is a second person.
fn check_approvable(job: &Job, who: &Session) -> Result<(), DeskError> {
    if job.state != State::Planned {
        let why = format!("{} is {}: only a planned erasure can be approved", job.id, job.state.word());
        return Err(DeskError::not_now(why));
    }
    second_person(&job.id, "planned", job.planned_by.0, who)
}

/// The number of a field that can be erased alone. What also stands in the plain structure, because
/// clocks and links need it there, goes only with the whole record.
fn erasable_field(kind: &Kind, name: &str) -> Result<u16, DeskError> {
    let number = field_number(kind, name)?;
    let is_plain = kind.happened == Some(number)
        || (kind.number == link::KIND.number
            && [link::FROM.number(), link::TO.number(), link::TYPE.number()].contains(&number));
    match is_plain {
        false => Ok(number),
        true => Err(DeskError::unusable(format!(
            "field: “{name}” also decides clocks or links, so it stands in the plain structure of the store and \
             cannot be erased alone; correct it, or erase the whole record"
        ))),
    }
}

fn field_number(kind: &Kind, name: &str) -> Result<u16, DeskError> {
    let field = kind.field_named(name.trim()).ok_or_else(|| {
        let names: Vec<String> =
            model::derived::Fields::of(kind).iter().map(model::FieldDecl::name).collect();
        DeskError::unusable(format!(
            "field: {} has no “{name}”; its fields are {}",
            kind.title,
            names.join(", ")
        ))
    })?;
    Ok(field.number)
}
