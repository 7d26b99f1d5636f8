//! The overseer's verifier of an exported ledger, offline and by another hand.
//!
//! It is written from `docs/formats/ledger.md` alone and shares no code with the ledger, so that a
//! mistake there is not repeated here. A verification is three steps: [`Export::open`] reads the
//! checkpoint and the key, [`Trust`] says what the overseer already holds, and [`Export::verify`]
//! reads every file once and answers with a [`Report`]. Only a wholly good report may be put into
//! the [`Memory`]. [`Export::paper`] says what a paper is, by the [`Code`] on it.

mod absence;
mod assembly;
mod block;
mod code;
mod error;
mod export;
mod fault;
mod framed;
mod history;
mod inventory;
mod matching;
mod memory;
mod note;
mod octets;
mod opening;
mod paper;
mod parallel;
mod report;
mod row;
mod statement;
mod tree;
mod words;

pub use code::Code;
pub use error::Unusable;
pub use export::{Export, HeldCheckpoint, Trust};
pub use fault::{Fault, Kind};
pub use memory::{Memory, Remembered, default_memory_file};
pub use note::{Origin, PublicKey, SignedCheckpoint, VerifierKey};
pub use paper::{Agreement, Brought, PaperReport, Standing};
pub use report::{Comparison, Gap, Outcome, PayloadCount, Report, VersionCount};
