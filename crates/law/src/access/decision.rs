//! The decision, and the two values that come out of it: a permit or a refusal. Both go into the
//! log.

use super::context::{Act, Action, Context};
use super::filter::Filter;
use super::matrix::Matrix;
use model::{ActorId, Labels, VersionRef};
use std::sync::Arc;

/// One record that somebody wants to act on, by its plain structure only.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The version.
    pub version: VersionRef,
    /// Its labels.
    pub labels: &'a Labels,
}

/// Proof that a decision was made in favour. It cannot be made any other way, nor copied:
///
/// ```compile_fail
/// fn forged(context: std::sync::Arc<law::access::Context>) -> law::access::Permit {
///     law::access::Permit { context, operation: "consultation" }
/// }
/// ```
#[derive(Debug)]
pub struct Permit {
    context: Arc<Context>,
    operation: &'static str,
    action: Option<Action>,
    act: Option<Act>,
    versions: Vec<VersionRef>,
    labels: String,
    policy: String,
}

impl Permit {
    /// Who was permitted.
    #[must_use]
    pub fn context(&self) -> &Arc<Context> {
        &self.context
    }

    /// The operation that is entered in the log.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The action on records, where it is one.
    #[must_use]
    pub fn action(&self) -> Option<Action> {
        self.action
    }

    /// The act, where it shows no record.
    #[must_use]
    pub fn act(&self) -> Option<Act> {
        self.act
    }

    /// The versions that the permit covers.
    #[must_use]
    pub fn versions(&self) -> &[VersionRef] {
        &self.versions
    }

    /// The labels that were judged, as JSON.
    #[must_use]
    pub fn labels(&self) -> &str {
        &self.labels
    }

    /// Version of the policy that decided.
    #[must_use]
    pub fn policy(&self) -> &str {
        &self.policy
    }
}

/// Why something was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// To this person the record does not exist.
    NotFound,
    /// The record exists; somebody else must be asked.
    AskOwner(Option<ActorId>),
    /// The person's roles do not allow it.
    Role,
    /// No purpose was given (DPA 2018 s.36; for the log s.62(4)).
    NoPurpose,
}

/// A refusal, with what the log needs to enter it.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// Who was refused.
    pub context: Arc<Context>,
    /// What they wanted, by its row in the matrix.
    pub wanted: &'static str,
    /// The version that was refused, where it was one.
    pub version: Option<VersionRef>,
    /// Why.
    pub why: Why,
    /// Version of the policy that decided.
    pub policy: String,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.why {
            Why::NotFound => f.write_str("There is no such record."),
            Why::AskOwner(_) => {
                f.write_str("This record is restricted. Ask the person who answers for the restriction.")
            }
            Why::Role => write!(
                f,
                "Your roles ({}) do not allow “{}”. The access matrix says whose do: `bluelamp matrix show`.",
                self.context.roles.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
                self.wanted
            ),
            Why::NoPurpose => {
                f.write_str("Say what for: every sight of a record needs a purpose (DPA 2018 s.36).")
            }
        }
    }
}

impl std::error::Error for Refusal {}

/// Decides one action on all of `targets`: all are allowed, or the first that is not is refused.
///
/// An action that makes a new record has no target yet; name its kind in `kind`.
///
/// # Errors
/// A [`Refusal`]; where even the existence is a secret it says *not found* and nothing else.
pub fn decide(
    matrix: &Matrix,
    context: &Arc<Context>,
    action: Action,
    kind: u16,
    targets: &[Target<'_>],
) -> Result<Permit, Refusal> {
    let refuse = |version: Option<VersionRef>, why: Why| Refusal {
        context: Arc::clone(context),
        wanted: action.row(),
        version,
        why,
        policy: matrix.version.clone(),
    };
    // A list may be empty and of any kind; but who may see no kind at all is told so, and not that
    // nothing was found.
    let allowed = match action {
        Action::List => matrix.allows_some(&context.roles, action),
        _ => matrix.allows(&context.roles, kind, action),
    };
    if targets.is_empty() && !allowed {
        return Err(refuse(None, Why::Role));
    }
    // Asked before anything about the record, so that the answer tells nothing of what is there.
    if action.needs_purpose() && !has_purpose(context) {
        return Err(refuse(targets.first().map(|t| t.version), Why::NoPurpose));
    }
    let read = match action {
        Action::Know => Filter::may_know(matrix, context, action),
        _ => Filter::may_read(matrix, context, action),
    };
    let has_role = |action, kind| matrix.allows(&context.roles, kind, action);
    let knows = |action, target: &Target<'_>| {
        Filter::may_know(matrix, context, action).holds(target.version.kind, target.labels)
    };
    for target in targets {
        let (kind, labels) = (target.version.kind, target.labels);
        if read.holds(kind, labels) {
            continue;
        }
        let why = match () {
            // Whose roles see nothing of the kind hears of the role, whatever is there.
            () if !has_role(Action::View, kind) && !has_role(action, kind) => Why::Role,
            () if knows(action, target) => Why::AskOwner(labels.owner),
            // Somebody who could see the record is told that the role is what is missing.
            () if knows(Action::View, target) || !labels.covert => Why::Role,
            () => Why::NotFound,
        };
        return Err(refuse(Some(target.version), why));
    }
    Ok(Permit {
        context: Arc::clone(context),
        operation: action.operation(),
        action: Some(action),
        act: None,
        versions: targets.iter().map(|target| target.version).collect(),
        labels: judged(targets),
        policy: matrix.version.clone(),
    })
}

