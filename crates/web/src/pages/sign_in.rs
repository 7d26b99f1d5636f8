//! Signing in and out, and one's own password and sittings.

use crate::house::House;
use crate::pages::at::At;
use crate::pages::cookies;
use crate::pages::sheet::{Part, Sheet, done, hidden};
use crate::pages::turned::{Turned, see};
use crate::pages::typed::{Typed, TypedByAnybody};
use crate::pages::visitor::{FormToken, Visitor, is_own_path, peer_of, secret_of};
use crate::pages::words;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header, request::Parts};
use axum::response::Response;
use axum::routing::{get, post};
use components::{
    Button, Cell, Content, ErrorLink, ErrorSummary, Input, InsetText, NotificationBanner, PasswordInput,
    Table, html,
};
use desk::sign_in::{ChangeRefused, OwnSession, SHORTEST_PASSWORD, SignInRefused, SignedIn};
use serde::Deserialize;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/sign-in", get(ask::<S>).post(sign_in::<S>))
        .route("/sign-out", post(sign_out::<S>))
        .route("/password", get(ask_password::<S>).post(change_password::<S>))
        .route("/account", get(account::<S>))
        .route("/account/sign-out-everywhere", post(sign_out_everywhere::<S>))
        .route("/account/end", post(end_one::<S>))
}

/// Where somebody goes on, and what was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Onward {
    /// A path of this server.
    pub next: String,
    /// What was done, as a word.
    pub done: String,
}

impl Onward {
    /// The path, or the home page where it is none of ours.
    pub(super) fn path(&self) -> &str {
        if is_own_path(&self.next) { &self.next } else { "/" }
    }
}

async fn ask<S: RecordStore>(State(house): State<House<S>>, Query(onward): Query<Onward>) -> Response {
    sign_in_page(&onward, "", None).for_anybody(&house, &At::said("/sign-in"))
}

fn sign_in_page(onward: &Onward, name: &str, error: Option<&str>) -> Sheet {
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            @if let Some(error) = error {
                (ErrorSummary::new([ErrorLink::new("#name", error)]))
            }
            @if onward.done == "signed-out" {
                (NotificationBanner::success("You have signed out."))
            }
            h1 class="govuk-heading-l" { "Sign in" }
            form action="/sign-in" method="post" novalidate {
                input type="hidden" name="next" value=(onward.path());
                (Input::new("name", "Name").value(name).error(error).autocomplete("username").autocapitalize("none").spellcheck(false))
                (PasswordInput::new("password", "Password"))
                (Button::new("Sign in").prevent_double_click(true))
            }
            p class="govuk-body" { "Everything that you look at is written into a log, with what you are working on." }
        } }
    };
    let sheet = Sheet::new("Sign in", main);
    if error.is_some() { sheet.with_errors() } else { sheet }
}

async fn sign_in<S: RecordStore>(
    State(house): State<House<S>>,
    parts: Parts,
    TypedByAnybody(sent): TypedByAnybody,
) -> Result<Response, Turned> {
    let onward = Onward { next: sent.text("next").to_owned(), done: String::new() };
    let device = device(&parts);
    match house.desk().sign_in_with_password(sent.text("name"), sent.text("password"), &device).await {
        Ok(signed_in) => {
            if let Some(before) = secret_of(&parts) {
                house.desk().end_session(&before).await?;
            }
            Ok(begun(&signed_in, onward.path()))
        }
        Err(SignInRefused::Fault(fault)) => Err(fault.into()),
        Err(refused) => {
            if matches!(refused, SignInRefused::NotProved) {
                house.limits().failure(peer_of(&parts))?;
            }
            Ok(sign_in_page(&onward, sent.text("name"), Some(&refused.to_string()))
                .for_anybody(&house, &At::said("/sign-in")))
        }
    }
}

