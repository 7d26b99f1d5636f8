//! `bluelamp ledger`.

use crate::arguments::{Arguments, LedgerCommand};
use crate::output::{self, Complaint, counted};
use crate::session::{Door, at_door, at_door_trusting_clock, at_restored_door};
use desk::Session;
use desk::clock::moment_text;
use serde_json::json;
use std::path::{Path, PathBuf};

pub async fn run(arguments: &Arguments, command: &LedgerCommand) -> Result<(), Complaint> {
    match command {
        LedgerCommand::Checkpoint => {
            let note = at_door(arguments, async |desk, who| Ok(desk.checkpoint(who).await?)).await?;
            if arguments.json {
                return output::json(&json!({ "checkpoint": note }));
            }
            output::line(note.trim_end())
        }
        LedgerCommand::Proof { leaf } => {
            let proof = at_door(arguments, async |desk, who| Ok(desk.proof(who, *leaf).await?)).await?;
            if arguments.json {
                return output::json(&json!(proof));
            }
            output::line(&format!("leaf {} of {}: {}", proof.leaf, proof.size, proof.leaf_hash))?;
            output::lines(proof.proof.iter().map(|hash| format!("  {hash}")))?;
            output::line(&format!("root {}", proof.root))
        }
        LedgerCommand::Export { folder, recipient } => {
            let exported =
                at_door(arguments, async |desk, who| Ok(desk.export_log(who, folder, recipient).await?))
                    .await?;
            if arguments.json {
                return output::json(&json!(exported));
            }
            output::line(&format!(
                "{} and the commitments of {} are in {}",
                counted(exported.entries, "entry", "entries"),
                counted(exported.versions, "version", "versions"),
                folder.display()
            ))?;
            output::line(&format!("verifier key: {}", exported.vkey))?;
            output::line(&format!(
                "its code as a paper, for the letter that goes with it: {}",
                exported.paper
            ))?;
            output::line(&format!("check it with: bluelamp-verify {}", folder.display()))
        }
        LedgerCommand::Erase { leaf, field, ground } => {
            let authorised = at_door(arguments, async |desk, who| {
                Ok(desk.erase_log_entry(who, *leaf, field.as_deref(), ground).await?)
            })
            .await?;
            if arguments.json {
                return output::json(&json!({ "leaf": leaf, "authorised_by": authorised }));
            }
            output::line(&format!("entry {leaf} no longer says it; entry {authorised} says on what ground"))
        }
        LedgerCommand::WhoTouched { reference, before } => who_touched(arguments, reference, *before).await,
        LedgerCommand::ClockIsRight { ground } => {
            let declare =
                async |desk: &Door, who: &Session| Ok(desk.declare_clock_right(who, ground).await?);
            let declared = at_door_trusting_clock(arguments, declare).await?;
            let until = moment_text(declared.stood_ahead_until);
            if arguments.json {
                return output::json(&json!({ "stood_ahead_until": until, "at": moment_text(declared.at) }));
            }
            output::line(&format!(
                "the log has times up to {until} from a clock that stood ahead, and says so"
            ))
        }
        LedgerCommand::BeginGeneration { checkpoints, ground } => {
            begin_generation(arguments, checkpoints, ground).await
        }
    }
}

async fn begin_generation(
    arguments: &Arguments,
    checkpoints: &[PathBuf],
    ground: &str,
) -> Result<(), Complaint> {
    let notes: Vec<String> = checkpoints.iter().map(|path| note(path)).collect::<Result<_, _>>()?;
    let purpose = arguments.purpose.as_deref().unwrap_or_default();
    let begin =
        async |desk: &Door, token: &str| Ok(desk.begin_generation(token, purpose, &notes, ground).await?);
    let begun = at_restored_door(arguments, begin).await?;
    let (first, end) = begun.lost;
    if arguments.json {
        return output::json(&json!({
            "generation": begun.head.generation,
            "size": begun.head.size,
            "leaf": begun.leaf,
            "first_lost": first,
            "end_of_lost": end,
            "replaced": begun.replaced,
        }));
    }
    output::line(&format!("generation {} begins at entry {}", begun.head.generation, begun.leaf))?;
    output::line(&format!("it states that entries {first} to {} are lost", end.saturating_sub(1)))?;
    if !begun.replaced {
        return Ok(());
    }
    output::line(&format!(
        "Something was entered after the restore. The largest of the checkpoints that agrees with this log shows \
         {first} entries: all after it is stated as lost, and entries {first} to {} are other ones than were shown \
         outside. Tell the overseer so.",
        begun.leaf.saturating_sub(1)
    ))
}

fn note(path: &Path) -> Result<String, Complaint> {
    std::fs::read_to_string(path).map_err(|error| {
        let what = format!("the checkpoint {} cannot be read: {error}", path.display());
        Complaint::new(
            what,
            "Name a file that holds a signed checkpoint, as `bluelamp ledger checkpoint` prints it.",
        )
    })
}

async fn who_touched(arguments: &Arguments, reference: &str, before: Option<u64>) -> Result<(), Complaint> {
    let read = async |desk: &Door, who: &Session| Ok(desk.who_touched(who, reference, before).await?);
    let touched = at_door(arguments, read).await?;
    if arguments.json {
        return output::json(&json!(touched));
    }
    for trace in &touched.touches {
        let mut text = format!("{}  {:<14} {}", trace.time, trace.operation, trace.actor);
        if let Some(subject) = &trace.subject {
            text.push_str(&format!(": {subject}"));
        }
        let said =
            [("for", &trace.purpose), ("by the query", &trace.query), ("on the ground", &trace.ground)];
        for (word, what) in said {
            if let Some(what) = what {
                text.push_str(&format!(", {word} “{what}”"));
            }
        }
        output::line(&format!("{text} (entry {})", trace.leaf))?;
    }
    if let Some(before) = touched.before {
        output::line(&format!("there are earlier ones: --before {before}"))?;
    }
    Ok(())
}
