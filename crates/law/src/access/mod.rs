//! Who may see and do what: one pure decision over plain labels and context (DPA 2018 s.57(5):
//! by default nobody without an individual's intervention).
//!
//! [`decide`] is the only way to a [`Permit`], and a permit is the only thing that the ledger
//! takes. The same rule as a filter is [`filter::Filter`], so that search and decision agree.

pub mod context;
mod decision;
pub mod filter;
pub mod matrix;
mod page;

pub use context::{Act, Action, Context};
pub use decision::{Permit, Refusal, Target, Why, absent, decide, decide_act, decide_break_glass};
pub use filter::Filter;
pub use matrix::{Matrix, MatrixError};
pub use page::page;
