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
use sha2::{Digest, Sha256};
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

impl ProposedMatrix {
    /// SHA-256 of its text, in hexadecimal: by it an approver says which text they read.
    #[must_use]
    pub fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.text.as_bytes()))
    }
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

    fn know(&self, version: &str) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.iter().any(|held| held.version == version)
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
        if matrix.from < london_day(self.clock.now()) {
            return Err(DeskError::unusable(format!(
                "from: {} is over; what was decided then cannot be decided anew. Name today or a later day",
                matrix.from
            )));
        }
        let persons = TwoPersons::proposed(who, self.clock.now());
        let proposed = ProposedMatrix { version: matrix.version, text: text.to_owned(), persons };
        let tx = self.vault.store.begin_alone().await?;
        let used =
            self.policies.know(&proposed.version) || self.matrix_proposed(&proposed.version).await?.is_some();
        if used {
            let why = format!("version: “{}” was used already; give a new one", proposed.version);
            return Err(DeskError::unusable(why));
        }
        self.keep_matrix(tx, &proposed, &permit, "proposed").await?;
        Ok(proposed)
    }

    /// Approves a matrix, as somebody else than who proposed it: it decides from its day on, from
    /// the next request on where that day has come. The digest says which text they read.
    ///
    /// # Errors
    /// A refusal; an unknown version; another text than they read; the proposer themselves.
    pub async fn approve_matrix(
        &self,
        who: &Session,
        version: &str,
        digest: &str,
    ) -> Result<ProposedMatrix, DeskError> {
        let permit = self.permit_act(who, Act::ApproveMatrix).await?;
        let version = version.trim();
        let tx = self.vault.store.begin_alone().await?;
        let held = self.matrix_proposed(version).await?;
        let mut proposed =
            held.ok_or_else(|| DeskError::unknown(format!("there is no matrix “{version}”")))?;
        if !proposed.digest().eq_ignore_ascii_case(digest.trim()) {
            return Err(DeskError::unusable(format!(
                "digest: the text proposed as {version} has another digest than the one you gave; read it anew \
                 with `bluelamp matrix list --json` and give the digest that stands there"
            )));
        }
        proposed.persons.approve(&format!("matrix {}", proposed.version), who, self.clock.now())?;
        let matrix = read(&proposed.text)?;
        self.keep_matrix(tx, &proposed, &permit, "approved").await?;
        self.policies.add(matrix);
        Ok(proposed)
    }

    async fn matrix_proposed(&self, version: &str) -> Result<Option<ProposedMatrix>, DeskError> {
        self.vault.store.setting(MATRIX, version).await?.as_deref().map(from_json).transpose()
    }

    async fn keep_matrix(
        &self,
        mut tx: S::Tx,
        proposed: &ProposedMatrix,
        permit: &law::access::Permit,
        done: &str,
    ) -> Result<(), DeskError> {
        let subject = Some(format!("access matrix {} {done}", proposed.version));
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
        let matrix = Matrix::decided(&proposed.text);
        matrices.push(matrix.map_err(|error| DeskError::unusable(error.to_string()))?);
    }
    Ok(Policies::new(matrices))
}

/// The matrices that were proposed, by version.
pub(crate) async fn proposed<S: RecordStore>(store: &S) -> Result<Vec<ProposedMatrix>, DeskError> {
    store.settings(MATRIX).await?.iter().map(|(_, text)| from_json(text)).collect()
}

fn read(text: &str) -> Result<Matrix, DeskError> {
    Matrix::read(text).map_err(|error| DeskError::unusable(error.to_string()))
}
