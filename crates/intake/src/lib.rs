//! Taking in what other systems hold. The [`engine`] reads files through a [`connector`] and hands
//! their rows to the desk in batches, each of them one transaction; what cannot become a record is
//! handed over as a reject, with line, field and reason, and is never lost. The sum is checked for
//! every file: `rows = accepted + repeated + rejected`.
//!
//! A newcomer starts at [`connector`], which says how to write the next one.

mod batch;
pub mod connector;
pub mod door;
pub mod engine;
pub mod error;
mod files;
mod header;
pub mod police_uk;
pub mod progress;
pub mod reader;
pub mod report;
pub mod rework;
mod row;

pub use connector::{Connector, Recognised, Row, RowFault, Table};
pub use door::Door;
pub use engine::{Options, run};
pub use error::{FileFault, IntakeError};
pub use progress::Progress;
pub use report::Report;
