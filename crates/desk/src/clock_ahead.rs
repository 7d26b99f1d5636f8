//! A clock that stood ahead for a while left entries with times that have not come yet. That the clock
//! is right now is for a person to say: a log that believed each clock would let anybody date back. From then
//! on the latest time that was seen is kept, so that a clock which is set back later is noticed as ever.

use crate::Desk;
use crate::clock::moment_text;
use crate::error::DeskError;
use crate::session::Session;
use law::access::Act;
use ledger::{CLOCK_TOLERANCE, Detail};
use serde::{Deserialize, Serialize};
use vault::store::RecordStore;

/// Where it is kept that the clock stood ahead.
const AHEAD: (&str, &str) = ("clock", "stood-ahead");

/// What somebody said of the clock, in microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockDeclared {
    /// When they said so, by the clock that is right.
    pub at: i64,
    /// The latest time that the log has from before.
    pub stood_ahead_until: i64,
    /// The latest time that the clock showed since.
    seen: i64,
}

impl ClockDeclared {
    /// Up to when the log's times are not held against a clock that shows `now`. One that was set back since is
    /// not believed.
    fn until(&self, now: i64) -> i64 {
        if now.saturating_add(CLOCK_TOLERANCE) < self.seen { i64::MIN } else { self.stood_ahead_until }
    }
}

impl<S: RecordStore> Desk<S> {
    /// Says that the clock is right now and that it stood ahead when the newest times of the log were
    /// entered. From then on the deployment starts again before those times have come.
    ///
    /// # Errors
    /// A refusal; a missing ground; a log that has no time ahead of the clock; a clock that was set back since
    /// this was said before.
    pub async fn declare_clock_right(&self, who: &Session, ground: &str) -> Result<ClockDeclared, DeskError> {
        let permit = self.permit_act(who, Act::Maintain).await?;
        let ground = ground.trim();
        if ground.is_empty() {
            return Err(DeskError::unusable("ground: say how you know that the clock is right now"));
        }
        let mut tx = self.vault.store.begin_alone().await?;
        let (now, stood_ahead_until) = (self.clock.now(), self.ledger.head().last_time);
        if stood_ahead_until <= now.saturating_add(CLOCK_TOLERANCE) {
            let why = "the log has no time ahead of the clock: there is nothing to declare";
            return Err(DeskError::not_now(why));
        }
        if let Some(before) = declared(&*self.vault.store).await?
            && before.until(now) == i64::MIN
        {
            return Err(DeskError::not_now(format!(
                "the clock was said to be right and showed {} since; it was set back, and that is nothing to declare: \
                 set the clock",
                moment_text(before.seen)
            )));
        }
        let said = ClockDeclared { at: now, stood_ahead_until, seen: now };
        self.vault.store.put_setting(&mut tx, AHEAD.0, AHEAD.1, &crate::door::json(&said)?).await?;
        let subject = format!(
            "the clock is right now; the log has times up to {} from when it stood ahead",
            moment_text(stood_ahead_until)
        );
        let detail = Detail { subject: Some(subject), ground: Some(ground.to_owned()), ..Detail::default() };
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        Ok(said)
    }

    /// Keeps what the clock shows while the log has times that have not come yet; once they have, what was said
    /// of it is forgotten, and the log alone counts again.
    pub(crate) async fn note_clock(&self) -> Result<(), DeskError> {
        let Some(said) = declared(&*self.vault.store).await? else { return Ok(()) };
        let now = self.clock.now();
        let has_passed = said.stood_ahead_until < now;
        if !has_passed && now <= said.seen {
            return Ok(());
        }
        let mut tx = self.vault.store.begin().await?;
        match has_passed {
            true => self.vault.store.delete_setting(&mut tx, AHEAD.0, AHEAD.1).await?,
            false => {
                let said = crate::door::json(&ClockDeclared { seen: now, ..said })?;
                self.vault.store.put_setting(&mut tx, AHEAD.0, AHEAD.1, &said).await?;
            }
        }
        Ok(self.vault.store.commit(tx).await?)
    }
}

async fn declared<S: RecordStore>(store: &S) -> Result<Option<ClockDeclared>, DeskError> {
    let kept = store.setting(AHEAD.0, AHEAD.1).await?;
    kept.as_deref().map(crate::door::from_json).transpose()
}

/// Up to when the log has times of a clock that stood ahead, as was declared.
pub(crate) async fn stood_ahead_until<S: RecordStore>(store: &S, now: i64) -> Result<i64, DeskError> {
    Ok(declared(store).await?.map_or(i64::MIN, |said| said.until(now)))
}
