//! What every backend must do: one suite, run by each backend's tests.
//!
//! A backend implements [`Backend`] and calls [`conformance_suite!`](crate::conformance_suite)
//! in a file of `tests/`. Each test is an async function over a fresh backend; it gives a fault
//! or fails an assertion.

mod house;
pub mod keystore;
pub mod log;
pub mod records;

pub use house::{AT, House, Reading};

use crate::keys::KeyStore;
use crate::provider::FileProvider;
use crate::store::RecordStore;
use async_trait::async_trait;
use std::sync::Arc;

/// Any fault of a test.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// A place where one deployment of a backend lives, empty at first.
#[async_trait]
pub trait Backend: Send + Sync + 'static {
    /// Its store.
    type Store: RecordStore;
    /// Opens store and keystore as a start of the program does; makes them the first time.
    async fn open(&self) -> Result<(Arc<Self::Store>, Arc<dyn KeyStore>), Fault>;
    /// The provider of the keystore.
    fn provider(&self) -> FileProvider;
    /// A folder for copies and other files of a test.
    fn folder(&self) -> &std::path::Path;
}

/// Makes one test for each function of the suite; `$make` is an expression that makes a fresh
/// backend.
#[macro_export]
macro_rules! conformance_suite {
    ($make:expr) => {
        $crate::conformance_suite! { @tests $make;
            records {
                versions_keep_their_columns_and_bodies
            }
        }
    };
    (@tests $make:expr; $($area:ident { $($name:ident)* })*) => {
        $(mod $area {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() -> Result<(), $crate::conformance::Fault> {
                $crate::conformance::$area::$name($make).await
            })*
        })*
    };
}
