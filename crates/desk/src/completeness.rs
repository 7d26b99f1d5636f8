//! Completeness: each unmet rule is an index term, each figure a count of terms (never a scan of
//! bodies), stamped with the index position and checked by a full pass.

use crate::Desk;
use crate::door::labels_of;
use crate::error::DeskError;
use crate::record::{happened_day, kind_of};
use crate::session::Session;
use law::access::{Act, Filter};
use ledger::Detail;
use model::derived::{index, validate};
use model::{Kind, VersionId};
use schemars::JsonSchema;
use search::Tally;
use serde::Serialize;
use std::collections::BTreeMap;
use vault::store::RecordStore;

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Row {
    /// Name of the kind.
    pub kind: String,
    /// Name of the field.
    pub field: String,
    /// Name of the rule.
    pub rule: String,
    /// Unit; empty for the whole force.
    pub unit: String,
    /// Period; `all` for everything held.
    pub period: String,
    /// Records to which the rule applies.
    pub records: u64,
    /// Of these: not answered at all.
    pub missing: u64,
    /// Of these: answered with a placeholder.
    pub placeholder: u64,
    /// Records whose source does not carry the field, which is not *no*.
    pub not_in_source: u64,
    /// The statute, code or policy that asks for it.
    pub law: String,
}

/// Figures with the place in the log of which they speak.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Figures {
    /// Leaf up to which the index was built.
    pub position: Option<u64>,
    /// Records of the kind.
    pub records: u64,
    /// Rows identical to another row of the same file, which may be other people.
    pub possible_repeats: u64,
    /// By rule.
    pub rows: Vec<Row>,
}

impl<S: RecordStore> Desk<S> {
    /// Figures of a kind, from the index. Records that are covert to this person are not counted.
    ///
    /// # Errors
    /// A refusal, or faults of the index.
    pub async fn completeness(&self, who: &Session, kind: &'static Kind) -> Result<Figures, DeskError> {
        let permit = self.permit_act(who, Act::Completeness).await?;
        let filter = countable(kind, permit.context());
        let rules = validate::rules(kind);
        let terms = rules.iter().flat_map(|declared| terms_of(declared.rule.name));
        let mut asked: Vec<Tally> = terms.map(|term| Tally::of(kind.number, &[&term])).collect();
        asked.push(Tally::of(kind.number, &["possible-repeat"]));
        asked.push(Tally::of(kind.number, &[]));
        let counted = self.index.count(&filter, asked).await?;
        let (position, counts) = (counted.position, counted.counts);
        let rows = rules.iter().zip(counts.chunks_exact(4)).map(|(declared, counts)| Row {
            kind: kind.name.to_owned(),
            field: declared.field.clone(),
            rule: declared.rule.name.to_owned(),
            unit: String::new(),
            period: "all".to_owned(),
            records: counts[0],
            missing: counts[1],
            placeholder: counts[2],
            not_in_source: counts[3],
            law: declared.rule.law.to_owned(),
        });
        let rows = rows.collect();
        let detail = Detail { subject: Some(format!("completeness of {}", kind.name)), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        let tail = counts.len().saturating_sub(2);
        let of = |at: usize| counts.get(tail + at).copied().unwrap_or(0);
        Ok(Figures { position, records: of(1), possible_repeats: of(0), rows })
    }

    /// The same terms counted by opening every record of a kind: what the index figures are
    /// checked against. Gives the terms whose counts differ, with both.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn check_completeness(
        &self,
        who: &Session,
        kind: &'static Kind,
    ) -> Result<Vec<(String, u64, u64)>, DeskError> {
        let permit = self.permit_act(who, Act::Completeness).await?;
        let filter = countable(kind, permit.context());
        let detail = Detail { subject: Some(format!("full pass over {}", kind.name)), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        self.catch_up().await?;
        let counted = self.count_terms(kind, &filter).await?;
        let asked = counted.keys().map(|term| Tally::of(kind.number, &[term])).collect();
        let indexed = self.index.count(&filter, asked).await?.counts;
        let pairs = counted.iter().zip(indexed);
        let differing = pairs.filter(|((_, counted), indexed)| **counted != *indexed);
        Ok(differing.map(|((term, counted), indexed)| (term.clone(), indexed, *counted)).collect())
    }

    async fn count_terms(
        &self,
        kind: &'static Kind,
        filter: &Filter,
    ) -> Result<BTreeMap<String, u64>, DeskError> {
        let rules = validate::rules(kind);
        let names = rules.iter().flat_map(|declared| terms_of(declared.rule.name));
        let mut counts: BTreeMap<String, u64> = names.map(|term| (term, 0)).collect();
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
                let terms = working
                    .look(|body| index::document(kind, body, happened_day(kind, body, written)).terms)?;
                for term in terms {
                    if let Some(count) = counts.get_mut(&term) {
                        *count += 1;
                    }
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

fn terms_of(rule: &str) -> [String; 4] {
    ["applies", "missing", "placeholder", "not-in-source"].map(|state| format!("{state}:{rule}"))
}
