//! Who asks: proved by a token from the environment or a prompt, never by a name alone.

use crate::arguments::Arguments;
use crate::output::{self, Complaint};
use desk::clock::MachineClock;
use desk::{Deployment, Session};
use std::io::IsTerminal;
use std::sync::Arc;
use zeroize::Zeroizing;

pub use desk::deployment::Door;

/// Opens the deployment, proves who asks, works, and closes it again, whatever came of the work.
pub async fn at_door<T>(
    arguments: &Arguments,
    work: impl AsyncFnOnce(&Door, &Session) -> Result<T, Complaint>,
) -> Result<T, Complaint> {
    let token = token()?;
    let deployment = Deployment::open(&arguments.data, Arc::new(MachineClock)).await?;
    at_opened(arguments, &token, deployment, work).await
}

/// The same where the log has times that have not come yet.
pub async fn at_door_trusting_clock<T>(
    arguments: &Arguments,
    work: impl AsyncFnOnce(&Door, &Session) -> Result<T, Complaint>,
) -> Result<T, Complaint> {
    let token = token()?;
    let deployment = Deployment::open_trusting_clock(&arguments.data, Arc::new(MachineClock)).await?;
    at_opened(arguments, &token, deployment, work).await
}

async fn at_opened<T>(
    arguments: &Arguments,
    token: &str,
    deployment: Deployment,
    work: impl AsyncFnOnce(&Door, &Session) -> Result<T, Complaint>,
) -> Result<T, Complaint> {
    let worked = match prove(arguments, &deployment, token).await {
        Ok(who) => work(&deployment.desk, &who).await,
        Err(complaint) => Err(complaint),
    };
    let closed = deployment.close().await;
    let worked = worked?;
    if let Err(error) = closed {
        // What was done is done and durable; its answer, perhaps a token shown only once, must not
        // be lost to a fault of tidying up.
        let complaint = Complaint::new(
            format!("done, but the deployment could not be tidied up: {error}"),
            "Run `bluelamp doctor`.",
        );
        output::complain_as(&complaint, arguments.json);
    }
    Ok(worked)
}

/// The door of a database that was restored from an older copy, and the token of whoever asks:
/// nothing enters the log before the work does, not even that they signed in.
pub async fn at_restored_door<T>(
    arguments: &Arguments,
    work: impl AsyncFnOnce(&Door, &str) -> Result<T, Complaint>,
) -> Result<T, Complaint> {
    let token = token()?;
    let deployment = Deployment::open_restored(&arguments.data, Arc::new(MachineClock)).await?;
    // Where the work fails nothing is closed, because closing brings the index up to date, which is
    // an entry of the log; dropping it loses nothing.
    let worked = work(&deployment.desk, &token).await?;
    deployment.close().await?;
    Ok(worked)
}

async fn prove(arguments: &Arguments, deployment: &Deployment, token: &str) -> Result<Session, Complaint> {
    let who = deployment.desk.sign_in(token).await?;
    let mut who = who.ok_or_else(|| {
        Complaint::new("the token proves nobody", "Use the token that was shown when the account was made.")
    })?;
    if let Some(purpose) = &arguments.purpose {
        who = who.for_purpose(purpose);
    }
    if let Some(task) = &arguments.task {
        who = who.for_task(task);
    }
    Ok(who)
}

fn token() -> Result<Zeroizing<String>, Complaint> {
    if let Ok(token) = std::env::var("BLUELAMP_TOKEN")
        && !token.trim().is_empty()
    {
        return Ok(Zeroizing::new(token));
    }
    if !std::io::stdin().is_terminal() {
        return Err(Complaint::new(
            "nobody has signed in",
            "Put your token into BLUELAMP_TOKEN, or run this at a terminal to be asked for it.",
        ));
    }
    let asked = rpassword::prompt_password("Token: ");
    asked
        .map(Zeroizing::new)
        .map_err(|error| Complaint::new(error.to_string(), "Put your token into BLUELAMP_TOKEN."))
}
