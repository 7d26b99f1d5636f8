//! Following a record, and following it no more.

use crate::house::House;
use crate::pages::sheet::{done, hidden};
use crate::pages::turned::{Turned, see};
use crate::pages::typed::Typed;
use crate::pages::visitor::{Visitor, Working};
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::post;
use components::{Button, Markup, html};
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new().route("/records/{reference}/follow", post(follow::<S>))
}

/// The button on the page of a record.
pub(super) fn button(path: &str, visitor: &Visitor, is_followed: bool) -> Markup {
    let (what, says) = if is_followed { ("end", "Follow no more") } else { ("begin", "Follow") };
    html! {
        form class="bluelamp-actions__form" action={ (path) "/follow" } method="post" {
            (hidden(&visitor.token))
            input type="hidden" name="what" value=(what);
            (Button::secondary(says))
        }
    }
}

async fn follow<S: RecordStore>(
    State(house): State<House<S>>,
    Working { who, .. }: Working,
    Path(reference): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let record = house.desk().resolve(&who, &reference).await?;
    let path = format!("/records/{reference}");
    match sent.text("what") {
        "end" => house.desk().unfollow_record(&who, record).await?,
        _ => house.desk().follow_record(&who, record).await?,
    }
    Ok(match (sent.text("what"), sent.text("from")) {
        ("end", "home") => done("/", "unfollowed"),
        (_, "home") => see("/"),
        ("end", _) => done(&path, "unfollowed"),
        _ => done(&path, "followed"),
    })
}
