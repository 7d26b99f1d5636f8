//! Works through a list on all cores and keeps its order.

use crate::error::Unusable;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Does the work for every job and returns the results in the order of the jobs. The first refusal of the
/// system ends the run.
pub(crate) fn in_order<J: Sync, R: Send>(
    jobs: &[J],
    work: impl Fn(&J) -> Result<R, Unusable> + Sync,
) -> Result<Vec<R>, Unusable> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(jobs.len()));
    let worker = || {
        while let Some((place, job)) = take(jobs, &next) {
            let result = work(job);
            let refused = result.is_err();
            done.lock().unwrap_or_else(PoisonError::into_inner).push((place, result));
            if refused {
                next.store(jobs.len(), Ordering::Relaxed);
            }
        }
    };
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get).min(jobs.len());
    thread::scope(|scope| {
        for _ in 1..cores {
            scope.spawn(worker);
        }
        worker();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

fn take<'j, J>(jobs: &'j [J], next: &AtomicUsize) -> Option<(usize, &'j J)> {
    let place = next.fetch_add(1, Ordering::Relaxed);
    jobs.get(place).map(|job| (place, job))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_jobs() {
        let jobs: Vec<u64> = (0..1_000).collect();
        assert_eq!(
            in_order(&jobs, |job| Ok(job * 2)).unwrap(),
            jobs.iter().map(|job| job * 2).collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_refusal_ends_the_run() {
        let refuse = |_: &u8| Err::<(), _>(Unusable::NotAnExport("here".into()));
        assert!(in_order(&[1, 2, 3], refuse).is_err());
    }
}
