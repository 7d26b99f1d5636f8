//! What a document is charged for, difference by difference, so that costs can be estimated from it.

use super::asked::Cell;
use super::evaluate::Matches;
use super::sources::How;
use super::weights::{Charge, Cost, Weights};
use tantivy::DocId;

/// What a document is charged: for the reading, and for each thing that was asked for. In bits that is what the
/// search says that it costs.
pub(crate) fn charges(found: &Matches, doc: DocId, weights: &Weights) -> Vec<Charge> {
    let reading = found.reading(doc).map(Charge::once);
    let things = found.how(doc).unwrap_or_default();
    reading.into_iter().chain(things.into_iter().map(|(cell, how)| charge(cell, how, weights))).collect()
}

/// What is charged for one thing. Where holding it so costs more than not holding it, the latter.
fn charge(cell: &Cell, how: Option<&How>, weights: &Weights) -> Charge {
    let held = how.map(|how| how.charge(cell));
    match (held, cell.lost.map(Charge::once)) {
        (Some(held), Some(lost)) if lost.bits(weights) < held.bits(weights) => lost,
        (Some(held), _) => held,
        (None, lost) => lost.unwrap_or(Charge::once(Cost::PartLacking)),
    }
}
