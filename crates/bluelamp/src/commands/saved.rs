//! `bluelamp saved`.

use super::search;
use crate::arguments::Arguments;
use crate::output::{self, Complaint};
use crate::session::at_door;
use ::search::Page;
use clap::Subcommand;
use desk::clock::moment_text;
use desk::saved::{NewSearch, SavedSearch, SearchChange};
use jiff::civil::Date;
use serde_json::json;
use web::shapes::{Results, SavedSearches};

/// Commands of `saved`.
#[derive(Debug, Subcommand)]
pub enum SavedCommand {
    /// Save a search.
    #[command(
        after_help = "Example: bluelamp saved add 'Okonjo' 'surname:okonjo kind:stop-and-search' --alert --until 2026-12-31 --purpose 'inquiry 17'"
    )]
    Add {
        /// What you call it.
        name: String,
        /// The query.
        query: String,
        /// Tell me of every record that comes in or changes, meets it, and that I may read.
        #[arg(long)]
        alert: bool,
        /// Its last day, at most 366 days from now; 90 days where it is not given.
        #[arg(long)]
        until: Option<Date>,
    },
    /// List the searches that you keep.
    #[command(after_help = "Example: bluelamp saved list")]
    List,
    /// Run one.
    #[command(after_help = "Example: bluelamp saved run S-1")]
    Run {
        /// The search, `S-1`.
        id: String,
        /// Answers to show.
        #[arg(long, default_value_t = 20)]
        limit: usize,
        /// Answers to pass over first.
        #[arg(long, default_value_t = 0)]
        offset: usize,
    },
    /// Change one: what is not given stays. Its purpose stays.
    #[command(
        after_help = "Example: bluelamp saved change S-1 --query 'surname:okonjo 1987' --no-alert --until 2026-12-31"
    )]
    Change {
        /// The search, `S-1`.
        id: String,
        /// What you call it.
        #[arg(long)]
        name: Option<String>,
        /// The query.
        #[arg(long)]
        query: Option<String>,
        /// Tell me from now on of every record that comes in or changes, meets it, and that I may read.
        #[arg(long)]
        alert: bool,
        /// Tell me no more.
        #[arg(long, conflicts_with = "alert")]
        no_alert: bool,
        /// Its last day, at most 366 days from now.
        #[arg(long)]
        until: Option<Date>,
    },
    /// Remove one for good.
    #[command(after_help = "Example: bluelamp saved remove S-1")]
    Remove {
        /// The search, `S-1`.
        id: String,
    },
}

pub async fn run(arguments: &Arguments, command: &SavedCommand) -> Result<(), Complaint> {
    match command {
        SavedCommand::Add { name, query, alert, until } => {
            let new = NewSearch { name, query, alert: *alert, until: *until };
            let saved = at_door(arguments, async |desk, who| Ok(desk.save_search(who, new).await?)).await?;
            print(arguments, &[saved])
        }
        SavedCommand::List => {
            let kept = at_door(arguments, async |desk, who| Ok(desk.saved_searches(who).await?)).await?;
            if kept.is_empty() && !arguments.json {
                return output::line("You keep no searches.");
            }
            print(arguments, &kept)
        }
        SavedCommand::Run { id, limit, offset } => {
            let page = Page { offset: *offset, limit: *limit };
            let ran =
                at_door(arguments, async |desk, who| Ok(desk.run_saved_search(who, id, page).await?)).await?;
            let (saved, answers) = ran;
            match arguments.json {
                true => output::json(&json!(Results::of(&answers))),
                false => search::print(&answers, &saved.query, *offset),
            }
        }
        SavedCommand::Change { id, name, query, alert, no_alert, until } => {
            let alert = (*alert || *no_alert).then_some(*alert);
            let change =
                SearchChange { name: name.as_deref(), query: query.as_deref(), alert, until: *until };
            let changed =
                at_door(arguments, async |desk, who| Ok(desk.change_search(who, id, change).await?)).await?;
            print(arguments, &[changed])
        }
        SavedCommand::Remove { id } => {
            let removed =
                at_door(arguments, async |desk, who| Ok(desk.remove_search(who, id).await?)).await?;
            match arguments.json {
                true => output::json(&json!({ "removed": removed.id })),
                false => output::line(&format!("{} is removed", removed.id)),
            }
        }
    }
}

fn print(arguments: &Arguments, searches: &[SavedSearch]) -> Result<(), Complaint> {
    if arguments.json {
        return output::json(&json!(SavedSearches::of(searches)));
    }
    output::lines(searches.iter().map(|saved| {
        let alert = if saved.alert { ", with alerts" } else { "" };
        let until = moment_text(saved.expires);
        format!("{}  {}{alert}, until {until}\n  {}", saved.id, saved.name, saved.query)
    }))
}
