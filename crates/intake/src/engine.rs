//! Takes files in: finds them, checks each, reads it on a thread of its own, and hands its rows to
//! the door in batches. While the door works on one batch the next is read; two wait at most, so that
//! memory is bounded whatever the size of the files.

use crate::batch::{self, Batch, Size};
use crate::connector::{Connector, Table};
use crate::door::Door;
use crate::error::{FileFault, IntakeError};
use crate::files::{self, Candidate};
use crate::header::Columns;
use crate::progress::{Meter, Progress};
use crate::reader::Reader;
use crate::report::{Refused, Report};
use desk::intake::{Counts, Position, SourceFile};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

/// Batches that wait for the door.
const WAITING: usize = 2;
const DIGEST_CHUNK: usize = 256 * 1024;

/// How a run goes about it.
pub struct Options {
    /// Rows to a transaction.
    pub batch_rows: usize,
    /// Octets of content to a transaction.
    pub batch_octets: usize,
    /// Time that only goes forward, for rate and time left.
    pub clock: Box<dyn Fn() -> Duration + Send + Sync>,
}

impl Default for Options {
    fn default() -> Self {
        let began = Instant::now();
        Self { batch_rows: 512, batch_octets: 1 << 20, clock: Box::new(move || began.elapsed()) }
    }
}

/// Takes in a file, or all files of the connector in a folder and the folders in it. A file whose
/// header is wrong is refused as a whole and the others go on. A run that was cut off reads on where
/// it was; a folder given twice adds nothing the second time. `progress` is called after each batch.
///
/// # Errors
/// [`IntakeError`] where nothing is there to read, where the door fails, or where the counts of a file
/// do not add up. What was acknowledged before stays.
pub async fn run<D: Door>(
    door: &D,
    who: &D::Who,
    connector: &dyn Connector,
    path: &Path,
    options: &Options,
    mut progress: impl FnMut(&Progress),
) -> Result<Report, IntakeError> {
    let began = (options.clock)();
    let found = files::find(path, connector)?;
    let octets = found.candidates.iter().map(|file| file.octets).sum();
    let mut meter = Meter::new(began, found.candidates.len(), octets);
    let mut report = Report { passed_over: found.passed_over, ..Report::default() };
    let desk = Desk { door, who, connector, options };
    for candidate in &found.candidates {
        match survey(candidate).await? {
            Ok(survey) => {
                let unended = survey.unended;
                let done = desk.take_file(candidate, survey, &mut meter, &mut progress).await?;
                report.add(&candidate.name, done.counts, done.resumed, unended);
            }
            Err(fault) => {
                report.refused.push(Refused { file: candidate.name.clone(), reason: fault.to_string() });
            }
        }
        meter.file_done(candidate.octets);
    }
    report.seconds = ((options.clock)().saturating_sub(began).as_secs_f64() * 1_000.0).round() / 1_000.0;
    Ok(report)
}

/// What stays the same for all files of a run.
struct Desk<'a, D: Door> {
    door: &'a D,
    who: &'a D::Who,
    connector: &'a dyn Connector,
    options: &'a Options,
}

/// How a file ended.
struct Done {
    counts: Counts,
    resumed: bool,
}

impl<D: Door> Desk<'_, D> {
    async fn take_file(
        &self,
        candidate: &Candidate,
        survey: Survey,
        meter: &mut Meter,
        progress: &mut impl FnMut(&Progress),
    ) -> Result<Done, IntakeError> {
        let fault_at = |line| move |source| IntakeError::Door { file: candidate.name.clone(), line, source };
        let source = self.source_file(candidate, survey.digest);
        let mut run = self.door.begin_intake(self.who, source).await.map_err(fault_at(0))?;
        let held = self.door.position(&run);
        let resumed = held.offset > survey.rows_from.offset;
        let from = if resumed { held } else { survey.rows_from };
        let mut read = self.door.rows(&run);
        let mut at = from;
        let size = Size { rows: self.options.batch_rows.max(1), octets: self.options.batch_octets.max(1) };
        let (mut batches, reader) = read_on_thread(candidate.path.clone(), survey.columns, from, size);
        while let Some(batch) = batches.recv().await {
            let (rows, to) = (batch.len() as u64, batch.to);
            self.door
                .take_in(self.who, &mut run, batch.rows, batch.rejects, to)
                .await
                .map_err(fault_at(at.line))?;
            read += rows;
            meter.batch(rows, to.offset - at.offset);
            at = to;
            progress(&meter.progress((self.options.clock)(), &candidate.name, to.offset));
        }
        let stamp = finished(reader, candidate).await?;
        if stamp != survey.stamp {
            return Err(IntakeError::Changed { file: candidate.name.clone() });
        }
        let counts = self.door.end_intake(self.who, run).await.map_err(fault_at(at.line))?;
        check_sum(&candidate.name, read, &counts)?;
        Ok(Done { counts, resumed })
    }

    fn source_file(&self, candidate: &Candidate, digest: [u8; 32]) -> SourceFile {
        SourceFile {
            source: candidate.recognised.source.clone(),
            file: candidate.name.clone(),
            connector: format!("{} {}", self.connector.name(), self.connector.version()),
            period: candidate.recognised.period.clone(),
            licence: self.connector.licence().to_owned(),
            kind: candidate.recognised.table.kind,
            unit: candidate.recognised.unit.clone(),
            joining: candidate.recognised.table.joining,
            digest,
        }
    }
}