/// A new secret at each sign-in, so that one that was planted before is of no use. What somebody else was
/// working on in this browser goes.
fn begun(signed_in: &SignedIn, next: &str) -> Response {
    let mut response = see(if signed_in.sitting.must_change_password { "/password" } else { next });
    cookies::put(&mut response, cookies::SITTING, signed_in.secret.expose());
    cookies::take(&mut response, cookies::WORK);
    response
}

/// What somebody sees of a sitting in their own list.
fn device(parts: &Parts) -> String {
    format!("{}, {}", browser(&parts.headers), peer_of(parts))
}

/// The family of a browser and of what it runs on, and nothing by which a machine is told from others.
pub(super) fn browser(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("");
    let named = |names: &[(&str, &'static str)], otherwise: &'static str| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map_or(otherwise, |(_, name)| *name)
    };
    let browsers = [("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ];
    format!("{} on {}", named(&browsers, "A browser"), named(&systems, "a device"))
}

fn ended(next: &str) -> Response {
    let mut response = see(next);
    cookies::take(&mut response, cookies::SITTING);
    cookies::take(&mut response, cookies::WORK);
    response
}

async fn sign_out<S: RecordStore>(
    State(house): State<House<S>>,
    parts: Parts,
    Typed(_): Typed,
) -> Result<Response, Turned> {
    if let Some(secret) = secret_of(&parts) {
        if let Some(who) = house.desk().session_of(&secret).await? {
            house.searches().forget(who.actor());
            house.tours().forget(who.actor());
        }
        house.desk().end_session(&secret).await?;
    }
    Ok(ended("/sign-in?done=signed-out"))
}

async fn sign_out_everywhere<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Typed(_): Typed,
) -> Result<Response, Turned> {
    house.searches().forget(visitor.who.actor());
    house.desk().end_own_sessions(&visitor.secret).await?;
    Ok(ended("/sign-in?done=signed-out"))
}

async fn end_one<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    house.desk().end_own_session(&visitor.secret, sent.text("sitting")).await?;
    Ok(done("/account", "ended"))
}

async fn account<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Query(onward): Query<Onward>,
) -> Result<Response, Turned> {
    let sittings = house.desk().own_sessions(&visitor.secret).await?;
    let roles: Vec<&str> = visitor.who.roles().iter().map(String::as_str).collect();
    let main = html! {
        @if onward.done == "ended" { (NotificationBanner::success("That sitting has ended.")) }
        @if onward.done == "password" { (NotificationBanner::success("Your password is changed. All your other sittings have ended.")) }
        h1 class="govuk-heading-l" { "Your account" }
        p class="govuk-body" { "You are signed in as " strong { (visitor.who.name()) } ", with the roles: " (roles.join(", ")) "." }
        p class="govuk-body" { a class="govuk-link" href="/password" { "Change your password" } }
        h2 class="govuk-heading-m" { "Where you are signed in" }
        (sittings_table(&visitor, &sittings))
        form action="/account/sign-out-everywhere" method="post" {
            (hidden(&visitor.token))
            (Button::warning("Sign out everywhere"))
        }
    };
    Ok(Sheet::new("Your account", main).shown(&house, &visitor, Part::Home))
}

fn sittings_table(visitor: &Visitor, sittings: &[OwnSession]) -> Table {
    let head = ["Device", "Signed in", "Last used", "Ends"].map(Cell::new).into_iter();
    let head = head.chain([Cell::new(html! { span class="govuk-visually-hidden" { "End it" } })]);
    let rows = sittings.iter().map(|own| {
        let facts = &own.facts;
        vec![
            Cell::new(facts.device.as_str()),
            Cell::new(words::moment(facts.began)),
            Cell::new(words::moment(facts.last_seen)),
            Cell::new(words::moment(facts.idle_end.min(facts.end))),
            Cell::new(end_button(visitor, own)),
        ]
    });
    Table::new(head, rows).caption("Your sittings").caption_hidden(true).classes("bluelamp-table--stacked")
}

