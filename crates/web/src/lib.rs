//! The pages for people ([`pages`]) and the API: JSON over HTTP for every use case of the desk, through the same
//! door as everyone.
//!
//! A request shows a token; [`ask::Who`] asks the desk whom it proves, at each request, so that a
//! token that was revoked or a role that was taken away is of no use from the next one on. A handler
//! in [`api`] calls one use case and shapes its answer ([`shapes`]); what the desk refuses becomes a
//! [`Problem`]. Around them stand the limits ([`limits`]), the time that an answer may take, and the
//! headers that each answer carries ([`around`]). Files of records go through in chunks ([`file`]).
//! [`serve`] listens, in clear on this machine alone or with TLS ([`Tls`]).
//!
//! **To add a route:** write a handler in the file of its area in `api`, name it in that file's
//! `routes`, and say in `tests/who_may.txt` what each role is answered; the tests fail until it is
//! there. Then write `docs/openapi.json` anew with `BLUELAMP_REGENERATE=1`.

pub mod answer;
pub mod api;
mod around;
pub mod ask;
pub mod file;
mod house;
mod limits;
mod metrics;
mod pages;
mod problem;
mod runs;
mod serve;
pub mod shapes;
mod tls;

pub use around::Peer;
pub use house::{House, Options};
pub use limits::Rate;
pub use problem::{Problem, Sort};
pub use serve::{ServeError, serve};
pub use tls::{Tls, TlsError, TlsFiles};
