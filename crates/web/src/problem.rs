//! What went wrong, as problem details (RFC 9457). Each sort has a fragment that stays, and is
//! explained at `/api/v1/problems`. A problem holds no data of a record, and what went wrong inside
//! goes to the log of the program only.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use desk::DeskError;
use law::access::{Refusal, Why};
use ledger::LedgerError;
use model::derived::validate;
use schemars::JsonSchema;
use search::IndexError;
use serde::Serialize;
use vault::attachments::AttachmentError;

/// Sorts of problem. The word of each is the fragment of its `type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is explained by its row in `Sort::row`")]
pub enum Sort {
    Malformed,
    NoToken,
    NoPurpose,
    Role,
    Restricted,
    NotFound,
    WrongMethod,
    NotNow,
    ChangedMeanwhile,
    TooLarge,
    WrongMediaType,
    Unusable,
    Rules,
    VersionNeeded,
    TooMany,
    Fault,
    TooSlow,
    Closed,
}

impl Sort {
    /// All sorts, in the order of their status.
    pub const ALL: &'static [Self] = &[
        Self::Malformed,
        Self::NoToken,
        Self::NoPurpose,
        Self::Role,
        Self::Restricted,
        Self::NotFound,
        Self::WrongMethod,
        Self::NotNow,
        Self::ChangedMeanwhile,
        Self::TooLarge,
        Self::WrongMediaType,
        Self::Unusable,
        Self::Rules,
        Self::VersionNeeded,
        Self::TooMany,
        Self::Fault,
        Self::TooSlow,
        Self::Closed,
    ];

    /// Status, fragment, title and what to do.
    const fn row(self) -> (u16, &'static str, &'static str, &'static str) {
        match self {
            Self::Malformed => (
                400,
                "malformed",
                "The request cannot be read",
                "Send what the document of the API describes.",
            ),
            Self::NoToken => (
                401,
                "no-token",
                "Nobody has signed in",
                "Send `Authorization: Bearer` with a token that an administrator gave you; where yours has ended or was revoked, ask for another.",
            ),
            Self::NoPurpose => (
                403,
                "no-purpose",
                "A purpose is needed",
                "Send `Bluelamp-Purpose` with what it is for, or `Bluelamp-Task` with the task, case or incident (DPA 2018 s.36, s.62).",
            ),
            Self::Role => (403, "role", "Your roles do not allow it", "Ask an administrator who may."),
            Self::Restricted => (
                403,
                "restricted",
                "The record is restricted",
                "Ask the person who answers for the restriction.",
            ),
            Self::NotFound => {
                (404, "not-found", "There is no such thing", "Check the address and the name in it.")
            }
            Self::WrongMethod => {
                (405, "wrong-method", "This address does not take that method", "Use one that `Allow` names.")
            }
            Self::NotNow => (
                409,
                "not-now",
                "As things stand it cannot be done",
                "The detail says what stands in the way.",
            ),
            Self::ChangedMeanwhile => (
                412,
                "changed-meanwhile",
                "Somebody else changed the record",
                "Open it again, look at what they changed, then send your change with the new `ETag`.",
            ),
            Self::TooLarge => (413, "too-large", "The request is too large", "Send less at once."),
            Self::WrongMediaType => (
                415,
                "wrong-media-type",
                "The body is of another type",
                "Send the `Content-Type` that the document of the API names: `application/json`, or `application/octet-stream` for a file.",
            ),
            Self::Unusable => (
                422,
                "unusable",
                "What was sent cannot be used",
                "The detail names the member, the rule and the mend.",
            ),
            Self::Rules => (
                422,
                "rules",
                "What was sent breaks rules",
                "Each member of `problems` names field, rule, law and mend. Nothing was saved.",
            ),
            Self::VersionNeeded => (
                428,
                "version-needed",
                "Say which version you looked at",
                "Open the record, and send its `ETag` as `If-Match`.",
            ),
            Self::TooMany => (429, "too-many", "Too many requests", "Wait as long as `Retry-After` says."),
            Self::Fault => (
                500,
                "fault",
                "Something went wrong here",
                "Tell whoever runs the system, with the `instance`. Look whether it was done before you send it again.",
            ),
            Self::TooSlow => (
                503,
                "too-slow",
                "It takes longer than an answer may take",
                "It goes on, and what is done stays done: look how it stands before you send it again.",
            ),
            Self::Closed => (
                503,
                "closed",
                "Nothing can be shown for now",
                "Try again later; whoever runs the system finds the cause with `bluelamp doctor`.",
            ),
        }
    }

    /// Status of the answer.
    #[must_use]
    pub const fn status(self) -> u16 {
        self.row().0
    }

    /// The fragment, which stays.
    #[must_use]
    pub const fn fragment(self) -> &'static str {
        self.row().1
    }

    /// Its title.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.row().2
    }

    /// What to do about it.
    #[must_use]
    pub const fn mend(self) -> &'static str {
        self.row().3
    }
}

