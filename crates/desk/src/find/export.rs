//! Answers to a search as a disclosure to somebody outside: to whom and on what ground is entered with
//! each record before an octet leaves (DPA 2018 s.62(1)(d), (3)), so that a later erasure can say who must be
//! told (s.48(9)). What goes is what a list of answers shows, and no more (s.37).

use super::Shown;
use crate::Desk;
use crate::clock::moment_text;
use crate::error::DeskError;
use crate::find::{line_of, reference_of_row};
use crate::papers::{Code, Contents, NewPaper, PaperKind};
use crate::record::kind_of;
use crate::session::Session;
use crate::written::Table;
use law::access::{Act, Action, Refusal, Why};
use ledger::Detail;
use model::{Labels, Marking, RecordId};
use search::{Page, Query};
use serde::Serialize;
use serde_json::json;
use std::collections::HashMap;
use vault::store::RecordStore;

/// Records that one disclosure has at most.
pub const MOST_DISCLOSED: usize = 5_000;
/// Records of one entry of the log.
const OF_ENTRY: usize = 500;
/// The marking of each line that leaves a practice system.
const PRACTICE: &str = "PRACTICE: nobody in it is real";

/// The form of what is disclosed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A table with a header, as RFC 4180 has it.
    Csv,
    /// One JSON object.
    Json,
}

/// A disclosure that somebody asks for.
#[derive(Debug, Clone, Copy)]
pub struct DisclosureRequest<'a> {
    /// The query whose answers go.
    pub query: &'a str,
    /// Who gets them.
    pub recipient: &'a str,
    /// The ground in law.
    pub ground: &'a str,
    /// How the handling conditions of records that have such are met; such records do not go without.
    pub conditions: Option<&'a str>,
    /// Whether what may not go is left out; the whole is refused otherwise.
    pub leave_out: bool,
    /// Records at most, up to [`MOST_DISCLOSED`]; where there are more answers nothing goes.
    pub most: usize,
    /// The form.
    pub form: Form,
}

/// What goes to the recipient.
#[derive(Debug)]
pub struct Disclosed {
    /// Records in it.
    pub records: u64,
    /// Answers that may not go; the recipient is not told of them.
    pub left_out: u64,
    /// The whole file.
    pub contents: String,
    /// The code that stands in it.
    pub paper: String,
}

/// One record as it goes out.
#[derive(Debug, Serialize)]
struct Line {
    #[serde(rename = "ref")]
    reference: String,
    kind: &'static str,
    name: String,
    version: u32,
    written: String,
    probability: Option<f32>,
    why: Vec<String>,
    marking: &'static str,
    handling_conditions: bool,
}

/// An answer that may not go, and why.
struct Kept {
    at: usize,
    reference: String,
    why: &'static str,
}

