//! How far a run is, and how long it will still take.

use std::time::Duration;

/// How far a run is, after each batch.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// The file that is read.
    pub file: String,
    /// Files that are done.
    pub files_done: usize,
    /// Files in all.
    pub files_total: usize,
    /// Octets that are done, those of an earlier run that was cut off included.
    pub octets_done: u64,
    /// Octets of all files.
    pub octets_total: u64,
    /// Rows taken in by this run.
    pub rows: u64,
    /// Rows a second since the run began.
    pub rows_per_second: f64,
    /// Time left at the pace so far; unknown before there is a pace.
    pub time_left: Option<Duration>,
}

/// Keeps count while a run goes on.
#[derive(Debug)]
pub(crate) struct Meter {
    began: Duration,
    files_total: usize,
    octets_total: u64,
    pub files_done: usize,
    octets_of_files_done: u64,
    octets_read: u64,
    rows: u64,
}

impl Meter {
    pub fn new(began: Duration, files_total: usize, octets_total: u64) -> Self {
        Self {
            began,
            files_total,
            octets_total,
            files_done: 0,
            octets_of_files_done: 0,
            octets_read: 0,
            rows: 0,
        }
    }

    /// Counts a batch of so many rows and octets.
    pub fn batch(&mut self, rows: u64, octets: u64) {
        self.rows += rows;
        self.octets_read += octets;
    }

    /// Counts a file of so many octets as done.
    pub fn file_done(&mut self, octets: u64) {
        self.files_done += 1;
        self.octets_of_files_done += octets;
    }

    /// How far the run is at `now`, at so many octets into `file`.
    pub fn progress(&self, now: Duration, file: &str, octets_of_file: u64) -> Progress {
        let seconds = now.saturating_sub(self.began).as_secs_f64();
        let octets_done = (self.octets_of_files_done + octets_of_file).min(self.octets_total);
        let is_under_way = seconds > 0.0 && self.octets_read > 0;
        let per_octet = seconds / self.octets_read.max(1) as f64;
        let left = (self.octets_total - octets_done) as f64 * per_octet;
        Progress {
            file: file.to_owned(),
            files_done: self.files_done,
            files_total: self.files_total,
            octets_done,
            octets_total: self.octets_total,
            rows: self.rows,
            rows_per_second: if is_under_way { self.rows as f64 / seconds } else { 0.0 },
            time_left: is_under_way.then(|| Duration::try_from_secs_f64(left).ok()).flatten(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_follows_the_pace_of_octets() {
        let mut meter = Meter::new(Duration::from_secs(100), 2, 1_000);
        assert_eq!(meter.progress(Duration::from_secs(100), "a", 0).time_left, None);
        meter.batch(50, 250);
        let progress = meter.progress(Duration::from_secs(105), "a", 250);
        assert_eq!(progress.time_left, Some(Duration::from_secs(15)));
        assert_eq!((progress.rows_per_second, progress.octets_done), (10.0, 250));
    }

    #[test]
    fn a_file_that_grew_makes_no_negative_time() {
        let mut meter = Meter::new(Duration::ZERO, 1, 10);
        meter.batch(1, 20);
        let progress = meter.progress(Duration::from_secs(1), "a", 20);
        assert_eq!((progress.octets_done, progress.time_left), (10, Some(Duration::ZERO)));
    }
}
