//! The commands by area, one file each.

pub mod attachment;
mod backup;
mod bench;
pub mod break_glass;
pub mod completeness;
pub mod demo;
pub mod disclose;
mod doctor;
mod erase;
pub mod grant;
mod hold;
pub mod init;
mod intake;
mod keys;
mod kinds;
mod ledger;
mod list;
pub mod local_field;
pub mod local_list;
mod made_up;
pub mod matrix;
pub mod notices;
pub mod paper;
pub mod practice;
mod record;
pub mod saved;
mod sbom;
mod scan;
mod search;
pub mod search_list;
pub mod serve;
pub mod sizing;
pub mod synth;
pub mod users;

use crate::arguments::{Arguments, Command};
use crate::drill;
use crate::output::Complaint;
use ::search::Page;
use desk::find::Wanted;

pub use init::{absolute, first_accounts};

/// Carries out what was asked.
pub async fn run(arguments: &Arguments) -> Result<(), Complaint> {
    match &arguments.command {
        Command::Demo(demo) => demo::run(arguments, demo).await,
        Command::Init(init) => init::run(arguments, init).await,
        Command::Practice(command) => practice::run(arguments, command).await,
        Command::Intake(command) => intake::run(arguments, command).await,
        Command::Search { query, form, counts, limit, offset } => {
            let sought = match (query, form) {
                (_, Some(file)) => search::Sought::Form(file),
                (query, None) => search::Sought::Query(query.as_deref().unwrap_or_default()),
            };
            let page = Page { offset: *offset, limit: *limit };
            search::run(arguments, sought, Wanted { page, counts: *counts, ..Wanted::default() }).await
        }
        Command::Saved(command) => saved::run(arguments, command).await,
        Command::SearchList(asked) => search_list::run(arguments, asked).await,
        Command::Disclose(asked) => disclose::run(arguments, asked).await,
        Command::List { kind, before, limit } => list::run(arguments, kind, before.as_deref(), *limit).await,
        Command::Show { reference, version } => record::show(arguments, reference, *version).await,
        Command::History { reference } => record::history(arguments, reference).await,
        Command::Compare { reference, before, after } => {
            record::compare(arguments, reference, *before, *after).await
        }
        Command::New { kind, fields, labels } => record::new(arguments, kind, fields, labels).await,
        Command::Correct { reference, fields, reason, from_version } => {
            record::correct(arguments, reference, fields, reason, *from_version).await
        }
        Command::Label { reference, reason, lift, labels } => {
            record::label(arguments, reference, reason, *lift, labels).await
        }
        Command::Erase(command) => erase::run(arguments, command).await,
        Command::Hold(command) => hold::run(arguments, command).await,
        Command::Paper(command) => paper::run(arguments, command).await,
        Command::Attachment(command) => attachment::run(arguments, command).await,
        Command::BreakGlass(command) => break_glass::run(arguments, command).await,
        Command::Notices(command) => notices::run(arguments, command).await,
        Command::Grant(command) => grant::run(arguments, command).await,
        Command::Matrix(command) => matrix::run(arguments, command).await,
        Command::LocalField(command) => local_field::run(arguments, command).await,
        Command::LocalList(command) => local_list::run(arguments, command).await,
        Command::Scan { folder, tokens } => scan::run(arguments, folder, tokens),
        Command::Completeness(asked) => completeness::run(arguments, asked).await,
        Command::Ledger(command) => ledger::run(arguments, command).await,
        Command::Keys(command) => keys::run(arguments, command).await,
        Command::Serve(serve) => serve::run(arguments, serve).await,
        Command::Users(command) => users::run(arguments, command).await,
        Command::Kinds { kind, schema, processing } => {
            kinds::run(arguments, kind.as_deref(), *schema, *processing)
        }
        Command::RebuildIndex => doctor::rebuild_index(arguments).await,
        Command::Doctor => doctor::run(arguments).await,
        Command::Drill { rounds, postgres, seed, writer } => {
            let drilled = drill::Drill { rounds: *rounds, seed: *seed, postgres: *postgres };
            drill::run(arguments, &drilled, *writer).await
        }
        Command::Backup { into } => backup::run(arguments, into).await,
        Command::Sbom => sbom::run(),
        Command::Sizing(asked) => sizing::run(arguments, asked).await,
        Command::Synth(wanted) => synth::run(arguments, wanted).await,
        Command::Bench { arguments } => bench::run(arguments),
    }
}
