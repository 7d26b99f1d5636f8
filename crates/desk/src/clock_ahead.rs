//! A clock that stood ahead for a while left entries with times that have not come yet. That the clock
//! is right now is for a person to say: a log that believed each clock would let anybody date back.

use crate::Desk;
use crate::clock::moment_text;
use crate::error::DeskError;
use crate::session::Session;
use law::access::Act;
use ledger::Detail;
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
}

impl<S: RecordStore> Desk<S> {
    /// Says that the clock is right now and that it stood ahead when the newest times of the log were
    /// entered. From then on the deployment starts again before those times have come.
    ///
    /// # Errors
    /// A refusal; a missing ground; a log that has no time ahead of the clock.
    pub async fn declare_clock_right(&self, who: &Session, ground: &str) -> Result<ClockDeclared, DeskError> {
        let permit = self.permit_act(who, Act::Maintain).await?;
        let ground = ground.trim();
        if ground.is_empty() {
            return Err(DeskError::unusable("ground: say how you know that the clock is right now"));
        }
        let mut tx = self.vault.store.begin_alone().await?;
        let declared =
            ClockDeclared { at: self.clock.now(), stood_ahead_until: self.ledger.head().last_time };
        if declared.stood_ahead_until <= declared.at {
            return Err(DeskError::not_now(
                "the log has no time ahead of the clock: there is nothing to declare",
            ));
        }
        let kept = crate::door::json(&declared)?;
        self.vault.store.put_setting(&mut tx, AHEAD.0, AHEAD.1, &kept).await?;
        let subject = format!(
            "the clock is right now; the log has times up to {} from when it stood ahead",
            moment_text(declared.stood_ahead_until)
        );
        let detail = Detail { subject: Some(subject), ground: Some(ground.to_owned()), ..Detail::default() };
        let pending = self.ledger.record_in(&mut tx, &[(&permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        Ok(declared)
    }
}

/// Up to when the log has times of a clock that stood ahead, as was declared. A clock that stands before
/// the declaration itself was set back since, and is not believed.
pub(crate) async fn stood_ahead_until<S: RecordStore>(store: &S, now: i64) -> Result<i64, DeskError> {
    let Some(kept) = store.setting(AHEAD.0, AHEAD.1).await? else { return Ok(i64::MIN) };
    let declared: ClockDeclared = crate::door::from_json(&kept)?;
    Ok(if now < declared.at { i64::MIN } else { declared.stood_ahead_until })
}