/// What is known of a file before its rows are read.
struct Survey {
    columns: Columns,
    rows_from: Position,
    digest: [u8; 32],
    unended: bool,
    stamp: Stamp,
}

/// Size and time of last change: where they differ the file is another.
type Stamp = (u64, Option<SystemTime>);

fn stamp(file: &File) -> io::Result<Stamp> {
    let about = file.metadata()?;
    Ok((about.len(), about.modified().ok()))
}

/// Checks the header and makes the digest, on a thread of its own.
async fn survey(candidate: &Candidate) -> Result<Result<Survey, FileFault>, IntakeError> {
    let (path, table) = (candidate.path.clone(), candidate.recognised.table);
    spawn_blocking(move || survey_file(&path, table))
        .await
        .map_err(|_| IntakeError::ReaderStopped { file: candidate.name.clone() })
}

fn survey_file(path: &Path, table: &'static Table) -> Result<Survey, FileFault> {
    let mut file = File::open(path)?;
    let stamp = stamp(&file)?;
    let mut reader = Reader::new(&mut file, Position::default());
    let columns = match reader.next(0)? {
        Some(header) => Columns::of_header(table, &header)?,
        None => return Err(FileFault::Empty),
    };
    let rows_from = reader.position();
    let (digest, unended) = digest(&mut file)?;
    Ok(Survey { columns, rows_from, digest, unended, stamp })
}

/// SHA-256 of the whole file, and whether its last line has no line end.
fn digest(file: &mut File) -> io::Result<([u8; 32], bool)> {
    file.seek(SeekFrom::Start(0))?;
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; DIGEST_CHUNK];
    let mut last = b'\n';
    loop {
        let octets = match file.read(&mut chunk) {
            Ok(0) => return Ok((hasher.finalize().into(), last != b'\n')),
            Ok(read) => chunk.get(..read).unwrap_or(&[]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hasher.update(octets);
        last = octets.last().copied().unwrap_or(last);
    }
}

type Batches = mpsc::Receiver<Batch>;

/// Reads the rows from a position on. The thread ends early where nobody takes its batches.
fn read_on_thread(
    path: PathBuf,
    columns: Columns,
    from: Position,
    size: Size,
) -> (Batches, JoinHandle<io::Result<Stamp>>) {
    let (sender, receiver) = mpsc::channel(WAITING);
    let thread = spawn_blocking(move || {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(from.offset))?;
        let mut reader = Reader::new(&mut file, from);
        while let Some(batch) = batch::next(&mut reader, &columns, size)? {
            if sender.blocking_send(batch).is_err() {
                break;
            }
        }
        stamp(&file)
    });
    (receiver, thread)
}

async fn finished(
    reader: JoinHandle<io::Result<Stamp>>,
    candidate: &Candidate,
) -> Result<Stamp, IntakeError> {
    reader
        .await
        .map_err(|_| IntakeError::ReaderStopped { file: candidate.name.clone() })?
        .map_err(|source| IntakeError::Unreadable { path: candidate.name.clone(), source })
}

fn check_sum(file: &str, read: u64, counts: &Counts) -> Result<(), IntakeError> {
    let Counts { rows, accepted, repeated, rejected, .. } = *counts;
    if rows == read && accepted + repeated + rejected == rows {
        return Ok(());
    }
    Err(IntakeError::DoesNotAddUp { file: file.to_owned(), read, rows, accepted, repeated, rejected })
}