impl<S: RecordStore> Desk<S> {
    /// Discloses the answers to a query. Each record is entered as disclosed to the recipient before
    /// anything of it is given; nothing is given where one of them may not go and is not left out.
    ///
    /// A restricted record goes only by whoever answers for the restriction, though others may read it; one
    /// with handling conditions only where somebody says how those are met.
    ///
    /// # Errors
    /// A refusal; a query that does not read; a missing recipient or ground; answers that may not go, or too
    /// many of them.
    pub async fn disclose_answers(
        &self,
        who: &Session,
        request: DisclosureRequest<'_>,
    ) -> Result<Disclosed, DeskError> {
        let act = self.permit_act(who, Act::Disclose).await?;
        // What lacks a part of what was asked for is nobody's to disclose.
        let query =
            Query::parse(request.query).map_err(|error| DeskError::unusable(error.to_string()))?.strictly();
        check_said(&request)?;
        let permit = self.permit(who, Action::List, 0, &[]).await?;
        self.tell_owners(act.context(), request.query, &query).await?;
        let page = Page { offset: 0, limit: request.most };
        let withheld = self.index.run(&permit, &self.matrix(), &query, page).await?;
        let mut shown = self.shown(who, &withheld.refs()).await?;
        let mut counted = Detail::default();
        withheld.describe(&mut counted);
        check_count(counted.results.unwrap_or_default(), request.most)?;
        let kept = shown.may_not_go(&request, who)?;
        if !kept.is_empty() && !request.leave_out {
            return Err(self.may_not_go(who, &shown, &kept).await?);
        }
        let left_out = kept.len() as u64;
        shown.leave_out(&kept);
        let withheld = withheld.leave_out(&shown.gone);
        let targets = shown.targets();
        let mut entries = vec![(act, self.detail(&request, &counted, targets.len()))];
        for targets in targets.chunks(OF_ENTRY) {
            let permit = self.permit(who, Action::List, 0, targets).await?;
            entries.push((permit, self.detail(&request, &counted, targets.len())));
        }
        let rows = std::mem::take(&mut shown.rows);
        let (receipt, sealed) =
            tokio::try_join!(async { Ok::<_, DeskError>(self.ledger.record(entries).await?) }, async {
                Ok(self.vault.with_keys(rows).await?)
            },)?;
        let hits = withheld.release(&receipt).map_err(|error| DeskError::unusable(error.to_string()))?;
        let versions = sealed.iter().map(vault::Sealed::version).collect();
        let is_practice = self.nature().is_practice();
        let mut lines: HashMap<RecordId, Line> = HashMap::new();
        for (sealed, labels) in sealed.into_iter().zip(&shown.labels) {
            let (row, kind) = (sealed.row().clone(), kind_of(sealed.row())?);
            if let Some(name) = line_of(sealed, &receipt)? {
                lines.insert(
                    row.version.record,
                    Line {
                        reference: reference_of_row(&row),
                        kind: kind.name,
                        name,
                        version: row.ordinal,
                        written: moment_text(row.written),
                        probability: None,
                        why: Vec::new(),
                        // Whoever finds the file later must not take it for what it is not.
                        marking: if is_practice { PRACTICE } else { marking(labels) },
                        handling_conditions: labels.handling_conditions,
                    },
                );
            }
        }
        let found = hits.hits.into_iter().filter_map(|hit| {
            let line = lines.remove(&hit.version.record)?;
            Some(Line { probability: hit.probability, why: hit.why, ..line })
        });
        let found: Vec<Line> = found.collect();
        let code = Code::generate()?;
        let contents = match request.form {
            Form::Csv => table(&found, &code),
            Form::Json => object(&found, &request, (&moment_text(self.clock.now()), &code))?,
        };
        let paper = NewPaper {
            kind: PaperKind::Disclosure,
            contents: Contents::File(contents.as_bytes()),
            versions,
            count: found.len() as u64,
        };
        let permit = self.permit_act(who, Act::Disclose).await?;
        let paper = self.issue_paper(&permit, code, paper).await?.code.to_string();
        Ok(Disclosed { records: found.len() as u64, left_out, contents, paper })
    }

    fn detail(&self, request: &DisclosureRequest<'_>, counted: &Detail, count: usize) -> Detail {
        Detail {
            operation: Some("disclosure"),
            query: Some(request.query.to_owned()),
            recipients: vec![request.recipient.trim().to_owned()],
            ground: Some(request.ground.trim().to_owned()),
            subject: Some("answers to a search".to_owned()),
            detail: request.conditions.map(|said| format!("handling conditions: {}", said.trim())),
            count: Some(count as u64),
            results: counted.results,
            index_position: counted.index_position,
            ..Detail::default()
        }
    }

    /// Enters that each of these was refused, and says so in words. All of them may be read by this person.
    async fn may_not_go(&self, who: &Session, shown: &Shown, kept: &[Kept]) -> Result<DeskError, DeskError> {
        let policy = self.matrix().version.clone();
        for kept in kept {
            let refusal = Refusal {
                context: who.at(self.clock.now()),
                wanted: Act::Disclose.row(),
                version: shown.rows.get(kept.at).map(|row| row.version),
                why: Why::AskOwner(shown.labels.get(kept.at).and_then(|labels| labels.owner)),
                policy: policy.clone(),
            };
            self.refused(refusal).await?;
        }
        let named: Vec<String> =
            kept.iter().take(10).map(|kept| format!("{} ({})", kept.reference, kept.why)).collect();
        Ok(DeskError::not_now(format!(
            "{} of the answers may not be disclosed, so nothing was: {}{}. Leave such records out, or ask whoever \
             answers for them",
            kept.len(),
            named.join(", "),
            if kept.len() > named.len() { " …" } else { "" }
        )))
    }
}