/// What went wrong (RFC 9457).
#[derive(Debug, Clone)]
pub struct Problem(Box<Details>);

/// The members of a problem.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Details {
    /// Address of the explanation; its fragment stays.
    #[serde(rename = "type")]
    address: String,
    /// The sort, in words.
    title: &'static str,
    /// Status of the answer.
    #[schemars(range(min = 400, max = 599))]
    status: u16,
    /// What is wrong in this case, in plain words.
    detail: String,
    /// What to do.
    mend: String,
    /// Where rules are broken: each with field, rule, law and mend.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    problems: Vec<RuleBroken>,
    /// Name of this case for whoever runs the system.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
    #[serde(skip)]
    retry_after: Option<u64>,
    #[serde(skip)]
    sort: Sort,
}

impl Details {
    /// What is wrong in this case, in plain words.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// Name of this case for whoever runs the system.
    pub(crate) fn instance(&self) -> Option<&str> {
        self.instance.as_deref()
    }
}

/// One broken rule.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RuleBroken {
    /// Path of the field. Rows count from 1.
    pub field: String,
    /// Label that people see.
    pub label: String,
    /// Name of the rule.
    pub rule: String,
    /// The statute, code or policy.
    pub law: String,
    /// What to do.
    pub mend: String,
}

/// Media type of problem details.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

impl Problem {
    /// A problem of a sort, in this case.
    pub(crate) fn new(sort: Sort, detail: impl Into<String>) -> Self {
        Self(Box::new(Details {
            address: format!("/api/v1/problems#{}", sort.fragment()),
            title: sort.title(),
            status: sort.status(),
            detail: detail.into(),
            mend: sort.mend().to_owned(),
            problems: Vec::new(),
            instance: None,
            retry_after: None,
            sort,
        }))
    }

    /// What is said of a thing that is not there, and of one whose existence is a secret.
    pub(crate) fn not_found() -> Self {
        Self::new(Sort::NotFound, "There is no such record.")
    }

    /// Too many requests; the next may come after so many seconds.
    pub(crate) fn too_many(seconds: u64) -> Self {
        let seconds = seconds.max(1);
        let detail = format!("The limit of requests is reached; it opens again in {seconds} s.");
        let mut problem = Self::new(Sort::TooMany, detail);
        problem.0.retry_after = Some(seconds);
        problem
    }

    /// All places of work are taken.
    pub(crate) fn busy() -> Self {
        let detail = "So many requests are being worked on that this one was not begun; nothing was done.";
        let mut problem = Self::new(Sort::TooMany, detail);
        problem.0.retry_after = Some(1);
        problem
    }

    /// A fault inside: the cause goes to the log of the program, with the name that the answer has.
    pub(crate) fn fault(cause: &str) -> Self {
        let name = uuid::Uuid::new_v4();
        tracing::error!(event = "fault", instance = %name, cause);
        let detail = "The fault is in the program's log under the name that `instance` gives.";
        let mut problem = Self::new(Sort::Fault, detail);
        problem.0.instance = Some(format!("urn:uuid:{name}"));
        problem
    }

    /// The same with the rules that are broken.
    pub(crate) fn rules(problems: Vec<validate::Problem>) -> Self {
        let broken = problems.into_iter().map(|problem| RuleBroken {
            field: problem.field,
            label: problem.label,
            rule: problem.rule.to_owned(),
            law: problem.law,
            mend: problem.mend,
        });
        let broken: Vec<RuleBroken> = broken.collect();
        let detail = format!("{} rule(s) are broken. Nothing was saved.", broken.len());
        let mut problem = Self::new(Sort::Rules, detail);
        problem.0.problems = broken;
        problem
    }

    /// The roles of whoever asks do not let them do it, which nothing was asked of the desk for.
    pub(crate) fn role(what: &str) -> Self {
        Self::new(Sort::Role, format!("Your roles do not let you {what}."))
    }

    /// Its members.
    pub(crate) fn details(&self) -> &Details {
        &self.0
    }

    /// Its sort.
    pub(crate) fn sort(&self) -> Sort {
        self.0.sort
    }

