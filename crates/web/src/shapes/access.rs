//! Who may see what: broken glasses, notices, grants, the access matrix.

use desk::approval::{Deed, TwoPersons};
use desk::break_glass::BrokenGlass;
use desk::clock::moment_text;
use desk::grants::Grant;
use desk::notices::Notice;
use desk::policy::ProposedMatrix;
use law::access::{Matrix, page};
use schemars::JsonSchema;
use serde::Serialize;

/// A glass that was broken.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Glass {
    /// Its name, `BG-1`.
    pub id: String,
    /// The record's reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Who broke it.
    pub by: String,
    /// Their unit, where that is known.
    pub unit: Option<String>,
    /// When.
    pub at: String,
    /// Why, in their words; `null` where the record was erased since.
    pub reason: Option<String>,
    /// By when it is to be reviewed.
    pub review_due: String,
    /// The review; `null` until there is one.
    pub review: Option<Review>,
}

/// What somebody else made of it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Review {
    /// Who.
    pub by: String,
    /// When.
    pub at: String,
    /// Whether it was necessary and proportionate.
    pub justified: bool,
    /// Why; empty where the record was erased since.
    pub words: String,
}

impl Glass {
    /// Of the desk's.
    #[must_use]
    pub fn of(glass: &BrokenGlass) -> Self {
        let review = glass.review.as_ref().map(|review| Review {
            by: review.by.name.clone(),
            at: moment_text(review.by.at),
            justified: review.justified,
            words: review.words.clone(),
        });
        Self {
            id: glass.id.clone(),
            reference: glass.reference.clone(),
            by: glass.by.name.clone(),
            unit: glass.unit.clone(),
            at: moment_text(glass.by.at),
            reason: glass.reason.clone(),
            review_due: moment_text(glass.review_due),
            review,
        }
    }
}

/// Every glass that was broken, oldest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Glasses {
    /// The glasses.
    pub broken: Vec<Glass>,
}

impl Glasses {
    /// Of the desk's.
    #[must_use]
    pub fn of(glasses: &[BrokenGlass]) -> Self {
        Self { broken: glasses.iter().map(Glass::of).collect() }
    }
}

/// Something that somebody was told.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Told {
    /// Its name, by which it is dismissed.
    pub id: String,
    /// What happened, in words.
    pub what: String,
    /// The record's reference.
    #[serde(rename = "ref")]
    pub reference: String,
    /// Who did it.
    pub by: String,
    /// Their unit, where that is known.
    pub unit: Option<String>,
    /// What for, in their words.
    pub purpose: Option<String>,
    /// The task or case.
    pub task: Option<String>,
    /// The query, where it was a search.
    pub query: Option<String>,
    /// When.
    pub at: String,
    /// The saved search that the record meets, where this is an alert.
    pub alert: Option<Alerted>,
}

/// What an alert is of.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Alerted {
    /// The saved search, `S-1`; `S-1.2` where it met its second query, after its owner gave it another.
    pub search: String,
    /// Its name.
    pub name: String,
    /// How many more came in together with it that meet the search too, and have no notice of their own.
    pub more: u64,
}

impl Told {
    fn of(notice: &Notice) -> Self {
        Self {
            id: notice.id.clone(),
            what: notice.what.clone(),
            reference: notice.reference.clone(),
            by: notice.by.clone(),
            unit: notice.unit.clone(),
            purpose: notice.purpose.clone(),
            task: notice.task.clone(),
            query: notice.query.clone(),
            at: notice.at.clone(),
            alert: notice.alert.as_ref().map(|alert| Alerted {
                search: alert.search.clone(),
                name: alert.name.clone(),
                more: alert.more,
            }),
        }
    }
}

/// What somebody was told and has not dismissed, oldest first.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Notices {
    /// The notices.
    pub notices: Vec<Told>,
}

impl Notices {
    /// Of the desk's.
    #[must_use]
    pub fn of(notices: &[Notice]) -> Self {
        Self { notices: notices.iter().map(Told::of).collect() }
    }
}

/// How a proposal stands that needs a second person.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It waits for the second person.
    Proposed,
    /// Somebody else approved it.
    Approved,
    /// It was approved or proposed, and counts no more.
    Withdrawn,
}

