//! What a record must hold to meet a query closely, as keys. It must leave nothing out that would be met: where
//! that cannot be said, it says nothing.

use super::{Keys, shorter};
use crate::geography::cells::{Cell as Square, cover};
use crate::matching::asked::{Asking, Cell, Texts, Way, ways};
use crate::matching::{initial_term, numbers, weights};
use crate::query::{Leaf, Node, Query};
use crate::schema::{Fields, of_field};
use crate::tokens::{Stems, squeezed, words};
use jiff::civil::Date;
use tantivy::Term;
use tantivy::schema::Field;

/// A record that meets the query holds one of these keys.
#[derive(Debug, Clone)]
pub(super) struct Clause {
    pub(super) keys: Vec<u64>,
    /// The higher, the fewer records are likely to hold one: for words their length.
    rarity: usize,
}

/// Finds what queries require.
pub(super) struct Requirements<'a> {
    fields: &'a Fields,
    keys: &'a Keys,
    stems: Stems,
    today: Option<Date>,
}

/// The rarity of what many records hold.
const COMMON: usize = 0;
/// The rarity of a place: as that of a short word.
const OF_PLACE: usize = 5;
/// The rarity of what one record holds.
const UNIQUE: usize = 100;

impl<'a> Requirements<'a> {
    pub(super) fn new(fields: &'a Fields, keys: &'a Keys) -> Self {
        Self { fields, keys, stems: Stems::default(), today: None }
    }

    /// What a query requires, the rarest first; nothing where that cannot be said.
    pub(super) fn of(&mut self, query: &Query) -> Vec<Clause> {
        self.today = query.manner().today;
        self.node(query.root())
    }

    fn node(&mut self, node: &Node) -> Vec<Clause> {
        match node {
            Node::Leaf(leaf) => match leaf.as_meant() {
                Some(text) => self.meant(&[text]).unwrap_or_else(|| self.leaf(leaf)),
                None => self.leaf(leaf),
            },
            Node::All(parts) => self.all(parts),
            Node::Any(parts) => either(parts.iter().map(|part| self.node(part)).collect()),
            Node::Not(_) => Vec::new(),
        }
    }

    /// Words that stand side by side are read together, as the planner does.
    fn all(&mut self, parts: &[Node]) -> Vec<Clause> {
        let texts: Vec<(Option<&str>, &str)> = parts.iter().filter_map(Node::as_meant).collect();
        let meant = self.meant(&texts);
        let as_meant = meant.is_some();
        let mut all = meant.unwrap_or_default();
        for part in parts.iter().filter(|part| !as_meant || part.as_meant().is_none()) {
            all.extend(self.node(part));
        }
        rarest_first(all)
    }

    fn meant(&mut self, texts: Texts<'_>) -> Option<Vec<Clause>> {
        let asking = Asking { today: self.today, ..Asking::default() };
        let ways = ways(texts, asking, &mut self.stems);
        (!ways.is_empty()).then(|| either(ways.iter().map(|way| self.way(way)).collect()))
    }

    fn way(&mut self, way: &Way) -> Vec<Clause> {
        // What says a time is met by many days. A word of a field may be near to a word of it that is no name
        // in that record, where the same is a name in another: then no key of the record says so.
        let is_required = |cell: &&Cell| cell.lost.is_none() && cell.when.is_none() && cell.field.is_none();
        let required = way.cells.iter().filter(is_required);
        rarest_first(required.map(|cell| self.cell(cell)).collect())
    }

    /// All that may answer a word closely (see [`crate::matching`]): what costs more than
    /// [`weights::CLOSE`] is left out.
    fn cell(&self, cell: &Cell) -> Clause {
        let (fields, mut keys) = (self.fields, vec![self.text(self.fields.names, &cell.word)]);
        let others = cell.nicknames.iter().map(|(held, _)| *held).chain(cell.latin.as_deref());
        keys.extend(others.map(|name| self.text(fields.names, name)));
        if cell.near && weights::most_letters(cell.word.chars().count()) > 0 {
            keys.extend(shorter(&cell.word).map(|name| self.text(fields.names, &name)));
        }
        keys.push(self.text(fields.alike, &initial_term(&cell.word)));
        keys.extend(numbers::begins(&cell.word).iter().map(|begins| self.text(fields.exact, begins)));
        keys.push(self.text(fields.words, &cell.word));
        let stems = cell.instead.iter().map(|(_, stem)| stem).chain([&cell.stem]);
        keys.extend(stems.map(|stem| self.text(fields.stems, stem)));
        Clause { keys, rarity: cell.word.chars().count() }
    }

