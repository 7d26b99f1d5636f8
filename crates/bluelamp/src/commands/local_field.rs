//! `bluelamp local-field`.

use crate::arguments::Arguments;
use crate::output::{self, Complaint};
use crate::session::{Door, at_door};
use clap::{Args, Subcommand};
use desk::Session;
use desk::clock::london_day;
use desk::local_fields::{DeclaredField, FieldAsked};
use jiff::civil::Date;
use serde_json::json;
use web::shapes::{LocalField, LocalFields};

/// Commands of `local-field`.
#[derive(Debug, Subcommand)]
pub enum LocalFieldCommand {
    /// Propose a field of the force's own for a kind of record; another approves.
    #[command(
        after_help = "Example: bluelamp local-field propose stop-and-search ward --label 'Ward' --type text --about event --class fact --source 'Force policy 12'"
    )]
    Propose(Box<ProposeArguments>),
    /// Approve a field, as somebody else than who proposed it.
    #[command(after_help = "Example: bluelamp local-field approve LF-1")]
    Approve {
        /// Its declaration, `LF-1`.
        id: String,
    },
    /// Refuse a field that waits, or take your own proposal back.
    #[command(after_help = "Example: bluelamp local-field refuse LF-1 --why 'asked already as “place”'")]
    Refuse {
        /// Its declaration.
        id: String,
        /// Why.
        #[arg(long)]
        why: String,
    },
    /// End a field: nothing new is answered, and what was answered stays.
    #[command(
        after_help = "Example: bluelamp local-field end LF-1 --last 2027-03-31 --why 'the pilot is over'"
    )]
    End {
        /// Its declaration.
        id: String,
        /// Last day on which it is answered; at once where it is not given.
        #[arg(long)]
        last: Option<Date>,
        /// Why.
        #[arg(long)]
        why: String,
    },
    /// List the force's own fields, and what to look at once more before one is approved.
    #[command(after_help = "Example: bluelamp local-field list --json")]
    List,
}

/// A field to be proposed.
#[derive(Debug, Args)]
pub struct ProposeArguments {
    /// The kind of record.
    kind: String,
    /// Its name: records then have `local.NAME`.
    name: String,
    /// Label that people see.
    #[arg(long)]
    label: String,
    /// Help under the label.
    #[arg(long = "hint", default_value = "")]
    help_line: String,
    /// What it holds: text, long-text, code, bool, number, date, instant or place.
    #[arg(long = "type")]
    sort: String,
    /// The code list, where it holds a code.
    #[arg(long, default_value = "")]
    list: String,
    /// Whose personal data it is: own, officer, event, mixed, or linked:ROLE.
    #[arg(long)]
    about: String,
    /// Whether it is fact, opinion, allegation or assessment.
    #[arg(long)]
    class: String,
    /// Sensitive processing (DPA 2018 s.35(8)).
    #[arg(long)]
    sensitive: bool,
    /// A reviewer reads it before its subject gets it.
    #[arg(long)]
    reviewed: bool,
    /// A record without it is incomplete.
    #[arg(long)]
    needed: bool,
    /// First day, `2026-12-01`; today where it is not given.
    #[arg(long)]
    from: Option<Date>,
    /// By what authority it is asked.
    #[arg(long)]
    source: String,
}

impl ProposeArguments {
    fn asked(&self) -> FieldAsked {
        FieldAsked {
            kind: self.kind.clone(),
            name: self.name.clone(),
            label: self.label.clone(),
            help: self.help_line.clone(),
            sort: self.sort.clone(),
            list: self.list.clone(),
            about: self.about.clone(),
            class: self.class.clone(),
            sensitive: self.sensitive,
            reviewed: self.reviewed,
            needed: self.needed,
            from: self.from,
            source: self.source.clone(),
        }
    }
}

pub async fn run(arguments: &Arguments, command: &LocalFieldCommand) -> Result<(), Complaint> {
    let work = async |desk: &Door, who: &Session| {
        Ok((carried_out(desk, who, command).await?, london_day(desk.now())))
    };
    let (fields, today) = at_door(arguments, work).await?;
    if arguments.json {
        return output::json(&json!(LocalFields::of(&fields, today)));
    }
    output::lines(fields.iter().map(|declared| text(&LocalField::of(declared, today))))
}

async fn carried_out(
    desk: &Door,
    who: &Session,
    command: &LocalFieldCommand,
) -> Result<Vec<DeclaredField>, Complaint> {
    Ok(match command {
        LocalFieldCommand::Propose(asked) => vec![desk.propose_local_field(who, &asked.asked()).await?],
        LocalFieldCommand::Approve { id } => vec![desk.approve_local_field(who, id).await?],
        LocalFieldCommand::Refuse { id, why } => vec![desk.refuse_local_field(who, id, why).await?],
        LocalFieldCommand::End { id, last, why } => vec![desk.end_local_field(who, id, *last, why).await?],
        LocalFieldCommand::List => desk.local_fields(who).await?,
    })
}

fn text(field: &LocalField) -> String {
    let LocalField { id, kind, name, label, state, source, proposed_by, .. } = field;
    let (what, about, class) = (&field.kind_of_value, &field.about, &field.class);
    let approved = field.approved_by.as_ref().map_or_else(String::new, |by| format!(", approved by {by}"));
    let advice: String =
        field.advice.iter().map(|advice| format!("\n      Look once more: {advice}")).collect();
    format!(
        "{id}  {name} of {kind}, “{label}”: {what}, {class}, about {about}; {state} ({source}; proposed by \
         {proposed_by}{approved}){advice}"
    )
}
