//! Who asks, in what role, for what purpose, in what context.

use model::ActorId;
use std::collections::BTreeSet;

/// Everything about the person who asks that a decision may turn on and that the log keeps.
#[derive(Debug, Clone)]
pub struct Context {
    /// The person.
    pub actor: ActorId,
    /// Their name as the log shows it.
    pub name: String,
    /// Roles held now.
    pub roles: BTreeSet<String>,
    /// Restriction groups that they belong to now.
    pub groups: BTreeSet<String>,
    /// Their unit, where known.
    pub unit: Option<String>,
    /// The device or program that they use, where known.
    pub device: Option<String>,
    /// What for, in their words or from the task in hand.
    pub purpose: Option<String>,
    /// The task, case or incident that gives the context.
    pub task: Option<String>,
    /// When: microseconds since 1970-01-01T00:00:00Z.
    pub at: i64,
}

/// What somebody wants to do with records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Open a record.
    View,
    /// See it as one line of a list.
    List,
    /// Make a new one.
    Create,
    /// Add a version.
    Change,
    /// Take it in from another system.
    Intake,
    /// Plan and run an erasure of it.
    Erase,
}

impl Action {
    /// The row of the matrix that decides.
    #[must_use]
    pub const fn row(self) -> &'static str {
        match self {
            Self::View | Self::List => "view",
            Self::Create => "create",
            Self::Change => "change",
            Self::Intake => "intake",
            Self::Erase => "erase",
        }
    }

    /// The operation that is entered in the log (DPA 2018 s.62(1)).
    #[must_use]
    pub const fn operation(self) -> &'static str {
        match self {
            Self::View | Self::List => "consultation",
            Self::Create | Self::Intake => "collection",
            Self::Change => "alteration",
            Self::Erase => "erasure",
        }
    }

    /// Whether the action shows something, and so needs a purpose (DPA 2018 s.36).
    #[must_use]
    pub const fn needs_purpose(self) -> bool {
        !matches!(self, Self::Intake)
    }
}

/// What somebody wants to do that shows no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the row of the same name in the matrix")]
pub enum Act {
    Completeness,
    ApproveErasure,
    FollowErasure,
    PlaceHold,
    ReworkRejects,
    OpenReject,
    Checkpoint,
    ReadLog,
    ExportLog,
    EraseLog,
    ManageUsers,
    Maintain,
}

impl Act {
    /// All acts, for the test that the matrix misses none.
    pub const ALL: &'static [Self] = &[
        Self::Completeness,
        Self::ApproveErasure,
        Self::FollowErasure,
        Self::PlaceHold,
        Self::ReworkRejects,
        Self::OpenReject,
        Self::Checkpoint,
        Self::ReadLog,
        Self::ExportLog,
        Self::EraseLog,
        Self::ManageUsers,
        Self::Maintain,
    ];

    /// The row of the matrix that decides.
    #[must_use]
    pub const fn row(self) -> &'static str {
        match self {
            Self::Completeness => "completeness",
            Self::ApproveErasure => "approve-erasure",
            Self::FollowErasure => "follow-erasure",
            Self::PlaceHold => "place-hold",
            Self::ReworkRejects => "rework-rejects",
            Self::OpenReject => "open-reject",
            Self::Checkpoint => "checkpoint",
            Self::ReadLog => "read-log",
            Self::ExportLog => "export-log",
            Self::EraseLog => "erase-log",
            Self::ManageUsers => "manage-users",
            Self::Maintain => "maintain",
        }
    }

    /// The operation that is entered in the log.
    #[must_use]
    pub const fn operation(self) -> &'static str {
        match self {
            Self::Completeness | Self::FollowErasure | Self::ReworkRejects | Self::OpenReject => {
                "consultation"
            }
            Self::ApproveErasure => "approval",
            Self::PlaceHold => "hold",
            Self::Checkpoint | Self::ReadLog => "log-read",
            Self::ExportLog => "disclosure",
            Self::EraseLog => "erasure",
            Self::ManageUsers => "permission-change",
            Self::Maintain => "maintenance",
        }
    }

    /// Whether a purpose must be given: reads of the log only for those of DPA 2018 s.62(4).
    #[must_use]
    pub const fn needs_purpose(self) -> bool {
        matches!(
            self,
            Self::ReadLog | Self::ExportLog | Self::EraseLog | Self::ReworkRejects | Self::OpenReject
        )
    }
}
