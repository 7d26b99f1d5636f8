//! The decision and its entry, in one place: a use case asks here for its permit, and a refusal is
//! in the log before the person hears of it.

use crate::Desk;
use crate::error::DeskError;
use crate::session::Session;
use law::access::{Act, Action, Permit, Refusal, Target, Why, decide, decide_act};
use model::{Labels, RecordId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use vault::store::RecordStore;
use vault::{Sealed, VersionRow};

impl<S: RecordStore> Desk<S> {
    /// The moment by the desk's clock, in microseconds since 1970.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    /// Whether this person's roles allow an act: for offering it. The decision is made again, and entered,
    /// when it is done.
    #[must_use]
    pub fn may_do(&self, who: &Session, act: Act) -> bool {
        self.matrix().allows_act(who.roles(), act)
    }

    /// Whether this person's roles allow an action on records of a kind, for offering it.
    #[must_use]
    pub fn may_on(&self, who: &Session, kind: u16, action: Action) -> bool {
        self.matrix().allows(who.roles(), kind, action)
    }

    /// Whether this person's roles allow an action on records of any kind, for offering it.
    #[must_use]
    pub fn may_on_some(&self, who: &Session, action: Action) -> bool {
        model::kinds::ALL.iter().any(|kind| self.may_on(who, kind.number, action))
    }

    /// A permit for an action on records.
    pub(crate) async fn permit(
        &self,
        who: &Session,
        action: Action,
        kind: u16,
        targets: &[Target<'_>],
    ) -> Result<Permit, DeskError> {
        match decide(&self.matrix(), &who.at(self.clock.now()), action, kind, targets) {
            Ok(permit) => Ok(permit),
            Err(refusal) => Err(self.refused(refusal).await?),
        }
    }

    /// A permit for an act that shows no record.
    pub(crate) async fn permit_act(&self, who: &Session, act: Act) -> Result<Permit, DeskError> {
        match decide_act(&self.matrix(), &who.at(self.clock.now()), act) {
            Ok(permit) => Ok(permit),
            Err(refusal) => Err(self.refused(refusal).await?),
        }
    }

    /// A permit for whichever of two acts this person may do: what two persons decide, both may see.
    pub(crate) async fn permit_either(&self, who: &Session, acts: [Act; 2]) -> Result<Permit, DeskError> {
        let [first, second] = acts;
        let act = if self.matrix().allows_act(who.roles(), first) { first } else { second };
        self.permit_act(who, act).await
    }

    /// A permit for an action on the newest version of one record, closed.
    pub(crate) async fn permit_on(
        &self,
        who: &Session,
        action: Action,
        sealed: &Sealed,
    ) -> Result<Permit, DeskError> {
        let labels = labels_of(sealed.row())?;
        let target = Target { version: sealed.version(), labels: &labels };
        self.permit(who, action, target.version.kind, &[target]).await
    }

    /// Whether this person may know that a record exists. Acts that show no record still may not
    /// tell of a covert one: the answer is that of a record which is not there, and it is entered.
    pub(crate) async fn check_known(&self, who: &Session, record: RecordId) -> Result<(), DeskError> {
        let head = self.head(record).await?;
        let labels = labels_of(head.row())?;
        let context = who.at(self.clock.now());
        if !labels.covert || !labels.groups.is_disjoint(&context.groups) {
            return Ok(());
        }
        let policy = self.matrix().version.clone();
        let version = Some(head.version());
        Err(self.refused(Refusal { context, wanted: "know", version, why: Why::NotFound, policy }).await?)
    }

    /// Enters a refusal, and gives what the person is told.
    pub(crate) async fn refused(&self, refusal: Refusal) -> Result<DeskError, DeskError> {
        self.ledger.record_refusal(&refusal).await?;
        Ok(match refusal.why {
            Why::NotFound => DeskError::NotFound,
            _ => DeskError::Refused(Box::new(refusal)),
        })
    }
}

/// The labels of a stored version.
pub(crate) fn labels_of(row: &VersionRow) -> Result<Labels, DeskError> {
    if row.labels == "{}" {
        return Ok(Labels::default());
    }
    Labels::parse(&row.labels).map_err(|error| {
        let version = row.version.version;
        DeskError::damaged(format!("versions, column labels, row {version}: {error}. Run `bluelamp doctor`"))
    })
}

/// A value as it is kept in a setting or sealed item.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, DeskError> {
    serde_json::to_string(value).map_err(|error| DeskError::damaged(format!("cannot be kept: {error}")))
}

/// A value from a setting or sealed item.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, DeskError> {
    serde_json::from_str(text).map_err(|error| {
        DeskError::damaged(format!("a stored setting cannot be read ({error}). Run `bluelamp doctor`"))
    })
}