    fn leaf(&mut self, leaf: &Leaf) -> Vec<Clause> {
        let fields = self.fields;
        let of_number = |field, number| self.keys.of_term(&Term::from_field_u64(field, number));
        let one = |key, rarity| vec![Clause { keys: vec![key], rarity }];
        match leaf {
            Leaf::Words { field, text, phrase } => self.words(field.as_deref(), text, *phrase),
            Leaf::Kind(kind) => one(of_number(fields.kind, u64::from(*kind)), COMMON),
            Leaf::Reference(reference) => one(of_number(fields.reference, reference.number), UNIQUE),
            Leaf::Mark(mark) => one(self.text(fields.mark, mark), COMMON),
            Leaf::Unit(unit) => one(self.text(fields.unit, unit), COMMON),
            Leaf::Together { field, text, .. } => self.together(field.as_deref(), text),
            Leaf::Area { shape, .. } => {
                let cover = cover(shape);
                let squares = cover.inside.iter().chain(&cover.edge).copied().map(Square::term);
                let keys = squares.map(|square| self.text(fields.cell, &square)).collect();
                vec![Clause { keys, rarity: OF_PLACE }]
            }
            // Of these a record may hold any of many terms.
            Leaf::Days { .. } | Leaf::Numbers { .. } | Leaf::Pattern { .. } => Vec::new(),
        }
    }

    /// Words as they were written, in any field or in one, or as the whole value of it.
    fn words(&mut self, field: Option<&str>, text: &str, phrase: bool) -> Vec<Clause> {
        let fields = self.fields;
        let whole = field.map(|field| self.text(fields.exact, &of_field(field, &squeezed(text))));
        let mut all = Vec::new();
        for word in words(text) {
            let Some(first) = word.parts.first() else { continue };
            let apart = word.apart().and_then(|pieces| pieces.into_iter().next());
            let ways = [Some(first.clone()), Some(word.parts.concat()), word.joined(), apart];
            let mut keys: Vec<u64> = ways.iter().flatten().map(|word| self.word(field, word)).collect();
            keys.extend(whole);
            if !phrase {
                let stem = self.stems.stem(first);
                keys.push(match field {
                    Some(field) => self.text(fields.fielded_stems, &of_field(field, &stem)),
                    None => self.text(fields.stems, &stem),
                });
            }
            all.push(Clause { keys, rarity: first.chars().count() });
        }
        rarest_first(all)
    }

    /// Words near each other in some field: the unit is one, though it is not among all words.
    fn together(&self, field: Option<&str>, text: &str) -> Vec<Clause> {
        let words = words(text);
        let of = |part: &String| {
            let mut keys = vec![self.word(field, part)];
            if field.is_none() {
                keys.push(self.word(Some(crate::mapping::UNIT), part));
            }
            Clause { keys, rarity: part.chars().count() }
        };
        rarest_first(words.iter().flat_map(|word| &word.parts).map(of).collect())
    }

    fn word(&self, field: Option<&str>, word: &str) -> u64 {
        match field {
            Some(field) => self.text(self.fields.fielded, &of_field(field, word)),
            None => self.text(self.fields.words, word),
        }
    }

    fn text(&self, field: Field, text: &str) -> u64 {
        self.keys.of(field, text.as_bytes())
    }
}

fn rarest_first(mut clauses: Vec<Clause>) -> Vec<Clause> {
    clauses.sort_by_key(|clause| std::cmp::Reverse(clause.rarity));
    clauses
}

/// What is required where one of several ways will do. Whoever goes one way holds a key of each of its clauses,
/// so of the first of all ways one, of the second one, and so on; a way with fewer stays at its last.
fn either(ways: Vec<Vec<Clause>>) -> Vec<Clause> {
    let most = ways.iter().map(Vec::len).max().unwrap_or(0);
    let of = |place: usize| -> Option<Clause> {
        let mut all = Clause { keys: Vec::new(), rarity: UNIQUE };
        for way in &ways {
            let clause = way.get(place).or(way.last())?;
            all.keys.extend(&clause.keys);
            all.rarity = all.rarity.min(clause.rarity);
        }
        all.keys.sort_unstable();
        all.keys.dedup();
        Some(all)
    };
    rarest_first((0..most).filter_map(of).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::nearest_of_two_letters;
    use crate::matching::weights::Cost;

    /// What is left out of [`Requirements::cell`] costs more than what is close.
    #[test]
    fn what_is_left_out_is_not_close() {
        let costs = [Cost::SoundAlone, Cost::InitialHeld, Cost::PartLacking].map(Cost::closeness);
        let left_out = [&costs[..], &[nearest_of_two_letters()]].concat();
        assert!(left_out.iter().all(|cost| *cost > weights::CLOSE), "{left_out:?}");
    }
}
