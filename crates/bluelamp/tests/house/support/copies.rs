//! Copies of databases, made by night and put back after a disaster.

use super::House;
use servers::Cluster;
use std::fs;
use std::path::PathBuf;

/// A database of a deployment.
#[derive(Clone, Copy)]
pub(crate) enum Database {
    Records,
    Keys,
}

impl House {
    /// Copies a database, while nobody is at work.
    pub(crate) fn copy(&self, database: Database) {
        match self.cluster(database) {
            Some(cluster) => copy_database(cluster, "force", "night"),
            None => drop(fs::copy(self.file(database), self.night(database)).unwrap()),
        }
    }

    /// Puts the copy of a database in its place.
    pub(crate) fn put_back(&self, database: Database) {
        match self.cluster(database) {
            Some(cluster) => copy_database(cluster, "night", "force"),
            None => drop(fs::copy(self.night(database), self.file(database)).unwrap()),
        }
    }

    fn cluster(&self, database: Database) -> Option<&Cluster> {
        self.servers.as_ref().map(|pair| match database {
            Database::Records => &pair.records,
            Database::Keys => &pair.keys,
        })
    }

    fn file(&self, database: Database) -> PathBuf {
        self.data().join(name(database))
    }

    fn night(&self, database: Database) -> PathBuf {
        self.beside(&format!("night.{}", name(database)))
    }
}

fn name(database: Database) -> &'static str {
    match database {
        Database::Records => "records.sqlite",
        Database::Keys => "keys.sqlite",
    }
}

/// Has a copy of one database stand in the place of another, as an operator does: whoever is still connected
/// is cut off first.
fn copy_database(cluster: &Cluster, from: &str, to: &str) {
    let run = |sql: &str| cluster.execute("postgres", sql).unwrap();
    run(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{from}'"));
    run(&format!("DROP DATABASE IF EXISTS {to} WITH (FORCE)"));
    run(&format!("CREATE DATABASE {to} TEMPLATE {from}"));
}