fn end_button(visitor: &Visitor, own: &OwnSession) -> Content {
    if own.is_this {
        return "This one".into();
    }
    html! {
        form action="/account/end" method="post" {
            (hidden(&visitor.token))
            input type="hidden" name="sitting" value=(own.facts.name);
            (Button::secondary("End").classes("govuk-!-margin-bottom-0"))
        }
    }
    .into()
}

/// Whoever must change their password has no visitor's rights yet: only the secret is looked at.
async fn ask_password<S: RecordStore>(
    State(house): State<House<S>>,
    parts: Parts,
    Query(onward): Query<Onward>,
) -> Result<Response, Turned> {
    let secret = secret_of(&parts).unwrap_or_default();
    let Some(sitting) = house.desk().sitting_of(&secret).await? else { return Ok(see("/sign-in")) };
    let token = FormToken::of(&secret);
    Ok(password_page(&token, &onward, sitting.must_change_password, &[])
        .for_anybody(&house, &At::said("/password")))
}

fn password_page(token: &FormToken, onward: &Onward, must: bool, errors: &[(&str, String)]) -> Sheet {
    let error = |name: &str| errors.iter().find(|(named, _)| *named == name).map(|(_, words)| words.as_str());
    let links = errors.iter().map(|(name, words)| ErrorLink::new(format!("#{name}"), words.as_str()));
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            @if !errors.is_empty() { (ErrorSummary::new(links)) }
            h1 class="govuk-heading-l" { "Choose a new password" }
            @if must { (InsetText::new("The password that you were given is for signing in once. Choose one that only you know.")) }
            form action="/password" method="post" novalidate {
                (hidden(token))
                input type="hidden" name="next" value=(onward.path());
                (PasswordInput::new("old", "Password now").error(error("old")))
                (PasswordInput::new("new", "New password").error(error("new")).autocomplete("new-password")
                    .hint(format!("At least {SHORTEST_PASSWORD} characters. Three words that do not belong together are good.")))
                (PasswordInput::new("again", "New password once more").error(error("again")).autocomplete("new-password"))
                (Button::new("Change the password").prevent_double_click(true))
            }
        } }
    };
    let sheet = Sheet::new("Choose a new password", main);
    if errors.is_empty() { sheet } else { sheet.with_errors() }
}

async fn change_password<S: RecordStore>(
    State(house): State<House<S>>,
    parts: Parts,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let secret = secret_of(&parts).unwrap_or_default();
    let onward = Onward { next: sent.text("next").to_owned(), done: String::new() };
    let changed = match sent.text("new") == sent.text("again") {
        true => house.desk().change_password(&secret, sent.text("old"), sent.text("new")).await,
        false => {
            return refused_password(
                &house,
                &secret,
                &onward,
                "again",
                "The two new passwords differ".to_owned(),
            )
            .await;
        }
    };
    match changed {
        Ok(signed_in) => {
            let mut response =
                see(if onward.path() == "/" { "/account?done=password" } else { onward.path() });
            cookies::put(&mut response, cookies::SITTING, signed_in.secret.expose());
            Ok(response)
        }
        Err(ChangeRefused::Fault(fault)) => Err(fault.into()),
        Err(ChangeRefused::SignedOut) => Ok(see("/sign-in")),
        Err(refused @ (ChangeRefused::Old | ChangeRefused::Busy)) => {
            refused_password(&house, &secret, &onward, "old", refused.to_string()).await
        }
        Err(refused) => refused_password(&house, &secret, &onward, "new", refused.to_string()).await,
    }
}

async fn refused_password<S: RecordStore>(
    house: &House<S>,
    secret: &str,
    onward: &Onward,
    control: &str,
    words: String,
) -> Result<Response, Turned> {
    let Some(sitting) = house.desk().sitting_of(secret).await? else { return Ok(see("/sign-in")) };
    let must = sitting.must_change_password;
    Ok(password_page(&FormToken::of(secret), onward, must, &[(control, words)])
        .for_anybody(house, &At::said("/password")))
}
