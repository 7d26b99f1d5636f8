//! `bluelamp erase`.

use crate::arguments::{Arguments, EraseCommand};
use crate::output::{self, Complaint};
use crate::session::at_door;
use desk::clock::moment_text;
use desk::erasure::Job;
use law::access::Action;
use serde_json::json;
use web::shapes::Erasure;

pub async fn run(arguments: &Arguments, command: &EraseCommand) -> Result<(), Complaint> {
    let job = match command {
        EraseCommand::Certificates => return certificates(arguments).await,
        EraseCommand::Plan { reference, field, ground } => {
            at_door(arguments, async |desk, who| {
                let record = desk.resolve_to(who, Action::Erase, reference).await?;
                Ok(desk.plan_erasure(who, record, field.as_deref(), ground).await?)
            })
            .await?
        }
        EraseCommand::Approve { id } => {
            at_door(arguments, async |desk, who| Ok(desk.approve_erasure(who, id).await?)).await?
        }
        EraseCommand::Run { id } => {
            at_door(arguments, async |desk, who| Ok(desk.run_erasure(who, id).await?)).await?
        }
        EraseCommand::Status { id } => {
            at_door(arguments, async |desk, who| Ok(desk.erasure(who, id).await?)).await?
        }
    };
    if arguments.json { output::json(&json!(Erasure::of(&job))) } else { print(&job) }
}

async fn certificates(arguments: &Arguments) -> Result<(), Complaint> {
    let certificates = at_door(arguments, async |desk, who| Ok(desk.certificates(who).await?)).await?;
    if arguments.json {
        return output::json(&json!({ "certificates": certificates }));
    }
    for certificate in &certificates {
        output::line(&format!(
            "{}  {}  {}  {}",
            certificate.id,
            certificate.reference,
            certificate.carried_out,
            if certificate.beyond_recovery { "beyond recovery" } else { "escrow copies outstanding" }
        ))?;
    }
    Ok(())
}

fn print(job: &Job) -> Result<(), Complaint> {
    output::line(&format!("{}: {} of {}", job.id, job.state.word(), job.scope.reference))?;
    output::line(&format!("  ground: {}", job.ground))?;
    output::lines(job.plan.iter().map(|line| format!("  {line}")))?;
    output::line(&format!("  planned by {} on {}", job.planned_by.1, moment_text(job.planned)))?;
    match &job.approved_by {
        Some((_, name)) => {
            output::line(&format!("  approved by {name}; may run from {}", moment_text(job.not_before)))?
        }
        None => output::line("  a second person must approve it: `bluelamp erase approve`")?,
    }
    let Some(certificate) = &job.certificate else { return Ok(()) };
    output::line("  found in every file of the deployment, before and after:")?;
    for place in &certificate.places {
        let sorts = |(plaintext, ciphertext, keys): (u64, u64, u64)| {
            format!("{plaintext} plain, {ciphertext} sealed, {keys} keys")
        };
        output::line(&format!(
            "    {:<14} {:<34} → {}",
            place.place,
            sorts(place.before_by_sort),
            sorts(place.after_by_sort)
        ))?;
    }
    output::line(&format!(
        "  {} key(s) destroyed, epoch {} began",
        certificate.keys_destroyed, certificate.epoch
    ))?;
    output::line(if certificate.beyond_recovery {
        "  beyond recovery: the key provider and every escrow copy have destroyed what opened older copies"
    } else {
        "  NOT beyond recovery yet: an escrow copy could not be reached; run `bluelamp keys turn` when it can"
    })
}
