//! By which differences each record fits a query, from which their costs are estimated. It stands behind a
//! feature that the bench program alone asks for: what it tells is neither entered nor withheld.

use crate::error::IndexError;
use crate::index::Index;
use crate::matching::meant::Meant;
use crate::matching::weights::Cost;
use crate::query::Query;
use crate::query::expand::{Excess, Expanded};
use crate::query::limits::{self, Deadline};
use crate::reached::Reach;
use crate::reader::{Asked, View, can_lack, relaxed, search};
use law::access::{Action, Filter, Matrix, Permit};
use model::RecordId;
use std::collections::{BTreeMap, HashSet};
use tantivy::DocAddress;
use tantivy::collector::DocSetCollector;

/// How one record fits a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The record.
    pub record: RecordId,
    /// Each cost that it is charged, with how many times that counts.
    pub charges: BTreeMap<Cost, f32>,
}

impl Index {
    /// Every record that answers a query and that the permit's holder may list, with what it is charged: the
    /// very answers of [`Index::run`], in no order.
    ///
    /// # Errors
    /// [`IndexError::WrongPermit`] for a permit that is not of listing or viewing; else a fault of the index.
    pub async fn fits(
        &self,
        permit: &Permit,
        matrix: &Matrix,
        query: &Query,
    ) -> Result<Vec<Fit>, IndexError> {
        if !matches!(permit.action(), Some(Action::List | Action::View)) {
            return Err(IndexError::WrongPermit);
        }
        let filter = Filter::may_read(matrix, permit.context(), Action::List);
        let query = query.clone();
        self.reading(move |view| fits(view, &filter, &query)).await
    }
}

/// What answers by itself.
struct Answers {
    places: HashSet<DocAddress>,
    meant: Vec<Meant>,
}

fn fits(view: &View, filter: &Filter, query: &Query) -> Result<Vec<Fit>, IndexError> {
    view.follow()?;
    let expanded = Expanded::of(view, filter, query, Deadline::after(limits::LONGEST), Excess::Refuse)?;
    let mut reach = None;
    let ask = |less| {
        let Asked { direct, meant, .. } = Asked::of(view, filter, query, &expanded, less, &mut reach)?;
        let can_lack = can_lack(&meant);
        Ok((Answers { places: search(view, &direct, DocSetCollector)?, meant }, can_lack))
    };
    let found = relaxed(query, |answers: &Answers| answers.places.len() as u64, ask)?.found;
    expanded.check_time()?;
    let charged = Charged { view, meant: &found.meant };
    let direct = found.places.iter().map(|place| charged.fit(*place, *place));
    let reached = reach.iter().flat_map(|reach| through_links(&charged, reach));
    direct.chain(reached).collect()
}

/// What is linked with a record that says what was typed: as that record fits, and for the link.
fn through_links<'a>(
    charged: &'a Charged<'_>,
    reach: &'a Reach,
) -> impl Iterator<Item = Result<Fit, IndexError>> + 'a {
    let saying = |number: usize| reach.saying.get(number).map(|saying| saying.place);
    let reached = reach.reached.iter().filter_map(move |to| Some((to.place, saying(to.saying)?)));
    reached.map(|(place, saying)| {
        let mut fit = charged.fit(place, saying)?;
        fit.charges.insert(Cost::ThroughALink, 1.0);
        Ok(fit)
    })
}

/// Says what records are charged.
struct Charged<'a> {
    view: &'a View,
    meant: &'a [Meant],
}

impl Charged<'_> {
    /// The record at a place, charged for what stands at another.
    fn fit(&self, place: DocAddress, said_at: DocAddress) -> Result<Fit, IndexError> {
        let segment = self.view.searcher.segment_reader(said_at.segment_ord);
        let mut charges = BTreeMap::new();
        for meant in self.meant {
            let all = meant.charges(segment, said_at.doc_id)?;
            for (cost, times) in all.into_iter().flat_map(|charge| charge.costs()) {
                *charges.entry(cost).or_default() += times;
            }
        }
        Ok(Fit { record: self.view.version_at(place)?.0.record, charges })
    }
}