    /// Status of the answer.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.0.status
    }
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::Refused(refusal) => Self::new(sort_of(&refusal), refusal.to_string()),
            DeskError::NotFound => Self::not_found(),
            DeskError::Unknown(why) => Self::new(Sort::NotFound, why),
            DeskError::Unusable(why) => Self::new(Sort::Unusable, why),
            DeskError::NotNow(why) => Self::new(Sort::NotNow, why),
            DeskError::Held(hold) => {
                // The reason may name people; whoever placed the hold says it.
                let detail = format!(
                    "The record is held since {} (hold {}): lift the hold first, or wait.",
                    hold.placed, hold.name
                );
                Self::new(Sort::NotNow, detail)
            }
            DeskError::Problems(problems) => Self::rules(problems),
            DeskError::Conflict(conflict) => Self::changed_meanwhile(conflict.base, conflict.present),
            DeskError::Ledger(error @ LedgerError::NoSuchLeaf { .. }) => {
                Self::new(Sort::NotFound, error.to_string())
            }
            DeskError::Ledger(error @ LedgerError::Permanent(_)) => {
                Self::new(Sort::Unusable, error.to_string())
            }
            DeskError::Ledger(
                error @ (LedgerError::Stopped(_) | LedgerError::Restored { .. } | LedgerError::HeldUp { .. }),
            ) => {
                tracing::error!(event = "log-stopped", %error);
                Self::new(Sort::Closed, "The log cannot write, and nothing is shown that is not in the log.")
            }
            DeskError::Attachment(error) => error.into(),
            DeskError::Index(error @ (IndexError::TooFar { .. } | IndexError::TooCostly(_))) => {
                Self::new(Sort::Unusable, error.to_string())
            }
            DeskError::Index(error @ (IndexError::Behind { .. } | IndexError::StillRead(_))) => {
                Self::new(Sort::Closed, error.to_string())
            }
            undone if undone.is_undone() => {
                tracing::warn!(error = %undone, "a change was undone by the store");
                let detail =
                    "Another change got in the way, and nothing of this one was kept. Send it again.";
                Self::new(Sort::NotNow, detail)
            }
            other => Self::fault(&other.to_string()),
        }
    }
}

impl From<AttachmentError> for Problem {
    fn from(error: AttachmentError) -> Self {
        match error {
            AttachmentError::TooLarge { most } => {
                let detail = format!("A file may have at most {most} octets; nothing of this one was kept.");
                Self::new(Sort::TooLarge, detail)
            }
            AttachmentError::Input(_) => {
                Self::new(Sort::Malformed, "The file could not be read to its end; nothing of it was kept.")
            }
            other => Self::fault(&other.to_string()),
        }
    }
}

impl Problem {
    /// Somebody else was quicker: which version was looked at, and which there is now.
    pub(crate) fn changed_meanwhile(base: u32, present: u32) -> Self {
        let detail = format!(
            "You looked at version {base}, and the record is at version {present}. Nothing of yours was saved: \
             whoever sent this change must look again."
        );
        Self::new(Sort::ChangedMeanwhile, detail)
    }
}

fn sort_of(refusal: &Refusal) -> Sort {
    match refusal.why {
        Why::NotFound => Sort::NotFound,
        Why::AskOwner(_) => Sort::Restricted,
        Why::Role => Sort::Role,
        Why::NoPurpose => Sort::NoPurpose,
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let text = serde_json::to_string(&self.0).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], text).into_response();
        let headers = response.headers_mut();
        if self.status() == 401 {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"bluelamp\""));
        }
        if let Some(seconds) = self.0.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        // Whoever shows pages shows it as one.
        response.extensions_mut().insert(self);
        response
    }
}

/// The document adds the answers of problems by what each operation takes ([`crate::api`]).
impl aide::OperationOutput for Problem {
    type Inner = Self;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sort_has_a_fragment_of_its_own() {
        let fragments: std::collections::BTreeSet<&str> =
            Sort::ALL.iter().map(|sort| sort.fragment()).collect();
        assert_eq!(fragments.len(), Sort::ALL.len());
        assert!(Sort::ALL.is_sorted_by_key(|sort| sort.status()));
    }

    #[test]
    fn a_fault_tells_nothing_of_its_cause() {
        let error = DeskError::Damaged("row 17 of Ottoline Example".into());
        let text = serde_json::to_string(&Problem::from(error).0).unwrap();
        assert!(text.contains("\"status\":500") && text.contains("urn:uuid:"), "{text}");
        assert!(!text.contains("Ottoline"), "{text}");
    }
}
