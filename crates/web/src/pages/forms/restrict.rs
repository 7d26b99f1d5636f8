//! Restricting a record to groups, or opening it again.

use super::said_beside;
use crate::house::House;
use crate::pages::record::{Shown, unknown_kind};
use crate::pages::sheet::{Part, Sheet, hidden};
use crate::pages::turned::{Turned, see};
use crate::pages::typed::{Sent, Typed};
use crate::pages::visitor::{Visitor, Working};
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use components::{
    BackLink, Button, Checkboxes, Choice, ErrorLink, ErrorSummary, Input, Legend, Radios, Textarea,
    WarningText, html,
};
use desk::record::Edit;
use desk::{DeskError, Session};
use law::access::Action;
use model::{Labels, Marking};
use vault::Plain;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route("/records/{reference}/restrict", get(begin::<S>).post(save::<S>))
}

/// What the form says.
struct Asked {
    groups: String,
    who_knows: &'static str,
    conditions: bool,
    sensitive_marking: bool,
    reason: String,
}

impl Asked {
    fn held(plain: &Plain) -> Self {
        let labels = Labels::parse(&plain.row().labels).unwrap_or_default();
        Self {
            groups: labels.groups.iter().cloned().collect::<Vec<_>>().join(", "),
            who_knows: match (labels.groups.is_empty(), labels.covert) {
                (true, _) => "open",
                (false, true) => "covert",
                (false, false) => "restricted",
            },
            conditions: labels.handling_conditions,
            sensitive_marking: labels.marking == Marking::OfficialSensitive,
            reason: String::new(),
        }
    }

    fn sent(sent: &Sent) -> Self {
        let further: Vec<&str> = sent.all("further").collect();
        Self {
            groups: sent.text("groups").to_owned(),
            who_knows: match sent.text("who-knows") {
                "covert" => "covert",
                "restricted" => "restricted",
                _ => "open",
            },
            conditions: further.contains(&"conditions"),
            sensitive_marking: further.contains(&"marking"),
            reason: sent.text("reason").to_owned(),
        }
    }

    fn labels(&self, who: &Session) -> Labels {
        let is_open = self.who_knows == "open";
        let named = self.groups.split(',').map(str::trim).filter(|group| !group.is_empty() && !is_open);
        Labels {
            groups: named.map(str::to_owned).collect(),
            covert: self.who_knows == "covert",
            sensitive: self.who_knows == "restricted",
            handling_conditions: self.conditions,
            marking: if self.sensitive_marking { Marking::OfficialSensitive } else { Marking::Official },
            owner: (!is_open).then(|| who.actor()),
        }
    }
}

async fn begin<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(reference): Path<String>,
) -> Result<Response, Turned> {
    let record = house.desk().resolve_to(&who, Action::Change, &reference).await?;
    let plain = house.desk().open_record(&who, record).await?;
    let shown = Shown::of(&plain).ok_or_else(unknown_kind)?;
    Ok(sheet(&visitor, &shown, &Asked::held(&plain), None).shown(&house, &visitor, Part::Records))
}

fn sheet(visitor: &Visitor, shown: &Shown<'_>, asked: &Asked, error: Option<String>) -> Sheet {
    let who_knows = [
        Choice::new("open", "Everybody whose role sees such records"),
        Choice::new("restricted", "The groups below read it; others learn that it exists, and whom to ask"),
        Choice::new(
            "covert",
            "The groups below alone know that it exists; you are told of searches that meet it",
        ),
    ];
    let further = [
        Choice::new("conditions", "Handling conditions apply").checked(asked.conditions),
        Choice::new("marking", "OFFICIAL-SENSITIVE").checked(asked.sensitive_marking),
    ];
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            @if let Some(error) = &error { (ErrorSummary::new([ErrorLink::general(error)])) }
            span class="govuk-caption-l" { (shown.kind.title) " " (shown.reference) }
            h1 class="govuk-heading-l" { "Who may read it" }
            p class="govuk-body-l" { (shown.name) }
            form method="post" novalidate {
                (hidden(&visitor.token))
                input type="hidden" name="version" value=(shown.plain.row().ordinal);
                (Radios::new("who-knows", Legend::new("Who may read it"), who_knows).value(asked.who_knows.to_owned()))
                (Input::new("groups", "Groups, with commas between").value(asked.groups.as_str())
                    .hint("You must belong to one of them, or you lock yourself out"))
                (Checkboxes::new("further", Legend::new("Further"), further).classes("govuk-checkboxes--small"))
                (WarningText::new("Records that are linked with it stay as they are: look at those too, where they give it away."))
                (Textarea::new("reason", "Why?").value(asked.reason.as_str()).rows(2u16))
                (Button::new("Save").prevent_double_click(true))
            }
        } }
    };
    let sheet = Sheet::new("Who may read it", main).before(BackLink::new(shown.path()));
    if error.is_some() { sheet.with_errors() } else { sheet }
}

async fn save<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, visitor }: Working,
    Path(reference): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let record = house.desk().resolve_to(&who, Action::Change, &reference).await?;
    let plain = house.desk().open_version(&who, record, sent.text("version").parse().unwrap_or(0)).await?;
    let shown = Shown::of(&plain).ok_or_else(unknown_kind)?;
    let asked = Asked::sent(&sent);
    let version = plain.row().version;
    let edit = Edit {
        record,
        before: version.version,
        body: shown.body.clone(),
        labels: Some(asked.labels(&who)),
        anew: Vec::new(),
        reason: asked.reason.clone(),
    };
    match house.desk().change_record(&who, edit).await {
        Ok(_) => Ok(see(&format!("{}?done=labels", shown.path()))),
        Err(DeskError::Conflict(conflict)) => {
            let error = format!(
                "Somebody else changed the record: it is at version {} now. Open it again, and look at what they did.",
                conflict.present
            );
            Ok(sheet(&visitor, &shown, &asked, Some(error)).shown(&house, &visitor, Part::Records))
        }
        Err(error) => {
            let (problems, general) = said_beside(error)?;
            let error = general.or_else(|| problems.first().map(|problem| problem.mend.clone()));
            Ok(sheet(&visitor, &shown, &asked, error).shown(&house, &visitor, Part::Records))
        }
    }
}
