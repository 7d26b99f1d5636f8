//! Many names, plates, telephone numbers or references in one go: each line is a search of its own, through
//! the same door and with an entry of its own, and the report says of each what came of it.

mod lines;
mod report;

pub use lines::{MOST_LINES, Sort};
pub use report::{Counts, Line, ListReport, Listed, Outcome};

use crate::Desk;
use crate::error::DeskError;
use crate::find::Scope;
use crate::papers::{Code, Contents, Issued, NewPaper, PaperKind};
use crate::session::Session;
use futures::{StreamExt, TryStreamExt, stream};
use law::access::{Act, Action};
use ledger::Detail;
use lines::Asked;
use model::RecordId;
use search::Page;
use std::collections::BTreeSet;
use std::time::Instant;
use vault::store::RecordStore;

/// Best answers of a line at most.
pub const MOST_BEST: usize = 20;
/// Lines that are searched at once: their entries become durable together.
const AT_ONCE: usize = 16;

impl<S: RecordStore> Desk<S> {
    /// Searches for every line of a list, and gives the `best` answers of each with why.
    ///
    /// # Errors
    /// A refusal; a list that is empty, too long or no table. A line that cannot be read is no error: the
    /// report says the mend.
    pub async fn search_list(&self, who: &Session, text: &str, best: usize) -> Result<ListReport, DeskError> {
        let started = Instant::now();
        let permit = self.permit_act(who, Act::SearchList).await?;
        let _may_list = self.permit(who, Action::List, 0, &[]).await?;
        if !(1..=MOST_BEST).contains(&best) {
            let why = format!("best: the best 1 to {MOST_BEST} answers of each line can be shown");
            return Err(DeskError::unusable(why));
        }
        let list = lines::read(text)?;
        let detail = Detail {
            subject: Some("search for a list".to_owned()),
            count: Some(list.lines.len() as u64),
            ..Detail::default()
        };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        let searches: Vec<_> = list.lines.into_iter().map(|line| self.search_line(who, line, best)).collect();
        let lines: Vec<Line> = stream::iter(searches).buffered(AT_ONCE).try_collect().await?;
        let scope = Scope::of(&self.matrix(), &who.at(self.clock.now()));
        Ok(ListReport { lines, scope, unused: list.unused, took: started.elapsed() })
    }

    /// Puts a report on paper: as the file that `write` makes of it, with the code that stands in it.
    ///
    /// # Errors
    /// A refusal, or faults of log and store: then the report may not be given as a file.
    pub async fn issue_list_report(
        &self,
        who: &Session,
        report: &ListReport,
        write: impl FnOnce(&ListReport, &Code) -> String,
    ) -> Result<(String, Issued), DeskError> {
        let permit = self.permit_act(who, Act::SearchList).await?;
        let code = Code::generate()?;
        let contents = write(report, &code);
        let records: BTreeSet<RecordId> =
            report.lines.iter().flat_map(|line| &line.best).map(|found| found.record).collect();
        let records: Vec<RecordId> = records.into_iter().collect();
        let paper = NewPaper {
            kind: PaperKind::ListReport,
            contents: Contents::File(contents.as_bytes()),
            versions: self.versions_of(&records).await?,
            count: report.lines.len() as u64,
        };
        let issued = self.issue_paper(&permit, code, paper).await?;
        Ok((contents, issued))
    }

    async fn search_line(&self, who: &Session, line: lines::Line, best: usize) -> Result<Line, DeskError> {
        let lines::Line { number, given, asked } = line;
        let Asked { sort, query } = match asked {
            Ok(asked) => asked,
            Err(mend) => return Ok(Line::unread(number, given, None, mend)),
        };
        let page = Page { offset: 0, limit: best };
        match self.answer(who, &query, &given, page).await {
            Ok(answers) => Ok(Line::answered(number, given, sort, answers)),
            // Well formed, and more than one search may cost.
            Err(DeskError::Unusable(mend)) => Ok(Line::unread(number, given, Some(sort), mend)),
            Err(other) => Err(other),
        }
    }
}
