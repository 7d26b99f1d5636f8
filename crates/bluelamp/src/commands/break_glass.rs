//! `bluelamp break-glass`.

use super::record;
use crate::arguments::Arguments;
use crate::output::{self, Complaint};
use crate::session::at_door;
use clap::Subcommand;
use desk::break_glass::BrokenGlass;
use desk::clock::moment_text;
use serde_json::json;
use web::shapes::{Glass, Glasses};

/// Commands of `break-glass`.
#[derive(Debug, Subcommand)]
pub enum BreakGlassCommand {
    /// Open a restricted record at once for a risk to life; its owner and a supervisor are told.
    #[command(
        after_help = "Example: bluelamp break-glass open N-0000017-T --reason 'threat to life, incident 81'"
    )]
    Open {
        /// The reference.
        reference: String,
        /// Whose life is at risk, and how.
        #[arg(long)]
        reason: String,
    },
    /// List every glass that was broken.
    #[command(after_help = "Example: bluelamp break-glass list")]
    List,
    /// Review one within 24 hours, as somebody else than who broke it.
    #[command(
        after_help = "Example: bluelamp break-glass review BG-1 --justified --words 'the threat was real and immediate'"
    )]
    Review {
        /// Its number, `BG-1`.
        id: String,
        /// It was necessary and proportionate.
        #[arg(long, conflicts_with = "not_justified", required_unless_present = "not_justified")]
        justified: bool,
        /// It was not.
        #[arg(long)]
        not_justified: bool,
        /// Why.
        #[arg(long)]
        words: String,
    },
    /// Count them.
    #[command(after_help = "Example: bluelamp break-glass figures --json")]
    Figures,
}

pub async fn run(arguments: &Arguments, command: &BreakGlassCommand) -> Result<(), Complaint> {
    match command {
        BreakGlassCommand::Open { reference, reason } => open(arguments, reference, reason).await,
        BreakGlassCommand::List => list(arguments).await,
        BreakGlassCommand::Review { id, justified, words, .. } => {
            let review = async |desk: &crate::session::Door, who: &desk::Session| {
                Ok(desk.review_break_glass(who, id, *justified, words).await?)
            };
            let glass = at_door(arguments, review).await?;
            match arguments.json {
                true => output::json(&json!(Glass::of(&glass))),
                false => output::line(&line(&glass)),
            }
        }
        BreakGlassCommand::Figures => {
            let figures =
                at_door(arguments, async |desk, who| Ok(desk.break_glass_figures(who).await?)).await?;
            if arguments.json {
                return output::json(&json!(figures));
            }
            output::line(&format!(
                "broken {}, found justified {}, not justified {}, waiting for review {}, of these overdue {}",
                figures.broken, figures.justified, figures.not_justified, figures.waiting, figures.overdue
            ))
        }
    }
}

async fn open(arguments: &Arguments, reference: &str, reason: &str) -> Result<(), Complaint> {
    let (glass, plain) =
        at_door(arguments, async |desk, who| Ok(desk.break_glass(who, reference, reason).await?)).await?;
    if !arguments.json {
        output::line(&format!(
            "{}: the owner of the restriction and a supervisor were told; reviewed by {}.",
            glass.id,
            moment_text(glass.review_due)
        ))?;
    }
    record::print_opened(arguments, &plain)
}

async fn list(arguments: &Arguments) -> Result<(), Complaint> {
    let glasses = at_door(arguments, async |desk, who| Ok(desk.broken_glasses(who).await?)).await?;
    if arguments.json {
        return output::json(&json!(Glasses::of(&glasses)));
    }
    output::lines(glasses.iter().map(line))
}

fn line(glass: &BrokenGlass) -> String {
    let found = match &glass.review {
        None => format!("to be reviewed by {}", moment_text(glass.review_due)),
        Some(review) => {
            let found = if review.justified { "justified" } else { "not justified" };
            format!("found {found} by {}: {}", review.by.name, review.words)
        }
    };
    let reason = glass.reason.as_deref().unwrap_or("(the record was erased)");
    format!(
        "{}  {}  {} by {}: {reason}; {found}",
        glass.id,
        moment_text(glass.by.at),
        glass.reference,
        glass.by.name
    )
}