/// Decides the opening of a restricted record at once, where a life is at risk: by somebody whose
/// roles see records of the kind and whose restriction groups would not let them. What is covert
/// stays so. The purpose is the reason, and has to be given.
///
/// Necessity and proportion are judged by whoever reviews it (HRA 1998 s.6 with ECHR art.2; DPA 2018
/// s.35(2)).
///
/// # Errors
/// A [`Refusal`], as for any other view.
pub fn decide_break_glass(
    matrix: &Matrix,
    context: &Arc<Context>,
    target: &Target<'_>,
) -> Result<Permit, Refusal> {
    let refuse = |why: Why| Refusal {
        context: Arc::clone(context),
        // The row of the matrix that decides, as for a record that is not there: see [`absent`].
        wanted: if why == Why::Role { Action::View.row() } else { "break-glass" },
        version: Some(target.version),
        why,
        policy: matrix.version.clone(),
    };
    if !has_purpose(context) {
        return Err(refuse(Why::NoPurpose));
    }
    if !matrix.allows(&context.roles, target.version.kind, Action::View) {
        return Err(refuse(Why::Role));
    }
    if !Filter::may_know(matrix, context, Action::View).holds(target.version.kind, target.labels) {
        return Err(refuse(Why::NotFound));
    }
    Ok(Permit {
        context: Arc::clone(context),
        operation: Action::View.operation(),
        action: Some(Action::View),
        act: None,
        versions: vec![target.version],
        labels: judged(std::slice::from_ref(target)),
        policy: matrix.version.clone(),
    })
}

/// What is said of a record that is not there to somebody who wanted to act on it: to the word what
/// [`decide`] says of one whose existence is a secret to them.
#[must_use]
pub fn absent(matrix: &Matrix, context: &Arc<Context>, action: Action, kind: u16) -> Refusal {
    let allows = |action| matrix.allows(&context.roles, kind, action);
    let why = match () {
        () if action.needs_purpose() && !has_purpose(context) => Why::NoPurpose,
        () if !allows(Action::View) && !allows(action) => Why::Role,
        () => Why::NotFound,
    };
    Refusal {
        context: Arc::clone(context),
        wanted: action.row(),
        version: None,
        why,
        policy: matrix.version.clone(),
    }
}

/// Decides an act that shows no record.
///
/// # Errors
/// A [`Refusal`].
pub fn decide_act(matrix: &Matrix, context: &Arc<Context>, act: Act) -> Result<Permit, Refusal> {
    let refuse = |why| Refusal {
        context: Arc::clone(context),
        wanted: act.row(),
        version: None,
        why,
        policy: matrix.version.clone(),
    };
    if !matrix.allows_act(&context.roles, act) {
        return Err(refuse(Why::Role));
    }
    if act.needs_purpose() && !has_purpose(context) {
        return Err(refuse(Why::NoPurpose));
    }
    Ok(Permit {
        context: Arc::clone(context),
        operation: act.operation(),
        action: None,
        act: Some(act),
        versions: Vec::new(),
        labels: String::new(),
        policy: matrix.version.clone(),
    })
}

fn has_purpose(context: &Context) -> bool {
    let said = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    said(&context.purpose) || said(&context.task)
}

/// The distinct labels among the targets that narrow access; open ones are not repeated.
fn judged(targets: &[Target<'_>]) -> String {
    let mut seen: Vec<String> = Vec::new();
    for target in targets.iter().filter(|target| !target.labels.is_open()) {
        let text = target.labels.canonical();
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    if seen.is_empty() { "{}".to_owned() } else { format!("[{}]", seen.join(",")) }
}

#[cfg(test)]
mod tests;
