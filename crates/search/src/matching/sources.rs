//! Where in a segment the answer to one thing that is asked for may stand: lists of documents, each with
//! what it costs that a record is in it.

use super::asked::Cell;
use super::birth::{self, Apart};
use super::initial_term;
use super::nicknames::Kinship;
use super::numbers::{self, NumberApart};
use super::spelling::Difference;
use super::vocabulary::Vocabulary;
use super::weights::{self, Charge, Cost, Weights};
use super::when::When;
use crate::mapping::HAPPENED;
use crate::schema::{Fields, of_field};
use crate::span::Days;
use std::io;
use std::sync::Arc;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::{SegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{SegmentReader, Term};

/// Lists that one thing may be looked for in.
const MOST_SOURCES: usize = 4_000;

/// How a record answers one thing that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum How {
    /// As a part of a name.
    Name {
        held: String,
        difference: Difference,
        sounds_alike: bool,
    },
    /// Only by its sound.
    Sound,
    /// By a word that stands for it.
    OtherWord {
        held: &'static str,
    },
    Nickname {
        held: &'static str,
        kinship: Kinship,
    },
    /// A single letter was typed.
    InitialTyped,
    /// A single letter is held.
    InitialHeld,
    /// In other letters.
    OtherLetters {
        held: String,
    },
    Born(Apart),
    /// On this day, it says, something happened.
    Happened,
    Number {
        held: String,
        apart: NumberApart,
    },
    /// As a word, somewhere in the record.
    Elsewhere,
    /// In another form of the word.
    Form,
}

impl How {
    fn as_typed(cell: &Cell) -> Self {
        Self::Name { held: cell.word.clone(), difference: Difference::Same, sounds_alike: false }
    }

    /// What it costs to be answered so.
    pub(crate) fn charge(&self, cell: &Cell) -> Charge {
        Charge::once(match self {
            Self::Name { difference, sounds_alike, .. } => {
                return weights::spelling(*difference, cell.word.chars().count(), *sounds_alike);
            }
            Self::Number { apart, .. } => return apart.charge(),
            Self::Born(apart) => return apart.cost().map_or(Charge::NOTHING, Charge::once),
            Self::Sound => Cost::SoundAlone,
            Self::OtherWord { .. } => Cost::OtherWord,
            Self::Nickname { kinship, .. } => weights::nickname(*kinship),
            Self::InitialTyped => Cost::InitialTyped,
            Self::InitialHeld => Cost::InitialHeld,
            Self::OtherLetters { .. } => Cost::OtherLetters,
            Self::Happened => Cost::Happened,
            Self::Elsewhere => Cost::Elsewhere,
            Self::Form => Cost::FormOfWord,
        })
    }

    /// Whether it stands in the text of a record: then it is none the less what was typed.
    fn is_in_text(&self) -> bool {
        matches!(self, Self::Elsewhere | Self::Form | Self::OtherWord { .. } | Self::Happened)
    }
}

/// One list of documents.
pub(crate) struct Source {
    pub(crate) cost: f32,
    /// How much of the cost says that something else may have been meant.
    pub(crate) far: f32,
    /// Whether it is near enough to be an answer that lacks another part.
    pub(crate) is_near: bool,
    pub(crate) how: How,
    info: TermInfo,
    index: Arc<InvertedIndexReader>,
}

impl Source {
    /// Documents in it.
    pub(crate) fn count(&self) -> usize {
        self.info.doc_freq as usize
    }

    pub(crate) fn postings(&self) -> io::Result<SegmentPostings> {
        self.index.read_postings_from_terminfo(&self.info, IndexRecordOption::Basic)
    }
}

/// Looks for sources in one segment.
pub(crate) struct Sources<'a> {
    fields: &'a Fields,
    segment: &'a SegmentReader,
    vocabulary: &'a Vocabulary,
    weights: &'a Weights,
    found: Vec<Source>,
}

/// The sources of a cell, the cheapest first.
pub(crate) fn of(
    cell: &Cell,
    fields: &Fields,
    segment: &SegmentReader,
    vocabulary: &Vocabulary,
    weights: &Weights,
) -> tantivy::Result<Vec<Source>> {
    let mut sources = Sources { fields, segment, vocabulary, weights, found: Vec::new() };
    sources.add_all(cell)?;
    let mut found = sources.found;
    found.sort_by(|left, right| left.cost.total_cmp(&right.cost));
    found.truncate(MOST_SOURCES);
    Ok(found)
}

