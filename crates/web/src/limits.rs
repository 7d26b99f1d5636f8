//! How many requests may come: by address, by token, and of those that prove nobody. The limits are
//! leaky buckets, so a burst is let through and a flood is not.

use crate::house::Options;
use crate::problem::Problem;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// How many requests, and how many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Requests in a minute, sustained.
    pub a_minute: NonZeroU32,
    /// Requests that may come at once.
    pub burst: NonZeroU32,
}

impl Rate {
    /// A rate; zero counts as one.
    #[must_use]
    pub const fn new(a_minute: u32, burst: u32) -> Self {
        let one = NonZeroU32::MIN;
        Self {
            a_minute: match NonZeroU32::new(a_minute) {
                Some(number) => number,
                None => one,
            },
            burst: match NonZeroU32::new(burst) {
                Some(number) => number,
                None => one,
            },
        }
    }
}

/// Requests after which buckets that are full again are forgotten.
const TIDY_EVERY: u32 = 4096;

/// Digest of a token, which is what the limits know of it.
pub(crate) type TokenDigest = [u8; 32];

/// The limits of a server.
pub(crate) struct Limits {
    by_address: Keyed<IpAddr>,
    by_token: Keyed<TokenDigest>,
    failures: Keyed<IpAddr>,
    papers: Keyed<IpAddr>,
}

impl Limits {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            by_address: Keyed::new(options.per_address),
            by_token: Keyed::new(options.per_token),
            failures: Keyed::new(options.failures),
            papers: Keyed::new(options.papers),
        }
    }

    /// One more request of an address.
    pub(crate) fn address(&self, address: IpAddr) -> Result<(), Problem> {
        self.by_address.check(&address)
    }

    /// One more request under a token.
    pub(crate) fn token(&self, token: &TokenDigest) -> Result<(), Problem> {
        self.by_token.check(token)
    }

    /// One more sign-in of an address that proved nobody.
    pub(crate) fn failure(&self, address: IpAddr) -> Result<(), Problem> {
        self.failures.check(&address)
    }

    /// One more check of a paper from an address.
    pub(crate) fn paper(&self, address: IpAddr) -> Result<(), Problem> {
        self.papers.check(&address)
    }
}

struct Keyed<K: Hash + Eq + Clone> {
    limiter: DefaultKeyedRateLimiter<K>,
    since_tidy: AtomicU32,
}

impl<K: Hash + Eq + Clone> Keyed<K> {
    fn new(rate: Rate) -> Self {
        let quota = Quota::per_minute(rate.a_minute).allow_burst(rate.burst);
        Self { limiter: RateLimiter::keyed(quota), since_tidy: AtomicU32::new(0) }
    }

    fn check(&self, key: &K) -> Result<(), Problem> {
        if self.since_tidy.fetch_add(1, Ordering::Relaxed) >= TIDY_EVERY {
            self.since_tidy.store(0, Ordering::Relaxed);
            self.limiter.retain_recent();
        }
        self.limiter.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now()) + Duration::from_millis(999);
            Problem::too_many(wait.as_secs())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_a_flood_is_told_when_to_come_again() {
        let limits = Limits::new(&Options { per_address: Rate::new(60, 3), ..Options::default() });
        let address = IpAddr::from([127, 0, 0, 1]);
        for _ in 0..3 {
            limits.address(address).unwrap();
        }
        assert_eq!(limits.address(address).unwrap_err().status(), 429);
        limits.address(IpAddr::from([127, 0, 0, 2])).unwrap();
        limits.token(&[7; 32]).unwrap();
    }
}
