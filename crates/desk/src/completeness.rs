//! Completeness: how each rule stands in each record is an index term, each figure a count of terms
//! (never a scan of bodies), by unit and period, stamped with the index position and checked by a full
//! pass. The records behind a figure are listed as a search lists them.

mod children;
mod picture;

pub use children::{ChildSearches, children_lacking};
pub use picture::Picture;

use crate::Desk;
use crate::door::labels_of;
use crate::error::DeskError;
use crate::find::Answers;
use crate::record::{filing, kind_of};
use crate::session::Session;
use law::access::{Act, Filter};
use ledger::Detail;
use model::derived::validate;
use model::{Kind, VersionId};
use schemars::JsonSchema;
use search::{By, Page, Part, Query, Tally, Within};
use serde::Serialize;
use std::collections::BTreeMap;
use vault::Filing;
use vault::store::RecordStore;

/// What stands where records of a part have no unit, or nothing is known of when they happened.
pub const NONE: &str = "(none)";
/// The period of everything held.
pub const ALL: &str = "all";
/// How a rule may stand in a record, as the index terms begin: it applies, and is answered or not.
pub const STATES: [&str; 5] = ["applies", "answered", "missing", "placeholder", "not-in-source"];

/// Which figures are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ask {
    /// Of which unit and period.
    pub within: Within,
    /// Broken down by unit, by month or year, or by one of each.
    pub by: Vec<By>,
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Row {
    /// Name of the kind.
    pub kind: String,
    /// Name of the field.
    pub field: String,
    /// Name of the rule.
    pub rule: String,
    /// Unit; empty for the whole force, [`NONE`] for records of which no unit is known.
    pub unit: String,
    /// Period; [`ALL`] for everything held, [`NONE`] for records of which no time is known.
    pub period: String,
    /// Records to which the rule applies.
    pub records: u64,
    /// Of these: answered.
    pub answered: u64,
    /// Of these: not answered at all.
    pub missing: u64,
    /// Of these: answered with a placeholder.
    pub placeholder: u64,
    /// Records whose source does not carry the field, which is not *no*. They are counted whether the
    /// rule would have applied or not: the source does not answer that either.
    pub not_in_source: u64,
    /// The statute, code or policy that asks for it.
    pub law: String,
}

/// Figures with the place in the log of which they speak.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Figures {
    /// Leaf up to which the index was built.
    pub position: Option<u64>,
    /// Records of the kind, of the unit and period asked for.
    pub records: u64,
    /// Of these: rows identical to another row of the same file, which may be other people.
    pub possible_repeats: u64,
    /// By part, then by rule.
    pub rows: Vec<Row>,
}

/// A figure that a full pass counts otherwise than the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Drift {
    /// Unit, empty where there is none.
    pub unit: String,
    /// Month, empty where there is none.
    pub period: String,
    /// The index term.
    pub term: String,
    /// What the index counts.
    pub index: u64,
    /// What the full pass counts.
    pub pass: u64,
}

impl Drift {
    /// Whether both are of the same figure.
    fn is_of(&self, other: &Self) -> bool {
        (&self.unit, &self.period, &self.term) == (&other.unit, &other.period, &other.term)
    }
}

/// Full passes that must find the same figure different.
const PASSES: u32 = 3;