impl Standing {
    fn of(persons: &TwoPersons, withdrawn: Option<&Deed>) -> Self {
        match (withdrawn, &persons.approved) {
            (Some(_), _) => Self::Withdrawn,
            (None, Some(_)) => Self::Approved,
            (None, None) => Self::Proposed,
        }
    }
}

fn name(deed: Option<&Deed>) -> Option<String> {
    deed.map(|deed| deed.name.clone())
}

/// Somebody's membership of a restriction group for a time.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Membership {
    /// Its name, `G-1`.
    pub id: String,
    /// The account.
    pub account: String,
    /// The restriction group.
    pub group: String,
    /// From when.
    pub from: String,
    /// Until when.
    pub until: String,
    /// Why.
    pub ground: String,
    /// Who proposed it.
    pub proposed_by: String,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// Who withdrew it.
    pub withdrawn_by: Option<String>,
    /// How it stands.
    pub state: Standing,
}

impl Membership {
    /// Of the desk's grant.
    #[must_use]
    pub fn of(grant: &Grant) -> Self {
        Self {
            id: grant.id.clone(),
            account: grant.account.clone(),
            group: grant.group.clone(),
            from: moment_text(grant.from),
            until: moment_text(grant.until),
            ground: grant.ground.clone(),
            proposed_by: grant.persons.proposed.name.clone(),
            approved_by: name(grant.persons.approved.as_ref()),
            withdrawn_by: name(grant.withdrawn.as_ref()),
            state: Standing::of(&grant.persons, grant.withdrawn.as_ref()),
        }
    }
}

/// All grants, those that ended too.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Grants {
    /// The grants.
    pub grants: Vec<Membership>,
}

impl Grants {
    /// Of the desk's.
    #[must_use]
    pub fn of(grants: &[Grant]) -> Self {
        Self { grants: grants.iter().map(Membership::of).collect() }
    }
}

/// The access matrix that decides now.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MatrixInForce {
    /// Its version, which every entry of the log names.
    pub version: String,
    /// The day from which it decides.
    pub from: String,
    /// Who decided it.
    pub source: String,
    /// The whole matrix as data, in TOML, as a proposal takes it.
    pub matrix: String,
    /// The page that an overseer reads, in Markdown.
    pub page: String,
}

impl MatrixInForce {
    /// Of a matrix.
    #[must_use]
    pub fn of(matrix: &Matrix) -> Self {
        Self {
            version: matrix.version.clone(),
            from: matrix.from.to_string(),
            source: matrix.source.clone(),
            matrix: matrix.text().to_owned(),
            page: page(matrix),
        }
    }
}

/// An access matrix that somebody proposed.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MatrixProposal {
    /// Its version.
    pub version: String,
    /// The whole matrix as data, in TOML.
    pub matrix: String,
    /// SHA-256 of that text, in hexadecimal: whoever approves it gives this back.
    pub digest: String,
    /// Who proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed: String,
    /// Who approved it; `null` while it waits for a second person.
    pub approved_by: Option<String>,
    /// When.
    pub approved: Option<String>,
}

impl MatrixProposal {
    /// Of the desk's.
    #[must_use]
    pub fn of(proposed: &ProposedMatrix) -> Self {
        let approved = proposed.persons.approved.as_ref();
        Self {
            version: proposed.version.clone(),
            matrix: proposed.text.clone(),
            digest: proposed.digest(),
            proposed_by: proposed.persons.proposed.name.clone(),
            proposed: moment_text(proposed.persons.proposed.at),
            approved_by: name(approved),
            approved: approved.map(|deed| moment_text(deed.at)),
        }
    }
}

/// The matrices that were proposed since the committed default, by version: the history of the matrix.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ProposedMatrices {
    /// The matrices.
    pub matrices: Vec<MatrixProposal>,
}

impl ProposedMatrices {
    /// Of the desk's.
    #[must_use]
    pub fn of(proposed: &[ProposedMatrix]) -> Self {
        Self { matrices: proposed.iter().map(MatrixProposal::of).collect() }
    }
}
