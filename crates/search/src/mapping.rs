//! From an entry to the engine's document.

use crate::document::{IndexDocument, IndexEntry};
use crate::geography::{Spot, cells};
use crate::matching::{birth, name_terms, numbers};
use crate::placed;
use crate::schema::{
    COVERT, Fields, GROUPED, NO_GROUPS, group_label, number_octets, number_of_field, of_field,
};
use crate::span::{Days, date_terms, day_of};
use crate::state;
use crate::tokens::{Stems, Token, squeezed, tokens, words};
use jiff::tz::TimeZone;
use model::{Labels, PartialDate, Place};
use std::collections::HashSet;
use tantivy::TantivyDocument;

/// The field under which the time of the event is asked for, whatever its kind calls it.
pub(crate) const HAPPENED: &str = "happened";
/// The field under which the unit is asked for.
pub(crate) const UNIT: &str = "unit";

/// Makes documents.
pub(crate) struct Mapper<'a> {
    fields: &'a Fields,
    zone: &'a TimeZone,
    stems: Stems,
}

/// A document in the making.
struct Draft {
    document: TantivyDocument,
    has: HashSet<String>,
}

impl<'a> Mapper<'a> {
    pub(crate) fn new(fields: &'a Fields, zone: &'a TimeZone) -> Self {
        Self { fields, zone, stems: Stems::default() }
    }

    /// The document of an entry.
    pub(crate) fn document(&mut self, entry: &IndexEntry) -> TantivyDocument {
        let mut draft = Draft { document: TantivyDocument::new(), has: HashSet::new() };
        self.put_structure(&mut draft.document, entry);
        self.put_labels(&mut draft.document, &entry.labels);
        if let Some(unit) = &entry.unit {
            self.put_unit(&mut draft, unit);
        }
        self.put_texts(&mut draft, &entry.document);
        self.put_dates(&mut draft, entry);
        for (field, number) in &entry.document.numbers {
            draft.document.add_bytes(self.fields.number, &number_octets(field, *number));
            draft.mention(field);
        }
        for mark in &entry.document.terms {
            draft.document.add_text(self.fields.mark, mark);
        }
        self.put_states(&mut draft.document, entry);
        for field in &draft.has {
            draft.document.add_text(self.fields.has, field);
        }
        draft.document
    }

    fn put_structure(&self, document: &mut TantivyDocument, entry: &IndexEntry) {
        let fields = self.fields;
        let (record_hi, record_lo) = entry.version.record.0.as_u64_pair();
        let (version_hi, version_lo) = entry.version.version.0.as_u64_pair();
        document.add_bytes(fields.record, &entry.version.record.octets());
        document.add_u64(fields.record_hi, record_hi);
        document.add_u64(fields.record_lo, record_lo);
        document.add_u64(fields.version_hi, version_hi);
        document.add_u64(fields.version_lo, version_lo);
        document.add_u64(fields.reference, entry.reference);
        document.add_u64(fields.kind, u64::from(entry.version.kind));
        for (high, low) in entry.document.refers.iter().map(|record| record.0.as_u64_pair()) {
            document.add_u64(fields.refers_hi, high);
            document.add_u64(fields.refers_lo, low);
        }
        if let Some(unit) = &entry.unit {
            document.add_text(fields.unit, unit);
        }
    }

    fn put_labels(&self, document: &mut TantivyDocument, labels: &Labels) {
        let grouped = if labels.groups.is_empty() { NO_GROUPS } else { GROUPED };
        document.add_text(self.fields.label, grouped);
        for group in &labels.groups {
            document.add_text(self.fields.label, group_label(group));
        }
        if labels.covert {
            document.add_text(self.fields.label, COVERT);
        }
    }

    fn put_states(&self, document: &mut TantivyDocument, entry: &IndexEntry) {
        for state in state::states(entry) {
            document.add_text(self.fields.mark, state.name());
        }
        document.add_u64(self.fields.state, state::packed(state::states(entry)));
    }

    fn put_texts(&mut self, draft: &mut Draft, said: &IndexDocument) {
        for (field, text) in &said.words {
            let tokens = tokens(text);
            self.put_stems(draft, field, text);
            self.put_words(draft, field, &tokens);
        }
        for (field, name) in &said.names {
            let tokens = tokens(name);
            let terms = name_terms(&tokens);
            draft.document.add_text(self.fields.names, placed::write("", &terms.names));
            for term in &terms.alike {
                draft.document.add_text(self.fields.alike, term);
            }
            self.put_words(draft, field, &tokens);
        }
        for (field, value) in &said.exact {
            self.put_exact(draft, field, value);
        }
        for (field, place) in &said.places {
            self.put_place(draft, field, place);
        }
    }

