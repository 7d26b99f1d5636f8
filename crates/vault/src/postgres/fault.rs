//! Faults of PostgreSQL in words for the person who must mend them.

use sqlx::Error;
use std::time::Duration;

/// What a fault of a database says, and what to do about it. `database` names it without a password.
pub(super) fn explain(database: &str, doing: &str, error: &Error) -> String {
    let code = code(error);
    let code = code.as_deref().unwrap_or_default();
    match code {
        "53100" => format!(
            "{doing}: the disk of {database} is full. Make room, then try again; nothing that was acknowledged is lost"
        ),
        "53200" | "53300" | "53400" => format!(
            "{doing}: {database} has no more room for a connection or its work ({error}). Raise max_connections or end other programs, then try again"
        ),
        "40P01" | "40001" => format!(
            "{doing}: two changes got in each other's way at {database}, and the server broke this one off. Nothing of it was kept: do it again"
        ),
        "55P03" | "57014" => format!(
            "{doing}: another transaction at {database} held it up for too long. Nothing of it was kept: end the long-running job, then do it again"
        ),
        "25006" => {
            format!("{doing}: {database} is a standby or read-only. Name the primary; nothing was changed")
        }
        "3D000" => {
            format!("{doing}: there is no database {database}. Make it with `createdb`, then start again")
        }
        "42501" => format!(
            "{doing}: this user may not do that at {database} ({error}). Make the user the owner of the database"
        ),
        _ if code.starts_with("28") => format!(
            "{doing}: {database} does not let this user in ({error}). Look at the user, its password file and pg_hba.conf"
        ),
        _ if code.starts_with("XX") || code.starts_with("58") => format!(
            "{doing}: {database} is damaged or its disk is failing ({error}). Stop the program, keep the cluster for analysis, and restore the newest backup"
        ),
        _ if is_lost(error) => format!(
            "{doing}: {database} cannot be reached ({error}). Start the server or mend the way to it; work goes on by itself once it is back"
        ),
        _ => format!("{doing}: {error} ({database}). Run `bluelamp doctor`"),
    }
}

fn code(error: &Error) -> Option<String> {
    Some(error.as_database_error()?.code()?.into_owned())
}

/// Whether the connection is gone, so that it is not known whether a commit was carried out.
pub(super) fn is_lost(error: &Error) -> bool {
    match error {
        Error::Io(_)
        | Error::Protocol(_)
        | Error::PoolTimedOut
        | Error::WorkerCrashed
        | Error::BeginFailed => true,
        _ => code(error).is_some_and(|code| code.starts_with("08") || code.starts_with("57P")),
    }
}

/// Whether the server has undone a transaction only because of another's.
pub(super) fn is_undone(error: &Error) -> bool {
    code(error).is_some_and(|code| code == "40P01" || code == "40001")
}

/// How an act that may be repeated whole is repeated.
pub(super) struct Tries {
    left: u32,
    /// Whether it does no harm where the act was carried out and only its answer was lost.
    after_loss: bool,
}

/// Tries in all: over some ten seconds, in which a server starts again.
const TRIES: u32 = 8;

impl Tries {
    /// For an act that is the same whether it is done once or twice, such as reading.
    pub fn of_harmless() -> Self {
        Self { left: TRIES, after_loss: true }
    }

    /// For an act that is repeated only where the server says that nothing of it was kept.
    pub fn of_undone() -> Self {
        Self { left: TRIES, after_loss: false }
    }

    /// Waits before the next try; gives the error back where there is none.
    pub async fn again(&mut self, error: Error) -> sqlx::Result<()> {
        // Where no connection was to be had, that was awaited already.
        let waited_long = matches!(error, Error::PoolTimedOut);
        if self.left == 0 || waited_long || !(is_undone(&error) || self.after_loss && is_lost(&error)) {
            return Err(error);
        }
        self.left -= 1;
        let waited = TRIES - self.left;
        let pause = if is_lost(&error) { 250 * waited } else { 3 * waited };
        tokio::time::sleep(Duration::from_millis(u64::from(pause))).await;
        Ok(())
    }
}
