//! `bluelamp notices`.

use crate::arguments::Arguments;
use crate::output::{self, Complaint};
use crate::session::at_door;
use clap::Subcommand;
use desk::notices::Notice;
use serde_json::json;
use web::shapes::Notices;

/// Commands of `notices`.
#[derive(Debug, Subcommand)]
pub enum NoticesCommand {
    /// Show what you were told: searches that met your covert records, glasses broken.
    #[command(after_help = "Example: bluelamp notices list")]
    List,
    /// Dismiss one; it is gone for good.
    #[command(after_help = "Example: bluelamp notices dismiss NAME")]
    Dismiss {
        /// Its name, as `list` printed it.
        id: String,
    },
}

pub async fn run(arguments: &Arguments, command: &NoticesCommand) -> Result<(), Complaint> {
    match command {
        NoticesCommand::List => {
            let notices = at_door(arguments, async |desk, who| Ok(desk.notices(who).await?)).await?;
            if arguments.json {
                return output::json(&json!(Notices::of(&notices)));
            }
            if notices.is_empty() {
                return output::line("Nothing that you have not dismissed.");
            }
            output::lines(notices.iter().map(text))
        }
        NoticesCommand::Dismiss { id } => {
            at_door(arguments, async |desk, who| Ok(desk.dismiss_notice(who, id).await?)).await?;
            if arguments.json {
                return output::json(&json!({ "dismissed": id }));
            }
            output::line("dismissed")
        }
    }
}

fn text(notice: &Notice) -> String {
    let mut text = format!("{}  {}\n  {}, by {}", notice.at, notice.what, notice.reference, notice.by);
    let said =
        [("of", &notice.unit), ("for", &notice.purpose), ("task", &notice.task), ("query", &notice.query)];
    for (word, what) in said {
        if let Some(what) = what {
            text.push_str(&format!(", {word} “{what}”"));
        }
    }
    format!("{text}\n  dismiss it with: bluelamp notices dismiss {}", notice.id)
}
