//! How the answers to a query fall by kind of record, by year, by unit and by state: of those that the reader may list, and of
//! no others.

use crate::schema::column;
use crate::state::{self, State};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

/// Counts of answers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// By number of the kind.
    pub kinds: BTreeMap<u16, u64>,
    /// By the year in which it happened, where the kind is an event; by UTC, which parts from London's clocks
    /// for an hour of a summer only.
    pub years: BTreeMap<i16, u64>,
    /// By the unit that answers for the record, where that is known.
    pub units: BTreeMap<String, u64>,
    /// By what is said of the record as a whole; one may be in several.
    pub states: BTreeMap<State, u64>,
}

impl Facets {
    /// Both together.
    pub(crate) fn and(mut self, other: Self) -> Self {
        other.kinds.into_iter().for_each(|(kind, count)| *self.kinds.entry(kind).or_default() += count);
        other.years.into_iter().for_each(|(year, count)| *self.years.entry(year).or_default() += count);
        other.units.into_iter().for_each(|(unit, count)| *self.units.entry(unit).or_default() += count);
        other.states.into_iter().for_each(|(state, count)| *self.states.entry(state).or_default() += count);
        self
    }
}

/// Counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Count;

/// Counts in one segment.
pub(crate) struct SegmentCount {
    kind: Column<u64>,
    happened: Column<i64>,
    state: Column<u64>,
    /// None where no record of the segment has a unit.
    unit: Option<StrColumn>,
    kinds: BTreeMap<u64, u64>,
    /// By the column's number of the unit, so that its name is sought once for each.
    units: BTreeMap<u64, u64>,
    states: BTreeMap<u64, u64>,
    /// By the day, so that its year is sought once for each.
    days: BTreeMap<i64, u64>,
}

const MICROS_OF_DAY: i64 = 86_400_000_000;

impl Collector for Count {
    type Fruit = Facets;
    type Child = SegmentCount;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<SegmentCount> {
        let columns = segment.fast_fields();
        let (kind, happened) = (columns.u64(column::KIND)?, columns.i64(column::HAPPENED)?);
        let (state, unit) = (columns.u64(column::STATE)?, columns.str(column::UNIT)?);
        let (kinds, units, states, days) = Default::default();
        Ok(SegmentCount { kind, happened, state, unit, kinds, units, states, days })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<Facets>) -> tantivy::Result<Facets> {
        Ok(fruits.into_iter().fold(Facets::default(), Facets::and))
    }
}

impl SegmentCollector for SegmentCount {
    type Fruit = Facets;

    fn collect(&mut self, doc: DocId, _: Score) {
        if let Some(kind) = self.kind.first(doc) {
            *self.kinds.entry(kind).or_default() += 1;
        }
        if let Some(happened) = self.happened.first(doc) {
            *self.days.entry(happened.div_euclid(MICROS_OF_DAY)).or_default() += 1;
        }
        if let Some(state) = self.state.first(doc) {
            *self.states.entry(state).or_default() += 1;
        }
        if let Some(unit) = self.unit.as_ref().and_then(|units| units.ords().first(doc)) {
            *self.units.entry(unit).or_default() += 1;
        }
    }

    fn harvest(self) -> Facets {
        let mut facets = Facets::default();
        for (kind, count) in self.kinds {
            // The column holds what was a u16.
            *facets.kinds.entry(kind as u16).or_default() += count;
        }
        for (day, count) in self.days {
            if let Ok(instant) = Timestamp::from_microsecond(day.saturating_mul(MICROS_OF_DAY)) {
                *facets.years.entry(TimeZone::UTC.to_datetime(instant).year()).or_default() += count;
            }
        }
        for (bits, count) in self.states {
            state::unpacked(bits).for_each(|state| *facets.states.entry(state).or_default() += count);
        }
        if let Some(units) = &self.unit {
            facets.units = named(units, self.units);
        }
        facets
    }
}

/// Counts by the names of units. One whose name cannot be read is not counted; the total counts it.
fn named(units: &StrColumn, counted: BTreeMap<u64, u64>) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    for (number, count) in counted {
        let mut name = String::new();
        match units.ord_to_str(number, &mut name) {
            Ok(true) => *found.entry(name).or_default() += count,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "the name of a unit cannot be read from the search index"),
        }
    }
    found
}