impl Sources<'_> {
    fn add_all(&mut self, cell: &Cell) -> tantivy::Result<()> {
        self.add_names(cell)?;
        if cell.field.is_some() {
            return Ok(());
        }
        if let Some(when) = cell.when {
            self.add_times(cell, when)?;
        }
        if cell.near {
            self.add_numbers(cell)?;
        }
        if cell.stem.is_empty() {
            return Ok(());
        }
        self.add(self.fields.words, &cell.word, cell, How::Elsewhere)?;
        self.add(self.fields.stems, &cell.stem, cell, How::Form)?;
        for (held, stem) in &cell.instead {
            self.add(self.fields.stems, stem, cell, How::OtherWord { held })?;
        }
        Ok(())
    }

    fn add_times(&mut self, cell: &Cell, when: When) -> tantivy::Result<()> {
        let (births, happened) = match when {
            When::Date(date) => (birth::terms(date), Days::of(date)),
            When::Recent(date) => {
                let mut births = birth::terms(date);
                births.retain(|(_, apart)| *apart != Apart::NotHeld);
                (births, Days::of(date))
            }
            When::Aged(year) => (birth::aged(year), None),
            When::Between(days) => (Vec::new(), Some(days)),
        };
        for (term, apart) in births {
            self.add(self.fields.date, &term, cell, How::Born(apart))?;
        }
        for term in happened.iter().flat_map(|days| days.terms(HAPPENED)) {
            self.add(self.fields.date, &term, cell, How::Happened)?;
        }
        Ok(())
    }

    /// Names near to the word: compared with every name that the segment knows.
    fn add_names(&mut self, cell: &Cell) -> tantivy::Result<()> {
        if cell.when.is_some() {
            return Ok(());
        }
        if !cell.near {
            return self.add_name(cell, &cell.word, How::as_typed(cell));
        }
        self.add_spellings(cell)?;
        for (held, kinship) in &cell.nicknames {
            let how = How::Nickname { held, kinship: *kinship };
            self.add_name(cell, held, how)?;
        }
        if let Some(latin) = &cell.latin {
            let how = How::OtherLetters { held: latin.clone() };
            self.add_name(cell, latin, how)?;
        }
        if cell.field.is_some() || cell.joined {
            return Ok(());
        }
        let initial: String = cell.word.chars().take(1).collect();
        if cell.word == initial {
            return self.add(self.fields.alike, &initial_term(&initial), cell, How::InitialTyped);
        }
        if let Some(sound) = &cell.sound {
            self.add(self.fields.alike, &of_field(SOUND, sound), cell, How::Sound)?;
        }
        self.add(self.fields.names, &initial, cell, How::InitialHeld)
    }

    fn add_spellings(&mut self, cell: &Cell) -> tantivy::Result<()> {
        let count = cell.word.chars().count();
        let names = self.segment.inverted_index(self.fields.names)?;
        let mut found = Vec::new();
        self.vocabulary.near(&cell.word, weights::most_letters(count), |near| found.push(near));
        for near in found {
            let difference = Difference::of(&cell.word, near.text, near.distance);
            let sounds_alike = near.distance > 0
                && cell.sound.is_some()
                && super::spelling::sound(near.text).as_ref() == cell.sound.as_ref();
            let how = How::Name { held: near.text.to_owned(), difference, sounds_alike };
            match &cell.field {
                Some(_) => self.add_name(cell, near.text, how)?,
                None => self.push(cell, how, near.info, Arc::clone(&names)),
            }
        }
        Ok(())
    }

    /// A part of a name, in any name or in the field that it is asked for in.
    fn add_name(&mut self, cell: &Cell, held: &str, how: How) -> tantivy::Result<()> {
        match &cell.field {
            Some(field) => self.add(self.fields.fielded, &of_field(field, held), cell, how),
            None => self.add(self.fields.names, held, cell, how),
        }
    }

    fn add_numbers(&mut self, cell: &Cell) -> tantivy::Result<()> {
        let exact = self.segment.inverted_index(self.fields.exact)?;
        numbers::near(exact.terms(), &cell.word, |held, info, apart| {
            self.push(cell, How::Number { held, apart }, info, Arc::clone(&exact));
        })?;
        Ok(())
    }

    fn push(&mut self, cell: &Cell, how: How, info: TermInfo, index: Arc<InvertedIndexReader>) {
        let charge = how.charge(cell);
        let cost = charge.bits(self.weights);
        let (far, is_near) = if how.is_in_text() { (0.0, true) } else { (cost, charge.is_near()) };
        self.found.push(Source { cost, far, is_near, how, info, index });
    }

    fn add(&mut self, field: Field, term: &str, cell: &Cell, how: How) -> tantivy::Result<()> {
        let index = self.segment.inverted_index(field)?;
        if let Some(info) = index.get_term_info(&Term::from_field_text(field, term))? {
            self.push(cell, how, info, index);
        }
        Ok(())
    }
}

/// Before the sound of a name, in the field of what is alike.
pub(crate) const SOUND: &str = "sound";
/// Before the first letter of a name, in the field of what is alike.
pub(crate) const INITIAL: &str = "initial";
