//! Many callers who each want one row: whoever comes first asks for all who wait by then, in one
//! statement. A statement costs more in its way to the connection's thread and back than in
//! finding a row, so under load this reads several times as many rows; alone it waits for nobody.

use futures::future::BoxFuture;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard};
use tokio::sync::{Semaphore, oneshot};

/// Statements under way at a time. One could leave a core idle; more would each find fewer callers.
const ASKING: usize = 2;
/// Most rows of one statement.
const MOST: usize = 64;

type Answer<V> = Result<Option<V>, String>;
/// What a statement found, by key.
pub(crate) type Found<K, V> = Result<HashMap<K, V>, String>;
type Waiting<K, V> = VecDeque<(K, oneshot::Sender<Answer<V>>)>;

/// Callers who wait for rows of one kind.
pub(crate) struct Gather<K, V> {
    waiting: Mutex<Waiting<K, V>>,
    asking: Semaphore,
}

impl<K, V> Default for Gather<K, V> {
    fn default() -> Self {
        Self { waiting: Mutex::new(VecDeque::new()), asking: Semaphore::new(ASKING) }
    }
}

impl<K: Copy + Eq + Hash, V: Clone> Gather<K, V> {
    /// The row with this key. `load` reads the rows of several keys at once.
    pub async fn one<'a>(&self, key: K, load: impl Fn(Vec<K>) -> BoxFuture<'a, Found<K, V>>) -> Answer<V> {
        loop {
            let (tell, mut told) = oneshot::channel();
            self.queue().push_back((key, tell));
            let first = tokio::select! {
                biased;
                answer = &mut told => Err(answer),
                permit = self.asking.acquire() => Ok(permit),
            };
            let answer = match first {
                Err(answer) => answer,
                Ok(_permit) => {
                    self.ask(&load).await;
                    told.await
                }
            };
            // Without an answer, the caller who was asking went away: once more.
            if let Ok(answer) = answer {
                return answer;
            }
        }
    }

    fn queue(&self) -> MutexGuard<'_, Waiting<K, V>> {
        self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    async fn ask<'a>(&self, load: &impl Fn(Vec<K>) -> BoxFuture<'a, Found<K, V>>) {
        let asked: Vec<_> = {
            let mut waiting = self.queue();
            let count = waiting.len().min(MOST);
            waiting.drain(..count).collect()
        };
        if asked.is_empty() {
            return;
        }
        let found = load(asked.iter().map(|(key, _)| *key).collect()).await;
        for (key, tell) in asked {
            let answer = match &found {
                Ok(found) => Ok(found.get(&key).cloned()),
                Err(error) => Err(error.clone()),
            };
            // A caller that went away wants no answer.
            let _ = tell.send(answer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    fn double(keys: Vec<u32>) -> BoxFuture<'static, Found<u32, u32>> {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            Ok(keys.into_iter().filter(|key| key % 10 != 9).map(|key| (key, key * 2)).collect())
        })
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn each_caller_gets_its_own_row_and_few_statements_are_asked() {
        let gather = Arc::new(Gather::<u32, u32>::default());
        let statements = Arc::new(AtomicUsize::new(0));
        let tasks: Vec<_> = (0..500u32)
            .map(|n| {
                let (gather, statements) = (Arc::clone(&gather), Arc::clone(&statements));
                tokio::spawn(async move {
                    let key = n % 100;
                    let load = |keys| {
                        statements.fetch_add(1, Ordering::SeqCst);
                        double(keys)
                    };
                    let wanted = (key % 10 != 9).then_some(key * 2);
                    assert_eq!(gather.one(key, load).await, Ok(wanted));
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert!(statements.load(Ordering::SeqCst) < 250);
    }

    #[tokio::test]
    async fn a_caller_that_goes_away_leaves_nobody_waiting() {
        let gather = Arc::new(Gather::<u32, u32>::default());
        let never = |_| -> BoxFuture<'static, Found<u32, u32>> { Box::pin(std::future::pending()) };
        // Both who may ask go away while they ask, one of them for all who wait.
        let first = tokio::time::timeout(Duration::from_millis(20), gather.one(1, never));
        let second = tokio::time::timeout(Duration::from_millis(40), gather.one(2, never));
        let third = gather.one(3, double);
        let (first, second, third) = tokio::join!(first, second, third);
        assert!(first.is_err() && second.is_err());
        assert_eq!(third, Ok(Some(6)));
    }

    #[tokio::test]
    async fn a_fault_is_told_to_all_who_asked() {
        let gather = Gather::<u32, u32>::default();
        let fails = |_| -> BoxFuture<'static, Found<u32, u32>> {
            Box::pin(async { Err("the disk is full".to_owned()) })
        };
        assert_eq!(gather.one(1, fails).await, Err("the disk is full".to_owned()));
    }
}
