//! The epoch of the keys and its escrow copies. No key is ever shown, nor where a copy lies.

use super::{Sub, Wrong, beside, labelled, stacked};
use crate::house::House;
use crate::pages::sheet::{Part, Sheet, hidden};
use crate::pages::turned::{Turned, see};
use crate::pages::typed::Typed;
use crate::pages::visitor::Visitor;
use crate::pages::words;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use components::{
    Button, Cell, Details, Input, Markup, NotificationBanner, Tag, TagColour, WarningText, html,
};
use desk::DeskError;
use desk::erasure::TurnReport;
use desk::keys::KeysNow;
use vault::provider::EscrowState;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/administration/keys", get(view::<S>))
        .route("/administration/keys/turn", post(turn::<S>))
        .route("/administration/keys/escrows/remove", post(remove::<S>))
}

const PATH: &str = "/administration/keys";

async fn view<S: RecordStore>(State(house): State<House<S>>, visitor: Visitor) -> Result<Response, Turned> {
    let sheet = sheet(&house, &visitor, &Markup::default(), None).await?;
    Ok(sheet.shown(&house, &visitor, Part::Administration))
}

async fn sheet<S: RecordStore>(
    house: &House<S>,
    visitor: &Visitor,
    banner: &Markup,
    wrong: Option<&Wrong>,
) -> Result<Sheet, DeskError> {
    let keys = house.desk().keys_now(&visitor.who).await?;
    let main = html! {
        (beside(house, visitor, Sub::Keys))
        (Wrong::above(wrong))
        (banner)
        h1 class="govuk-heading-l" { "Keys" }
        p class="govuk-body-l" { "Epoch " (words::number(keys.epoch)) }
        p class="govuk-body" {
            "Every record is sealed under a key of its own. A turn begins a new epoch: all keys are wrapped anew, \
             the key of the epoch before is destroyed, and older copies of the keystore open nothing any more."
        }
        form action={ (PATH) "/turn" } method="post" {
            (hidden(&visitor.token))
            (WarningText::new("An escrow copy that is out of reach stays behind, and backups of the keystore from before become useless. Make a new one after the turn."))
            (Button::warning("Turn the keys").prevent_double_click(true))
        }
        (escrows(visitor, &keys))
        (removed(&keys))
    };
    Ok(Wrong::on(wrong, Sheet::new("Keys", main)))
}

fn escrows(visitor: &Visitor, keys: &KeysNow) -> Markup {
    let rows = keys.escrows.iter().enumerate().map(|(place, escrow)| {
        let state = match escrow.confirmed < keys.epoch {
            true => Tag::new("Older epoch").colour(TagColour::Red),
            false => Tag::new("Of this epoch").colour(TagColour::Green),
        };
        vec![
            Cell::new(escrow.name.as_str()),
            labelled("Confirmed", format!("Epoch {}", words::number(escrow.confirmed))),
            Cell::new(html! { (state) }),
            Cell::new(removal(visitor, escrow, place)),
        ]
    });
    html! {
        h2 class="govuk-heading-m" id="escrows" { "Escrow copies" }
        @if keys.escrows.is_empty() { p class="govuk-body" { "There are none." } }
        @else { (stacked(["Copy", "Confirmed", "State", "Take it off"], rows).caption("Escrow copies").caption_hidden(true)) }
        p class="govuk-body" {
            "A new one is registered at the machine, where its place is: "
            code { "bluelamp keys escrow 'the safe' /mnt/safe/epoch-copy.key" }
        }
    }
}

fn removal(visitor: &Visitor, escrow: &EscrowState, place: usize) -> Markup {
    let form = html! {
        form action={ (PATH) "/escrows/remove" } method="post" novalidate {
            (hidden(&visitor.token))
            input type="hidden" name="escrow" value=(escrow.name);
            (Input::new("ground", "Who destroyed it, and when?").id(format!("ground-{place}")))
            (Button::secondary("Take it off the register").prevent_double_click(true))
        }
    };
    html! { (Details::new("It was destroyed", form)) }
}

fn removed(keys: &KeysNow) -> Markup {
    let rows = keys.removed.iter().map(|escrow| {
        let removal = escrow.removed.as_ref();
        vec![
            Cell::new(escrow.name.as_str()),
            labelled("Confirmed", format!("Epoch {}", words::number(escrow.confirmed))),
            labelled("By", removal.map(|removal| format!("{}, {}", removal.by, removal.on))),
            labelled("Ground", removal.map(|removal| removal.ground.as_str())),
        ]
    });
    html! {
        @if !keys.removed.is_empty() {
            h2 class="govuk-heading-m" { "Taken off the register" }
            p class="govuk-body" { "Certificates of erasure name these: no turn can confirm that they are gone." }
            (stacked(["Copy", "Confirmed", "By", "Ground"], rows).caption("Taken off the register").caption_hidden(true))
        }
    }
}

async fn turn<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Typed(_): Typed,
) -> Result<Response, Turned> {
    let (banner, wrong) = match house.desk().turn_keys(&visitor.who, None).await {
        Ok(report) => (html! { (NotificationBanner::success(turned(&report))) }, None),
        Err(error) => (Markup::default(), Some(Wrong::of(error, &[])?)),
    };
    let sheet = sheet(&house, &visitor, &banner, wrong.as_ref()).await?;
    Ok(sheet.shown(&house, &visitor, Part::Administration))
}

fn turned(report: &TurnReport) -> String {
    let begun = format!(
        "Epoch {} began; {} wrapped anew.",
        words::number(report.epoch),
        words::count(report.buckets, "bucket")
    );
    match report.escrows_unconfirmed.as_slice() {
        [] => format!("{begun} Every registered escrow copy followed."),
        names => format!("{begun} Escrow copies that could not be reached: {}.", names.join(", ")),
    }
}

async fn remove<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    match house.desk().remove_escrow(&visitor.who, sent.text("escrow"), sent.text("ground")).await {
        Ok(()) => Ok(see(PATH)),
        Err(error) => {
            let wrong = Wrong::of(error, &[("ground", "escrows")])?;
            let sheet = sheet(&house, &visitor, &Markup::default(), Some(&wrong)).await?;
            Ok(sheet.shown(&house, &visitor, Part::Administration))
        }
    }
}
