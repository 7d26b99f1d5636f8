//! Time and identities come in from outside, so that a test decides both.

use jiff::civil::Date;
use model::derived::show::london;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use uuid::{NoContext, Timestamp, Uuid};

/// A clock.
pub trait Clock: Send + Sync + 'static {
    /// Microseconds since 1970-01-01T00:00:00Z.
    fn now(&self) -> i64;
}

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct MachineClock;

impl Clock for MachineClock {
    fn now(&self) -> i64 {
        jiff::Timestamp::now().as_microsecond()
    }
}

/// The machine's clock, set wrong by so much: for tests of what time decides.
#[derive(Debug, Default)]
pub struct SetWrong(AtomicI64);

impl SetWrong {
    /// A clock that is wrong by so many microseconds.
    #[must_use]
    pub fn by(micros: i64) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(micros)))
    }

    /// Sets it to be wrong by so many microseconds.
    pub fn set(&self, micros: i64) {
        self.0.store(micros, Ordering::SeqCst);
    }

    /// Sets it on by so many seconds more.
    pub fn set_on(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for SetWrong {
    fn now(&self) -> i64 {
        MachineClock.now() + self.0.load(Ordering::SeqCst)
    }
}

/// A UUIDv7 for a moment.
#[must_use]
pub fn id_at(micros: i64) -> Uuid {
    let seconds = u64::try_from(micros.div_euclid(1_000_000)).unwrap_or(0);
    let nanos = u32::try_from(micros.rem_euclid(1_000_000)).unwrap_or(0) * 1000;
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, nanos))
}

/// The day in London of a moment: rules and reviews count in local days.
#[must_use]
pub fn london_day(micros: i64) -> Date {
    london(micros).map_or(Date::ZERO, |moment| moment.date())
}

/// A moment for people and for certificates: `2026-11-24T18:03:07Z`.
#[must_use]
pub fn moment_text(micros: i64) -> String {
    let moment = jiff::Timestamp::from_microsecond(micros).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    moment.round(jiff::Unit::Second).unwrap_or(moment).to_string()
}
