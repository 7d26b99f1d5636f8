//! Everything that a page on the completeness of a kind shows, as one use case with one entry.

use super::{Ask, ChildSearches, Figures, countable, subject};
use crate::Desk;
use crate::error::DeskError;
use crate::session::Session;
use law::access::Act;
use ledger::Detail;
use model::Kind;
use search::{By, Within};
use vault::store::RecordStore;

/// How complete the records of a kind are.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Of the unit and period asked for, by rule.
    pub whole: Figures,
    /// The same by month of the event.
    pub months: Figures,
    /// By unit, of the period asked for, whatever the unit.
    pub units: Figures,
    /// More thorough searches of children, of all units and periods.
    pub children: ChildSearches,
}

impl<S: RecordStore> Desk<S> {
    /// Figures of a kind as a whole, by month and by unit, and those on searched children.
    ///
    /// # Errors
    /// A refusal, or faults of the index.
    pub async fn completeness_picture(
        &self,
        who: &Session,
        kind: &'static Kind,
        within: &Within,
    ) -> Result<Picture, DeskError> {
        let permit = self.permit_act(who, Act::Completeness).await?;
        let filter = countable(kind, permit.context());
        let ask = |within: &Within, by: &[By]| Ask { within: within.clone(), by: by.to_vec() };
        let whole = ask(within, &[]);
        let any_unit = Within { unit: None, period: within.period };
        let everything = Within::default();
        let (by_month, by_unit) = (ask(within, &[By::Month]), ask(&any_unit, &[By::Unit]));
        let (figures, months, units, children) = tokio::try_join!(
            self.figures(&filter, kind, &whole),
            self.figures(&filter, kind, &by_month),
            self.figures(&filter, kind, &by_unit),
            self.child_searches(permit.context(), &everything),
        )?;
        let asked = format!("{}, by month and by unit, and of children’s searches", subject(kind, &whole));
        let detail = Detail { subject: Some(asked), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        Ok(Picture { whole: figures, months, units, children })
    }
}
