//! Callers that each wait for an answer before they ask again, and the times that they measured.

use crate::Fault;
use crate::process::processor_time;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What the callers of one round measured.
#[derive(Debug, Default)]
pub struct Load {
    times: Vec<Duration>,
    took: Duration,
    processor: Duration,
}

impl Load {
    /// Over times that were measured elsewhere.
    pub fn of(mut times: Vec<Duration>, took: Duration) -> Self {
        times.sort_unstable();
        Self { times, took, processor: Duration::ZERO }
    }

    /// How many answers there were.
    pub fn count(&self) -> usize {
        self.times.len()
    }

    /// Answers a second.
    pub fn rate(&self) -> f64 {
        self.times.len() as f64 / self.took.as_secs_f64()
    }

    /// Processor time of an answer, in microseconds, everything included that the process did meanwhile.
    pub fn processor(&self) -> f64 {
        self.processor.as_secs_f64() * 1e6 / (self.times.len() as f64).max(1.0)
    }

    /// The time that a share of the answers did not exceed, in milliseconds.
    pub fn at(&self, share: f64) -> f64 {
        let last = self.times.len().saturating_sub(1);
        let place = ((self.times.len() as f64 * share) as usize).min(last);
        self.times.get(place).map_or(0.0, |time| time.as_secs_f64() * 1e3)
    }
}

/// Lets `callers` ask for `time`, each its own sequence of random numbers.
///
/// # Errors
/// The first fault of a caller.
pub async fn drive<A, F>(callers: u32, time: Duration, ask: A) -> Result<Load, Fault>
where
    A: Fn(u64) -> F + Send + Sync + 'static,
    F: Future<Output = Result<(), Fault>> + Send,
{
    let ask = Arc::new(ask);
    let before = processor_time()?;
    let began = Instant::now();
    let tasks: Vec<_> = (0..u64::from(callers))
        .map(|caller| {
            let ask = Arc::clone(&ask);
            tokio::spawn(async move {
                let mut random = synth::random::Random::part(caller, "caller");
                let mut times = Vec::new();
                while began.elapsed() < time {
                    let asked = Instant::now();
                    ask(random.next()).await?;
                    times.push(asked.elapsed());
                }
                Ok::<_, Fault>(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await??);
    }
    let processor = processor_time()?.saturating_sub(before);
    Ok(Load { processor, ..Load::of(times, began.elapsed()) })
}

/// The middle one of some figures.
pub fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_unstable_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_the_times_is_read_off_their_order() {
        let times = (1..=100).rev().map(Duration::from_millis).collect();
        let load = Load::of(times, Duration::from_secs(2));
        assert_eq!(load.rate(), 50.0);
        assert_eq!(load.at(0.95), 96.0);
        assert_eq!(load.at(1.0), 100.0);
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
    }
}