impl<S: RecordStore> Desk<S> {
    /// Figures of a kind, from the index. Records that are covert to this person are not counted.
    ///
    /// # Errors
    /// A refusal, or faults of the index.
    pub async fn completeness(
        &self,
        who: &Session,
        kind: &'static Kind,
        ask: &Ask,
    ) -> Result<Figures, DeskError> {
        let permit = self.permit_act(who, Act::Completeness).await?;
        let figures = self.figures(&countable(kind, permit.context()), kind, ask).await?;
        let detail = Detail { subject: Some(subject(kind, ask)), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        Ok(figures)
    }

    /// Figures of what the filter lets through; whoever calls enters that they were asked for.
    async fn figures(&self, filter: &Filter, kind: &'static Kind, ask: &Ask) -> Result<Figures, DeskError> {
        let rules = validate::rules(kind);
        let broken = self.index.break_down(filter, tallies(kind, &rules), &ask.within, &ask.by).await?;
        let mut figures =
            Figures { position: broken.position, records: 0, possible_repeats: 0, rows: Vec::new() };
        for (part, counts) in parts_of(ask, broken.counts, rules.len() * STATES.len() + 2) {
            let (of_rules, of_part) = counts.split_at(rules.len() * STATES.len());
            figures.possible_repeats += of_part.first().unwrap_or(&0);
            figures.records += of_part.last().unwrap_or(&0);
            let counted = rules.iter().zip(of_rules.chunks_exact(STATES.len()));
            figures.rows.extend(counted.map(|(declared, counts)| row(kind, declared, ask, &part, counts)));
        }
        Ok(figures)
    }

    /// The records behind a figure, newest first: those of the kind in which a rule stands so, of a
    /// unit and period. They are listed as a search lists them, so that only what this person may read
    /// is among them, and each is entered as consulted.
    ///
    /// # Errors
    /// A refusal; a rule or state that there is not; faults of the index.
    pub async fn behind_figure(
        &self,
        who: &Session,
        kind: &'static Kind,
        figure: (&str, &str),
        within: &Within,
        page: Page,
    ) -> Result<Answers, DeskError> {
        let (rule, state) = figure;
        check_figure(kind, rule, state)?;
        let query = Query::behind(kind.number, &format!("{state}:{rule}"), within);
        let unit = within.unit.as_ref().map(|unit| format!(" unit:“{unit}”")).unwrap_or_default();
        let period = within.period.map(|period| format!(" happened:{period}")).unwrap_or_default();
        let text = format!("kind:{} {state}:{rule}{unit}{period}", kind.name);
        self.answer(who, &query, &text, page).await
    }

    /// The same terms counted by opening every record of a kind, by unit and month: what the index
    /// figures are checked against. Gives the figures that differ.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn check_completeness(
        &self,
        who: &Session,
        kind: &'static Kind,
    ) -> Result<Vec<Drift>, DeskError> {
        let permit = self.permit_act(who, Act::Completeness).await?;
        let filter = countable(kind, permit.context());
        let detail = Detail { subject: Some(format!("full pass over {}", kind.name)), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        let mut drift = self.full_pass(kind, &filter).await?;
        // What people write during a pass differs once, what has drifted differs each time.
        for _ in 1..PASSES {
            if drift.is_empty() {
                break;
            }
            let again = self.full_pass(kind, &filter).await?;
            drift.retain(|one| again.iter().any(|other| other.is_of(one)));
        }
        Ok(drift)
    }

    async fn full_pass(&self, kind: &'static Kind, filter: &Filter) -> Result<Vec<Drift>, DeskError> {
        self.catch_up().await?;
        let terms: Vec<String> =
            validate::rules(kind).iter().flat_map(|declared| terms_of(declared.rule.name)).collect();
        let mut passed = self.count_terms(kind, filter, &terms).await?;
        let asked = terms.iter().map(|term| Tally::of(kind.number, &[term])).collect();
        let by = [By::Unit, By::Month];
        let indexed = self.index.break_down(filter, asked, &Within::default(), &by).await?.counts;
        let mut drift = Vec::new();
        for (part, counts) in indexed {
            let counted = passed.remove(&part).unwrap_or_else(|| vec![0; terms.len()]);
            add_drift(&mut drift, &part, &terms, &counts, &counted);
        }
        for (part, counted) in passed {
            add_drift(&mut drift, &part, &terms, &vec![0; terms.len()], &counted);
        }
        Ok(drift)
    }

    async fn count_terms(
        &self,
        kind: &'static Kind,
        filter: &Filter,
        terms: &[String],
    ) -> Result<BTreeMap<Part, Vec<u64>>, DeskError> {
        let places: BTreeMap<&str, usize> =
            terms.iter().enumerate().map(|(place, term)| (term.as_str(), place)).collect();
        let mut counts: BTreeMap<Part, Vec<u64>> = BTreeMap::new();
        let mut after: Option<VersionId> = None;
        loop {
            let rows = self.vault.store.versions_after(after, 1024).await?;
            let Some(last) = rows.last().map(|row| row.version.version) else { return Ok(counts) };
            after = Some(last);
            let heads = self.newest_of(&rows, kind.number).await?;
            let versions: Vec<_> = heads.iter().map(vault::Sealed::version).collect();
            let receipt =
                self.ledger.record_machine("full pass of completeness", &versions, self.clock.now()).await?;
            for sealed in heads {
                if !filter.holds(kind.number, &labels_of(sealed.row())?) {
                    continue;
                }
                let kind = kind_of(sealed.row())?;
                let written = sealed.row().written;
                let working = sealed.work(&receipt)?;
                let filed = working.look(|body| filing(kind, body, written))?;
                let counts = counts.entry(part_of(&filed)).or_insert_with(|| vec![0; terms.len()]);
                for place in filed.document.terms.iter().filter_map(|term| places.get(term.as_str())) {
                    counts[*place] += 1;
                }
            }
        }
    }

    /// Of these version rows those that are the newest of their record, closed.
    pub(crate) async fn newest_of(
        &self,
        rows: &[vault::VersionRow],
        kind: u16,
    ) -> Result<Vec<vault::Sealed>, DeskError> {
        let of_kind: Vec<_> =
            rows.iter().filter(|row| row.version.kind == kind).map(|row| row.version).collect();
        let mut records: Vec<_> = of_kind.iter().map(|version| version.record).collect();
        records.sort_unstable();
        records.dedup();
        let mut heads = self.vault.heads(&records).await?;
        heads.retain(|sealed| of_kind.contains(&sealed.version()));
        Ok(heads)
    }
}

/// Whoever may see figures counts every record of the kind but the covert ones of others.
fn countable(kind: &Kind, context: &law::access::Context) -> Filter {
    Filter::All(vec![
        Filter::KindIn(vec![kind.number]),
        Filter::Any(vec![Filter::Not(Box::new(Filter::Covert)), Filter::InGroups(context.groups.clone())]),
    ])
}

fn terms_of(rule: &str) -> [String; STATES.len()] {
    STATES.map(|state| format!("{state}:{rule}"))
}

fn tallies(kind: &Kind, rules: &[validate::DeclaredRule]) -> Vec<Tally> {
    let terms = rules.iter().flat_map(|declared| terms_of(declared.rule.name));
    let mut tallies: Vec<Tally> = terms.map(|term| Tally::of(kind.number, &[&term])).collect();
    tallies.push(Tally::of(kind.number, &["possible-repeat"]));
    tallies.push(Tally::of(kind.number, &[]));
    tallies
}

/// Where figures are not broken down there is always one part, though nothing be in it.
fn parts_of(ask: &Ask, mut parts: BTreeMap<Part, Vec<u64>>, figures: usize) -> BTreeMap<Part, Vec<u64>> {
    if ask.by.is_empty() && parts.is_empty() {
        parts.insert(Part::default(), vec![0; figures]);
    }
    parts
}

fn row(kind: &Kind, declared: &validate::DeclaredRule, ask: &Ask, part: &Part, counts: &[u64]) -> Row {
    let count = |place: usize| counts.get(place).copied().unwrap_or(0);
    let asked_unit = ask.within.unit.clone().unwrap_or_default();
    let asked_period = ask.within.period.map_or_else(|| ALL.to_owned(), |period| period.to_string());
    let by_period = ask.by.iter().any(|by| *by != By::Unit);
    Row {
        kind: kind.name.to_owned(),
        field: declared.field.clone(),
        rule: declared.rule.name.to_owned(),
        unit: if ask.by.contains(&By::Unit) { named(&part.unit) } else { asked_unit },
        period: if by_period { named(&part.period) } else { asked_period },
        records: count(0),
        answered: count(1),
        missing: count(2),
        placeholder: count(3),
        not_in_source: count(4),
        law: declared.rule.law.to_owned(),
    }
}

fn named(name: &str) -> String {
    if name.is_empty() { NONE.to_owned() } else { name.to_owned() }
}

fn subject(kind: &Kind, ask: &Ask) -> String {
    let unit = ask.within.unit.as_ref().map(|unit| format!(", unit {unit}")).unwrap_or_default();
    let period = ask.within.period.map(|period| format!(", {period}")).unwrap_or_default();
    format!("completeness of {}{unit}{period}", kind.name)
}

fn check_figure(kind: &Kind, rule: &str, state: &str) -> Result<(), DeskError> {
    let rules = validate::rules(kind);
    if !rules.iter().any(|declared| declared.rule.name == rule) {
        let names: Vec<&str> = rules.iter().map(|declared| declared.rule.name).collect();
        let why = format!("rule: {} has no “{rule}”; choose of {}", kind.title, names.join(", "));
        return Err(DeskError::unusable(why));
    }
    match STATES.contains(&state) {
        true => Ok(()),
        false => {
            Err(DeskError::unusable(format!("state: there is no “{state}”; choose of {}", STATES.join(", "))))
        }
    }
}

fn part_of(filed: &Filing) -> Part {
    let month = |date: model::PartialDate| Some(format!("{:04}-{:02}", date.year?, date.month?));
    Part {
        unit: filed.unit.clone().unwrap_or_default(),
        period: filed.about.and_then(month).unwrap_or_default(),
    }
}

fn add_drift(drift: &mut Vec<Drift>, part: &Part, terms: &[String], index: &[u64], pass: &[u64]) {
    for ((term, index), pass) in terms.iter().zip(index).zip(pass) {
        if index != pass {
            let Part { unit, period } = part.clone();
            drift.push(Drift { unit, period, term: term.clone(), index: *index, pass: *pass });
        }
    }
}
