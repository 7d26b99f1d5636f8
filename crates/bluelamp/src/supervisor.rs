//! What started the server hears how it is: systemd, where it has given a socket for that (`sd_notify`).
//! Where nobody has, nothing is said.

use sd_notify::NotifyState;
use tokio::task::JoinHandle;

/// Says that requests are taken from now on, and then for as long as the task lives that the server is
/// alive, twice as often as it must be heard.
pub fn taking_requests() -> JoinHandle<()> {
    say(NotifyState::Ready);
    tokio::spawn(async {
        let Some(within) = sd_notify::watchdog_enabled() else { return };
        let mut tick = tokio::time::interval(within / 2);
        loop {
            tick.tick().await;
            say(NotifyState::Watchdog);
        }
    })
}

/// Says that the server ends what it began, and begins nothing new.
pub fn stopping() {
    say(NotifyState::Stopping);
}

fn say(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(event = "supervisor-deaf", %error);
    }
}
