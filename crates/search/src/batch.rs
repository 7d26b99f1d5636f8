//! Records that came in together, in memory alone, so that standing queries can be asked of them and of
//! nothing else: what that costs goes with the batch, and not with the index.

use crate::document::{Change, IndexEntry};
use crate::error::IndexError;
use crate::matching::vocabulary::Vocabularies;
use crate::matching::weights::Weights;
use crate::placed;
use crate::query::Query;
use crate::query::expand::{Excess, Expanded};
use crate::query::limits::{self, Deadline};
use crate::query::plan::Planner;
use crate::reader::View;
use crate::schema::Fields;
use crate::standing::Standing;
use crate::writer::{Prepared, engine_settings, london, prepare};
use law::access::Filter;
use model::VersionRef;
use std::sync::Arc;
use tantivy::collector::DocSetCollector;
use tantivy::directory::RamDirectory;
use tantivy::tokenizer::TokenizerManager;
use tantivy::{Index as Engine, ReloadPolicy};
use tokio::task::spawn_blocking;

/// Memory for the making of a batch, in octets; a batch of a thousand records needs a few million.
const BUFFER: usize = 15_000_000;

/// Records of one batch, indexed as the index would. Nothing of it ever touches a disk.
///
/// It knows no access rule: whom a match may be told is decided on the labels in the store.
pub struct Batch {
    view: View,
}

impl Batch {
    /// Indexes records.
    ///
    /// # Errors
    /// A fault of the engine.
    pub async fn of(entries: Vec<IndexEntry>) -> Result<Self, IndexError> {
        spawn_blocking(move || Self::of_blocking(entries)).await?
    }

    fn of_blocking(entries: Vec<IndexEntry>) -> Result<Self, IndexError> {
        let (schema, fields) = Fields::schema();
        let tokenizers = TokenizerManager::default();
        tokenizers.register(placed::NAME, placed::analyzer());
        let engine = Engine::builder().schema(schema).settings(engine_settings()).tokenizers(tokenizers);
        let mut writer = engine.single_segment_index_writer(RamDirectory::create(), BUFFER)?;
        let changes: Vec<Change> = entries.into_iter().map(Change::from).collect();
        for prepared in prepare(&changes, &fields, &london()?) {
            if let Prepared::Put(_, document) = prepared {
                writer.add_document(document)?;
            }
        }
        let reader = writer.finalize()?.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let view = View {
            position: None,
            searcher: reader.searcher(),
            fields,
            vocabularies: Arc::new(Vocabularies::new(fields.names)),
            columns: Arc::default(),
            weights: Weights::default(),
        };
        view.follow()?;
        Ok(Self { view })
    }

    /// For each of these queries the records that meet it, or nearly do: what is very likely named, as for
    /// the owner of a covert record ([`crate::Index::meets`]).
    ///
    /// # Errors
    /// A fault of the engine.
    pub async fn met_by(self: Arc<Self>, queries: Vec<Query>) -> Result<Vec<Vec<VersionRef>>, IndexError> {
        spawn_blocking(move || queries.iter().map(|query| self.met(query)).collect()).await?
    }

    /// Which of the standing queries, by their places, are met by which records, in the same way. Those that
    /// are met by none are left out.
    ///
    /// # Errors
    /// A fault of the engine.
    pub async fn met_by_standing(
        self: Arc<Self>,
        standing: Arc<Standing>,
    ) -> Result<Vec<(usize, Vec<VersionRef>)>, IndexError> {
        spawn_blocking(move || {
            let mut all = Vec::new();
            for place in standing.candidates(&self.view)? {
                if let Some(query) = standing.queries().get(place) {
                    all.push((place, self.met(query)?));
                }
            }
            all.retain(|(_, met)| !met.is_empty());
            Ok(all)
        })
        .await?
    }

    fn met(&self, query: &Query) -> Result<Vec<VersionRef>, IndexError> {
        let (view, all) = (&self.view, Filter::All(Vec::new()));
        let expanded = Expanded::of(view, &all, query, Deadline::after(limits::LONGEST), Excess::Cut)?;
        let planned = Planner::near(&view.fields, &expanded, view.closely(query)).node(query.root());
        let mut met = Vec::new();
        for place in view.searcher.search(&*planned, &DocSetCollector)? {
            met.push(view.version_at(place)?.0);
        }
        met.sort_unstable();
        Ok(met)
    }
}

/// Shows nothing of the records.
impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Batch({} records)", self.view.searcher.num_docs())
    }
}
