//! `bluelamp notices`.

use crate::arguments::Arguments;
use crate::output::{self, Complaint};
use crate::session::at_door;
use clap::Subcommand;
use desk::notices::{Alert, Notice};
use serde_json::json;
use web::shapes::Notices;

/// Commands of `notices`.
#[derive(Debug, Subcommand)]
pub enum NoticesCommand {
    /// Show what you were told: alerts of your searches, searches that met your covert records, glasses broken.
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
    if let Some(alert) = &notice.alert {
        return alert_text(notice, alert);
    }
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

fn alert_text(notice: &Notice, alert: &Alert) -> String {
    let mut text = format!("{}  {}\n  {}", notice.at, notice.what, notice.reference);
    if alert.more > 0 {
        let more = output::counted(alert.more, "more that came", "more that came");
        text.push_str(&format!(", and {more} in with it: bluelamp saved run {}", alert.search));
    }
    format!("{text}\n  dismiss it with: bluelamp notices dismiss {}", notice.id)
}