    fn put_place(&mut self, draft: &mut Draft, field: &str, place: &Place) {
        if let (Some(latitude), Some(longitude)) = (place.latitude, place.longitude) {
            self.put_spot(draft, field, Spot::new(latitude, longitude));
        }
        if let Some(words) = &place.words {
            self.put_words(draft, field, &tokens(words));
        }
        if let Some(postcode) = &place.postcode {
            self.put_exact(draft, field, postcode);
        }
    }

    /// A point that is none, beyond a pole, is near to nothing.
    fn put_spot(&self, draft: &mut Draft, field: &str, spot: Option<Spot>) {
        draft.mention(field);
        let Some(spot) = spot else { return };
        for term in cells::terms(spot) {
            draft.document.add_text(self.fields.cell, term);
        }
        draft.document.add_u64(self.fields.spot, spot.packed());
        draft.document.add_u64(self.fields.spot_field, number_of_field(field));
    }

    /// A code or identifier: as a whole, by its words, and as one word among all.
    fn put_exact(&mut self, draft: &mut Draft, field: &str, value: &str) {
        let whole = squeezed(value);
        if whole.is_empty() {
            return;
        }
        draft.document.add_text(self.fields.exact, of_field(field, &whole));
        for term in numbers::further_terms(field, value) {
            draft.document.add_text(self.fields.exact, term);
        }
        let mut tokens = tokens(value);
        if tokens.iter().all(|token| token.text != whole) {
            tokens.insert(0, Token { text: whole, place: 0 });
        }
        self.put_words(draft, field, &tokens);
    }

    /// A unit is found where it is asked for by name of field. Among all words it would answer for every
    /// record of the unit.
    fn put_unit(&self, draft: &mut Draft, unit: &str) {
        let whole = squeezed(unit);
        if whole.is_empty() {
            return;
        }
        draft.document.add_text(self.fields.exact, of_field(UNIT, &whole));
        draft.document.add_text(self.fields.fielded, placed::write(&of_field(UNIT, ""), &tokens(unit)));
        draft.mention(UNIT);
    }

    fn put_words(&self, draft: &mut Draft, field: &str, tokens: &[Token]) {
        if tokens.is_empty() {
            return;
        }
        draft.document.add_text(self.fields.fielded, placed::write(&of_field(field, ""), tokens));
        draft.document.add_text(self.fields.words, placed::write("", tokens));
        draft.mention(field);
    }

    fn put_stems(&mut self, draft: &mut Draft, field: &str, text: &str) {
        let words = words(text);
        let parts = words.iter().flat_map(|word| &word.parts);
        let stems: Vec<Token> =
            parts.enumerate().map(|(place, part)| Token { text: self.stems.stem(part), place }).collect();
        if !stems.is_empty() {
            draft.document.add_text(self.fields.stems, placed::write("", &stems));
            draft.document.add_text(self.fields.fielded_stems, placed::write(&of_field(field, ""), &stems));
        }
    }

    fn put_dates(&self, draft: &mut Draft, entry: &IndexEntry) {
        if let Some(happened) = entry.happened {
            draft.document.add_i64(self.fields.happened, happened);
            self.put_instant(draft, HAPPENED, happened);
        } else if let Some(about) = entry.about {
            self.put_about(draft, about);
        }
        for (field, micros) in &entry.document.instants {
            self.put_instant(draft, field, *micros);
        }
        let is_birth = |(field, date): &(String, PartialDate)| field == birth::BIRTH && date.year.is_some();
        if !entry.document.names.is_empty() && !entry.document.dates.iter().any(is_birth) {
            draft.document.add_text(self.fields.date, birth::none_held());
        }
        for (field, date) in &entry.document.dates {
            self.put_date(draft, field, *date);
        }
    }

    /// An event of which only the month or year is known stands in the order of time at its start.
    fn put_about(&self, draft: &mut Draft, about: PartialDate) {
        if let Some(days) = Days::of(about)
            && let Ok(start) = self.zone.to_timestamp(days.from.at(0, 0, 0, 0))
        {
            draft.document.add_i64(self.fields.happened, start.as_microsecond());
        }
        self.put_date(draft, HAPPENED, about);
    }

    fn put_instant(&self, draft: &mut Draft, field: &str, micros: i64) {
        if let Some(day) = day_of(micros, self.zone) {
            self.put_date(draft, field, PartialDate::full(day));
        }
    }

    fn put_date(&self, draft: &mut Draft, field: &str, date: PartialDate) {
        date_terms(field, date, |term| draft.document.add_text(self.fields.date, term));
        if field == birth::BIRTH
            && let (Some(month), Some(day)) = (date.month, date.day)
        {
            draft.document.add_text(self.fields.date, birth::anniversary(month, day));
        }
        draft.mention(field);
    }
}

impl Draft {
    fn mention(&mut self, field: &str) {
        if !self.has.contains(field) {
            self.has.insert(field.to_owned());
        }
    }
}
