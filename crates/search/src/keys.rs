//! The index's file keys, kept by the keystore of the log.
//!
//! The search engine asks for keys from threads of its own and must wait for the answer; the
//! keystore answers asynchronously. The question runs as a task of the runtime, and only the
//! asking thread waits, so that no worker of the runtime is ever blocked by it and a runtime that
//! shuts down ends the wait with an error.

use crate::sealed::FileKeys;
use ledger::keys::{KeyError, LogKeys};
use sealing::SecretKey;
use std::future::Future;
use std::io;
use std::sync::{Arc, mpsc};
use tokio::runtime::Handle;

/// Keys by file, under `index/FILE` in the keystore. To be used from blocking threads only, which
/// [`crate::Index`] sees to.
#[derive(Clone)]
pub struct IndexKeys {
    keys: Arc<dyn LogKeys>,
    runtime: Handle,
}

impl IndexKeys {
    /// Keys kept by `keys`, asked for on `runtime`.
    #[must_use]
    pub fn new(keys: Arc<dyn LogKeys>, runtime: Handle) -> Self {
        Self { keys, runtime }
    }

    /// The name in the keystore of the key of a file.
    #[must_use]
    pub fn name(file: &str) -> String {
        format!("index/{file}")
    }

    fn ask<T, F>(&self, question: impl FnOnce(Arc<dyn LogKeys>) -> F) -> io::Result<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, KeyError>> + Send + 'static,
    {
        let (answer, answered) = mpsc::sync_channel(1);
        let question = question(Arc::clone(&self.keys));
        self.runtime.spawn(async move {
            // Nobody waits any more only where the asking thread is gone.
            let _ = answer.send(question.await);
        });
        let shut = |_| io::Error::other("the program is shutting down, and its keystore with it");
        answered.recv().map_err(shut)?.map_err(io::Error::other)
    }
}

impl FileKeys for IndexKeys {
    fn create(&self, file: &str) -> io::Result<SecretKey> {
        let name = Self::name(file);
        self.ask(move |keys| async move { keys.create(&name).await })
    }

    fn get(&self, file: &str) -> io::Result<Option<SecretKey>> {
        let name = Self::name(file);
        self.ask(move |keys| async move { keys.get(&name).await })
    }

    fn destroy(&self, file: &str) -> io::Result<()> {
        let name = Self::name(file);
        self.ask(move |keys| async move { keys.destroy(&name).await })
    }

    fn destroy_any(&self, files: &[String]) -> io::Result<()> {
        let names: Vec<String> = files.iter().map(|file| Self::name(file)).collect();
        self.ask(move |keys| async move {
            for name in &names {
                // A key that cannot be read can still be destroyed.
                if !matches!(keys.get(name).await, Ok(None)) {
                    keys.destroy(name).await?;
                }
            }
            Ok(())
        })
    }
}
