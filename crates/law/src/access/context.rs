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
    /// See that a restricted one exists, and whom to ask.
    Know,
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
            Self::View | Self::List | Self::Know => "view",
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
            Self::View | Self::List | Self::Know => "consultation",
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
    FollowNotices,
    KeepSearches,
    SearchList,
    Disclose,
    ReviewBreakGlass,
    ProposeGrant,
    ApproveGrant,
    ProposeMatrix,
    ApproveMatrix,
    ProposeLocalField,
    ApproveLocalField,
    ReworkRejects,
    OpenReject,
    Checkpoint,
    ReadLog,
    ExportLog,
    EraseLog,
    ManageUsers,
    Maintain,
    ReportTrouble,
}

impl Act {
    /// All acts, for the test that the matrix misses none.
    pub const ALL: &'static [Self] = &[
        Self::Completeness,
        Self::ApproveErasure,
        Self::FollowErasure,
        Self::PlaceHold,
        Self::FollowNotices,
        Self::KeepSearches,
        Self::SearchList,
        Self::Disclose,
        Self::ReviewBreakGlass,
        Self::ProposeGrant,
        Self::ApproveGrant,
        Self::ProposeMatrix,
        Self::ApproveMatrix,
        Self::ProposeLocalField,
        Self::ApproveLocalField,
        Self::ReworkRejects,
        Self::OpenReject,
        Self::Checkpoint,
        Self::ReadLog,
        Self::ExportLog,
        Self::EraseLog,
        Self::ManageUsers,
        Self::Maintain,
        Self::ReportTrouble,
    ];

    /// The row of the matrix that decides.
    #[must_use]
    pub const fn row(self) -> &'static str {
        match self {
            Self::Completeness => "completeness",
            Self::ApproveErasure => "approve-erasure",
            Self::FollowErasure => "follow-erasure",
            Self::PlaceHold => "place-hold",
            Self::FollowNotices => "follow-notices",
            Self::KeepSearches => "keep-searches",
            Self::SearchList => "search-list",
            Self::Disclose => "disclose",
            Self::ReviewBreakGlass => "review-break-glass",
            Self::ProposeGrant => "propose-grant",
            Self::ApproveGrant => "approve-grant",
            Self::ProposeMatrix => "propose-matrix",
            Self::ApproveMatrix => "approve-matrix",
            Self::ProposeLocalField => "propose-local-field",
            Self::ApproveLocalField => "approve-local-field",
            Self::ReworkRejects => "rework-rejects",
            Self::OpenReject => "open-reject",
            Self::Checkpoint => "checkpoint",
            Self::ReadLog => "read-log",
            Self::ExportLog => "export-log",
            Self::EraseLog => "erase-log",
            Self::ManageUsers => "manage-users",
            Self::Maintain => "maintain",
            Self::ReportTrouble => "report-trouble",
        }
    }

    /// Whether the act shows what a record, a rejected row or an entry of the log says, to whoever may do
    /// it: never to the administrator, who runs the system (DPA 2018 s.57).
    #[must_use]
    pub const fn shows_content(self) -> bool {
        matches!(
            self,
            Self::FollowNotices
                | Self::KeepSearches
                | Self::SearchList
                | Self::Disclose
                | Self::ReviewBreakGlass
                | Self::OpenReject
                | Self::ReadLog
                | Self::ExportLog
        )
    }

    /// The act in words, for the page that an overseer reads.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Completeness => "see figures of what records lack",
            Self::ApproveErasure => "approve an erasure that another planned",
            Self::FollowErasure => "follow erasures and read their certificates",
            Self::PlaceHold => "hold a record against erasure, or lift a hold",
            Self::FollowNotices => "read what one was told",
            Self::KeepSearches => "save searches of one's own, and be told of new records that meet them",
            Self::SearchList => "search for a list of up to 500 names or numbers in one go",
            Self::Disclose => {
                "disclose the answers to a search to somebody outside, and recall papers that went out"
            }
            Self::ReviewBreakGlass => "review the opening of a restricted record for a risk to life",
            Self::ProposeGrant => "propose or withdraw membership of a restriction group",
            Self::ApproveGrant => "approve membership of a restriction group",
            Self::ProposeMatrix => "propose a change of this page",
            Self::ApproveMatrix => "approve a change of this page",
            Self::ProposeLocalField => "propose a field or code list of the force’s own, or end a field",
            Self::ApproveLocalField => "approve a field or code list of the force’s own",
            Self::ReworkRejects => "see which rows of an intake were rejected, and have them judged anew",
            Self::OpenReject => "open a rejected row, or discard it",
            Self::Checkpoint => "take a signed checkpoint of the log, and proofs",
            Self::ReadLog => "read the log, for the purposes of DPA 2018 s.62(4)",
            Self::ExportLog => "export the log for somebody outside",
            Self::EraseLog => "destroy what an entry of the log says, on a ground in law",
            Self::ManageUsers => "make and lock accounts",
            Self::Maintain => "turn keys and run the system",
            Self::ReportTrouble => {
                "say that something of the program is wrong, and follow what becomes of it"
            }
        }
    }

    /// The operation that is entered in the log.
    #[must_use]
    pub const fn operation(self) -> &'static str {
        match self {
            Self::Completeness
            | Self::FollowErasure
            | Self::FollowNotices
            | Self::KeepSearches
            | Self::SearchList
            | Self::ReworkRejects
            | Self::OpenReject => "consultation",
            Self::ApproveErasure | Self::ReviewBreakGlass | Self::ApproveLocalField => "approval",
            Self::ProposeGrant | Self::ApproveGrant | Self::ProposeMatrix | Self::ApproveMatrix => {
                "permission-change"
            }
            Self::PlaceHold => "hold",
            Self::Checkpoint | Self::ReadLog => "log-read",
            Self::Disclose | Self::ExportLog => "disclosure",
            Self::EraseLog => "erasure",
            Self::ManageUsers => "permission-change",
            Self::ProposeLocalField | Self::Maintain | Self::ReportTrouble => "maintenance",
        }
    }

    /// Whether a purpose must be given: reads of the log only for those of DPA 2018 s.62(4), and what
    /// reaches many people at once for one that is named (s.36).
    #[must_use]
    pub const fn needs_purpose(self) -> bool {
        matches!(
            self,
            Self::SearchList
                | Self::Disclose
                | Self::ReadLog
                | Self::ExportLog
                | Self::EraseLog
                | Self::ReworkRejects
                | Self::OpenReject
        )
    }
}
