//! Ours through the whole door: each search is decided, entered in the log and durable before it is shown,
//! and the 20 bodies on the page are opened.

use super::super::needs::Need;
use super::super::records::Record;
use super::ours::typed;
use super::{Answered, Cost, Engine, own_cost, size_mib};
use crate::Fault;
use crate::house::{self, House};
use async_trait::async_trait;
use desk::DeskError;
use desk::take_over::{Named, Origin};
use model::RecordId;
use search::Page;
use std::path::Path;
use vault::sqlite::SqliteStore;

/// One box.
const BOX: &str = "ours-logged";
/// The same typed field by field.
const FIELDS: &str = "ours-logged-fields";

/// A deployment and the people in it.
pub struct Logged {
    house: House<SqliteStore>,
}

impl Logged {
    /// An empty deployment.
    ///
    /// # Errors
    /// Faults of the deployment.
    pub async fn open(work: Option<&Path>) -> Result<Self, Fault> {
        Ok(Self { house: house::shipped(work).await? })
    }
}

#[async_trait]
impl Engine for Logged {
    fn peers(&self) -> Vec<&'static str> {
        vec![BOX, FIELDS]
    }

    /// Its ranks are those of ours; and each page is a reading that is entered in the log.
    fn is_deep(&self) -> bool {
        false
    }

    async fn put(&mut self, records: Vec<Record>) -> Result<(), Fault> {
        let origin = Origin {
            connector: "bluelamp-bench".to_owned(),
            whole: "records to be searched".to_owned(),
            licence: "synthetic: no real person".to_owned(),
        };
        let named =
            |record: Record| Named { record: RecordId(record.id), kind: record.kind, body: record.body };
        let batch = records.into_iter().map(named).collect();
        self.house.desk.take_over(&self.house.administrator, &origin, batch).await?;
        Ok(())
    }

    async fn finish(&mut self) -> Result<(), Fault> {
        Ok(self.house.desk.settle_intake().await?)
    }

    async fn ask(&mut self, peer: &'static str, need: &Need, most: usize) -> Result<Answered, Fault> {
        let asked = typed(need, peer == FIELDS);
        let page = Page { offset: 0, limit: most.min(20) };
        match self.house.desk.search(&self.house.officer, &asked, page).await {
            Ok(answers) => {
                let ids = answers.found.iter().map(|found| found.record.0).collect();
                Ok(Answered { asked, total: answers.total, ids, error: None })
            }
            Err(error @ DeskError::Unusable(_)) => {
                Ok(Answered { asked, error: Some(error.to_string()), ..Answered::default() })
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn cost(&mut self) -> Result<Cost, Fault> {
        let disk = size_mib(self.house.folder())?;
        own_cost(Some(disk), &[("settings", "as shipped: records, log, keys and index")])
    }
}
