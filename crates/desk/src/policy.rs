//! The access matrix in force: the committed default, and what two people of the force have decided
//! since, each from a day on.

use crate::Desk;
use crate::approval::TwoPersons;
use crate::clock::london_day;
use crate::door::{from_json, json};
use crate::error::DeskError;
use crate::session::Session;
use law::access::{Act, Matrix};
use ledger::Detail;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, PoisonError, RwLock};
use vault::store::RecordStore;

/// Area of the matrices that were proposed: plain settings, for they say nothing of a record.
const MATRIX: &str = "access-matrix";

/// A matrix that somebody proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedMatrix {
    /// Its version.
    pub version: String,
    /// The whole matrix, as TOML.
    pub text: String,
    /// Who proposed and who approved it.
    pub persons: TwoPersons,
}

/// The matrices that decide, each from its day on, ascending.
pub(crate) struct Policies {
    known: RwLock<Vec<Arc<Matrix>>>,
}

impl Policies {
    pub(crate) fn new(matrices: Vec<Matrix>) -> Self {
        let policies = Self { known: RwLock::new(Vec::new()) };
        matrices.into_iter().for_each(|matrix| policies.add(matrix));
        policies
    }

    /// A matrix decides from its day on; of two of one day the later decided one.
    fn add(&self, matrix: Matrix) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let place = known.partition_point(|held| held.from <= matrix.from);
        known.insert(place, Arc::new(matrix));
    }

    /// The newest that has begun, and before the first of all that one: access is never undecided.
    fn in_force(&self, now: i64) -> Option<Arc<Matrix>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let begun = known.partition_point(|held| held.from <= london_day(now));
        known.get(begun.saturating_sub(1)).cloned()
    }
}

impl<S: RecordStore> Desk<S> {
    /// The matrix that decides now.
    #[must_use]
    pub fn matrix(&self) -> Arc<Matrix> {
        // Opening puts the committed one in, so there is always one; one that allows nothing is what
        // deny by default means where there were none.
        self.policies.in_force(self.clock.now()).unwrap_or_else(|| Arc::new(Matrix::nothing()))
    }

    /// Proposes a matrix, as a whole and with the day from which it is to decide.
    ///
    /// # Errors
    /// A refusal; a text that is not whole, gives records to who runs the system, or has a version
    /// that was used.
    pub async fn propose_matrix(&self, who: &Session, text: &str) -> Result<ProposedMatrix, DeskError> {
        let permit = self.permit_act(who, Act::ProposeMatrix).await?;
        let matrix = read(text)?;
        let used = matrix.version == self.matrix().version
            || self.vault.store.setting(MATRIX, &matrix.version).await?.is_some();
        if used {
            let why = format!("version: “{}” was used already; give a new one", matrix.version);
            return Err(DeskError::unusable(why));
        }
        if matrix.from < london_day(self.clock.now()) {
            return Err(DeskError::unusable(format!(
                "from: {} is over; what was decided then cannot be decided anew. Name today or a later day",
                matrix.from
            )));
        }
        let persons = TwoPersons::proposed(who, self.clock.now());
        let proposed = ProposedMatrix { version: matrix.version, text: text.to_owned(), persons };
        self.keep_matrix(&proposed, &permit, "proposed").await?;
        Ok(proposed)
    }

    /// Approves a matrix, as somebody else than who proposed it: it decides from its day on, from
    /// the next request on where that day has come.
    ///
    /// # Errors
    /// A refusal; an unknown version; the proposer themselves.
    pub async fn approve_matrix(&self, who: &Session, version: &str) -> Result<ProposedMatrix, DeskError> {
        let permit = self.permit_act(who, Act::ApproveMatrix).await?;
        let held = self.vault.store.setting(MATRIX, version.trim()).await?;
        let held =
            held.ok_or_else(|| DeskError::unknown(format!("there is no matrix “{}”", version.trim())))?;
        let mut proposed: ProposedMatrix = from_json(&held)?;
        proposed.persons.approve(&format!("matrix {}", proposed.version), who, self.clock.now())?;
        let matrix = read(&proposed.text)?;
        self.keep_matrix(&proposed, &permit, "approved").await?;
        self.policies.add(matrix);
        Ok(proposed)
    }

    async fn keep_matrix(
        &self,
        proposed: &ProposedMatrix,
        permit: &law::access::Permit,
        done: &str,
    ) -> Result<(), DeskError> {
        let subject = Some(format!("access matrix {} {done}", proposed.version));
        let mut tx = self.vault.store.begin().await?;
        self.vault.store.put_setting(&mut tx, MATRIX, &proposed.version, &json(proposed)?).await?;
        let detail = Detail { subject, ..Detail::default() };
        let pending = self.ledger.record_in(&mut tx, &[(permit, detail)]).await?;
        let _receipt = self.ledger.commit(tx, pending).await?;
        Ok(())
    }

    /// The matrices that were proposed, by version.
    ///
    /// # Errors
    /// A refusal, or faults of the store.
    pub async fn proposed_matrices(&self, who: &Session) -> Result<Vec<ProposedMatrix>, DeskError> {
        let permit = self.permit_either(who, [Act::ApproveMatrix, Act::ProposeMatrix]).await?;
        let detail = Detail { subject: Some("list of matrices".to_owned()), ..Detail::default() };
        let _receipt = self.ledger.record(vec![(permit, detail)]).await?;
        proposed(&*self.vault.store).await
    }
}

/// The policies of a deployment: the committed default, and what was approved since.
pub(crate) async fn policies<S: RecordStore>(store: &S) -> Result<Policies, DeskError> {
    let mut matrices = vec![Matrix::committed().map_err(|error| DeskError::unusable(error.to_string()))?];
    let mut decided = proposed(store).await?;
    decided.retain(|proposed| proposed.persons.approved.is_some());
    decided.sort_by_key(|proposed| proposed.persons.approved.as_ref().map(|deed| deed.at));
    for proposed in decided {
        matrices.push(read(&proposed.text)?);
    }
    Ok(Policies::new(matrices))
}

async fn proposed<S: RecordStore>(store: &S) -> Result<Vec<ProposedMatrix>, DeskError> {
    store.settings(MATRIX).await?.iter().map(|(_, text)| from_json(text)).collect()
}

fn read(text: &str) -> Result<Matrix, DeskError> {
    Matrix::read(text).map_err(|error| DeskError::unusable(error.to_string()))
}
