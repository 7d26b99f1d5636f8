//! What the engine needs of the desk, and no more: three acts and where a run stands.

use desk::DeskError;
use desk::intake::IntakeRun;
use desk::intake::{Counts, IncomingRow, Position, RejectedRow, SourceFile};
use desk::{Desk, Session};
use std::future::Future;
use vault::store::RecordStore;

/// The door that rows go through. Each act is authorised and logged there.
pub trait Door: Sync {
    /// Who is at the door, for what purpose.
    type Who: Sync;
    /// A run over one file.
    type Run: Send;

    /// Begins a run over a file, or takes up the one that a kill cut off.
    fn begin_intake(
        &self,
        who: &Self::Who,
        file: SourceFile,
    ) -> impl Future<Output = Result<Self::Run, DeskError>> + Send;

    /// Takes in one batch in one transaction; afterwards everything before `to` is durable.
    fn take_in(
        &self,
        who: &Self::Who,
        run: &mut Self::Run,
        rows: Vec<IncomingRow>,
        rejects: Vec<RejectedRow>,
        to: Position,
    ) -> impl Future<Output = Result<(), DeskError>> + Send;

    /// Ends the run and says how the file stands.
    fn end_intake(
        &self,
        who: &Self::Who,
        run: Self::Run,
    ) -> impl Future<Output = Result<Counts, DeskError>> + Send;

    /// Where to read on: the start, or where a kill cut the run off.
    fn position(&self, run: &Self::Run) -> Position;

    /// Rows that the run has counted so far.
    fn rows(&self, run: &Self::Run) -> u64;
}

impl<S: RecordStore> Door for Desk<S> {
    type Who = Session;
    type Run = IntakeRun;

    async fn begin_intake(&self, who: &Session, file: SourceFile) -> Result<IntakeRun, DeskError> {
        Desk::begin_intake(self, who, file).await
    }

    async fn take_in(
        &self,
        who: &Session,
        run: &mut IntakeRun,
        rows: Vec<IncomingRow>,
        rejects: Vec<RejectedRow>,
        to: Position,
    ) -> Result<(), DeskError> {
        Desk::take_in(self, who, run, rows, rejects, to).await
    }

    async fn end_intake(&self, who: &Session, run: IntakeRun) -> Result<Counts, DeskError> {
        Desk::end_intake(self, who, run).await
    }

    fn position(&self, run: &IntakeRun) -> Position {
        run.position
    }

    fn rows(&self, run: &IntakeRun) -> u64 {
        run.counts.rows
    }
}
