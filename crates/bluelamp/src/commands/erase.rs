//! `bluelamp erase`.

use crate::arguments::{Arguments, EraseCommand};
use crate::output::{self, Complaint};
use crate::session::at_door;
use desk::clock::moment_text;
use desk::erasure::{Certificate, Job, Part, State};
use law::access::Action;
use serde_json::json;
use web::shapes::Erasure;

pub async fn run(arguments: &Arguments, command: &EraseCommand) -> Result<(), Complaint> {
    let job = match command {
        EraseCommand::Certificates { id } => return certificates(arguments, id.as_deref()).await,
        EraseCommand::Plan { reference, field, attachment, ground } => {
            let part = Part::of(field.as_deref(), attachment.as_deref())?;
            at_door(arguments, async |desk, who| {
                let record = desk.resolve_to(who, Action::Erase, reference).await?;
                Ok(desk.plan_erasure(who, record, part, ground).await?)
            })
            .await?
        }
        EraseCommand::Approve { id } => {
            at_door(arguments, async |desk, who| Ok(desk.approve_erasure(who, id).await?)).await?
        }
        EraseCommand::Run { id } => {
            at_door(arguments, async |desk, who| Ok(desk.run_erasure(who, id).await?)).await?
        }
        EraseCommand::Cancel { id, reason } => {
            at_door(arguments, async |desk, who| Ok(desk.cancel_erasure(who, id, reason).await?)).await?
        }
        EraseCommand::Status { id } => {
            at_door(arguments, async |desk, who| Ok(desk.erasure(who, id).await?)).await?
        }
    };
    if arguments.json { output::json(&json!(Erasure::of(&job))) } else { print(&job) }
}

async fn certificates(arguments: &Arguments, id: Option<&str>) -> Result<(), Complaint> {
    let mut certificates = at_door(arguments, async |desk, who| Ok(desk.certificates(who).await?)).await?;
    if let Some(id) = id {
        certificates.retain(|certificate| certificate.id.eq_ignore_ascii_case(id.trim()));
        if certificates.is_empty() {
            let what = format!("there is no certificate “{id}”");
            return Err(Complaint::new(what, "`bluelamp erase certificates` lists them."));
        }
    }
    if arguments.json {
        return output::json(&json!({ "certificates": certificates }));
    }
    if id.is_some() {
        return certificates.iter().try_for_each(print_whole);
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
    match certificates.first() {
        None => output::line("no erasure was carried out yet"),
        Some(first) => {
            output::line(&format!("one of them whole: `bluelamp erase certificates {}`", first.id))
        }
    }
}

/// A certificate whole, for the file of a request.
fn print_whole(certificate: &Certificate) -> Result<(), Complaint> {
    let part = match (&certificate.field, &certificate.attachment) {
        (Some(field), _) => format!(", the field {field} only"),
        (None, Some(attachment)) => format!(", the attachment {attachment} only"),
        (None, None) => String::new(),
    };
    output::line(&format!(
        "Certificate of erasure {}: {} {}{part}",
        certificate.id, certificate.kind, certificate.reference
    ))?;
    output::line(&format!("  ground: {}", certificate.ground))?;
    output::line(&format!(
        "  planned by {}, approved by {}, carried out {}",
        certificate.planned_by, certificate.approved_by, certificate.carried_out
    ))?;
    output::line(&format!(
        "  {} version(s) of the record and {} link(s) to it went",
        certificate.versions, certificate.links
    ))?;
    print_proof(certificate)?;
    output::line("  the log's checkpoint afterwards:")?;
    output::lines(certificate.checkpoint.trim_end().lines().map(|line| format!("    {line}")))
}

fn print(job: &Job) -> Result<(), Complaint> {
    output::line(&format!("{}, erasure of {}: {}", job.id, job.scope.reference, job.state.word()))?;
    output::line(&format!("  ground: {}", job.ground))?;
    if !job.state.is_over() {
        output::lines(job.plan.iter().map(|line| format!("  {line}")))?;
    }
    output::line(&format!("  planned by {} on {}", job.planned_by.1, moment_text(job.planned)))?;
    if let Some(closing) = &job.closed {
        let when = moment_text(closing.at);
        return output::line(&format!("  closed by {} on {when}: {}", closing.by, closing.reason));
    }
    match &job.approved_by {
        Some((_, name)) if job.state == State::Done => output::line(&format!("  approved by {name}"))?,
        Some((_, name)) => {
            output::line(&format!("  approved by {name}; may run from {}", moment_text(job.not_before)))?
        }
        None => output::line("  a second person must approve it: `bluelamp erase approve`")?,
    }
    job.certificate.as_ref().map_or(Ok(()), print_proof)
}

/// What was found before and after, what was destroyed, and what no scan sees.
fn print_proof(certificate: &Certificate) -> Result<(), Complaint> {
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
        "  {} key(s) of bodies destroyed (the files may hold a key in several places), epoch {} began",
        certificate.keys_destroyed, certificate.epoch
    ))?;
    output::line(if certificate.beyond_recovery {
        "  beyond recovery: the key provider and every registered escrow copy have destroyed what opened older copies"
    } else {
        "  NOT beyond recovery yet: an escrow copy could not be reached; run `bluelamp keys turn` when it can"
    })?;
    listed("escrow copies that could not be reached", &certificate.escrows_unconfirmed)?;
    listed("said to be destroyed, and not confirmed by the turn", &certificate.escrows_removed)?;
    listed("exports of the log given out before: ask each holder to destroy theirs", &certificate.exports)?;
    listed("not looked at, because no scan of files sees it", &certificate.not_scanned)
}

fn listed(heading: &str, lines: &[String]) -> Result<(), Complaint> {
    if lines.is_empty() {
        return Ok(());
    }
    output::line(&format!("  {heading}:"))?;
    output::lines(lines.iter().map(|line| format!("    {line}")))
}