impl Shown {
    /// The answers that may not go.
    fn may_not_go(&self, request: &DisclosureRequest<'_>, who: &Session) -> Result<Vec<Kept>, DeskError> {
        let states_conditions = request.conditions.is_some_and(|said| !said.trim().is_empty());
        let why = |labels: &Labels| match () {
            () if (labels.covert || !labels.groups.is_empty()) && labels.owner != Some(who.actor()) => {
                Some("restricted: only whoever answers for it discloses it")
            }
            () if labels.handling_conditions && !states_conditions => {
                Some("handling conditions: say how they are met")
            }
            () => None,
        };
        let judged = self.rows.iter().zip(&self.labels).enumerate();
        let kept = judged.filter_map(|(at, (row, labels))| {
            Some(Kept { at, reference: reference_of_row(row), why: why(labels)? })
        });
        Ok(kept.collect())
    }

    /// Takes answers out of what is shown.
    fn leave_out(&mut self, kept: &[Kept]) {
        for Kept { at, .. } in kept.iter().rev() {
            let row = self.rows.remove(*at);
            self.labels.remove(*at);
            self.gone.insert(row.version.version);
            self.gone
                .extend(self.older.iter().filter(|(_, of)| of == at).map(|(version, _)| version.version));
            self.older.retain(|(_, of)| of != at);
            self.older.iter_mut().filter(|(_, of)| of > at).for_each(|(_, of)| *of -= 1);
        }
    }
}

fn check_said(request: &DisclosureRequest<'_>) -> Result<(), DeskError> {
    let usable = |text: &str| (1..=500).contains(&text.trim().chars().count());
    if !usable(request.recipient) {
        return Err(DeskError::unusable(
            "recipient: name who gets this, in 1 to 500 letters (DPA 2018 s.62(3))",
        ));
    }
    if !usable(request.ground) {
        return Err(DeskError::unusable(
            "ground: name the ground in law on which it is given, for instance “DPA 2018 s.35(2)(b): joint inquiry 17”",
        ));
    }
    match (1..=MOST_DISCLOSED).contains(&request.most) {
        true => Ok(()),
        false => Err(DeskError::unusable(format!("most: a disclosure has 1 to {MOST_DISCLOSED} records"))),
    }
}

fn check_count(total: u64, most: usize) -> Result<(), DeskError> {
    match total <= most as u64 {
        true => Ok(()),
        false => Err(DeskError::unusable(format!(
            "there are {total} answers, and this disclosure has at most {most}: ask for less. Part of the answers would \
             look like all of them"
        ))),
    }
}

const fn marking(labels: &Labels) -> &'static str {
    match labels.marking {
        Marking::Official => "OFFICIAL",
        Marking::OfficialSensitive => "OFFICIAL-SENSITIVE",
    }
}

/// The code stands in each row, so that it goes along when rows are sorted, filtered or copied.
fn table(lines: &[Line], code: &Code) -> String {
    let mut table = Table::new(&[
        "ref",
        "kind",
        "name",
        "version",
        "written",
        "probability",
        "why",
        "marking",
        "handling_conditions",
        "paper",
    ]);
    let code = code.to_string();
    for line in lines {
        let probability = line.probability.map_or_else(String::new, |one| format!("{one:.3}"));
        table.row(&[
            &line.reference,
            line.kind,
            &line.name,
            &line.version.to_string(),
            &line.written,
            &probability,
            &line.why.join("; "),
            line.marking,
            if line.handling_conditions { "yes" } else { "no" },
            &code,
        ]);
    }
    table.text()
}

fn object(
    lines: &[Line],
    request: &DisclosureRequest<'_>,
    (at, code): (&str, &Code),
) -> Result<String, DeskError> {
    let object = json!({
        "recipient": request.recipient.trim(),
        "ground": request.ground.trim(),
        "conditions": request.conditions,
        "disclosed": at,
        "query": request.query,
        "paper": code.to_string(),
        "records": lines,
    });
    serde_json::to_string_pretty(&object)
        .map_err(|error| DeskError::damaged(format!("the answers cannot be written: {error}")))
}
