//! One account, and what is done with it. The address has who they are in the log, never a name; the name that
//! the desk's use cases take comes with the form.

use super::once::Once;
use super::users::state;
use super::{Wrong, spoken};
use crate::house::House;
use crate::pages::sheet::{Part, Sheet, done, hidden};
use crate::pages::turned::Turned;
use crate::pages::typed::{Sent, Typed};
use crate::pages::visitor::Visitor;
use crate::pages::words;
use crate::problem::Problem;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use components::{
    BackLink, Button, Checkboxes, Choice, Input, InsetText, Legend, Markup, NotificationBanner, Row,
    SummaryList, WarningText, Width, html,
};
use desk::DeskError;
use desk::sign_in::SessionsOf;
use law::access::{Act, Matrix};
use model::ActorId;
use serde::Deserialize;
use uuid::Uuid;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/administration/users/{actor}", get(view::<S>))
        .route("/administration/users/{actor}/roles", post(change_roles::<S>))
        .route("/administration/users/{actor}/unit", post(put_in_unit::<S>))
        .route("/administration/users/{actor}/password", post(give_password::<S>))
        .route("/administration/users/{actor}/sittings", post(end_sittings::<S>))
        .route("/administration/users/{actor}/lock", post(lock::<S>))
        .route("/administration/users/{actor}/unlock", post(unlock::<S>))
}

/// The page of an account.
pub(super) fn path_of(actor: ActorId) -> String {
    format!("/administration/users/{actor}")
}

/// That somebody may look after accounts, where nothing is asked of the desk yet.
pub(super) fn check_may_manage<S: RecordStore>(house: &House<S>, visitor: &Visitor) -> Result<(), Problem> {
    match house.desk().may_do(&visitor.who, Act::ManageUsers) {
        true => Ok(()),
        false => Err(Problem::role(Act::ManageUsers.words())),
    }
}

/// The roles of the matrix, each with what it is for.
pub(super) fn role_choices(matrix: &Matrix) -> Vec<Choice> {
    let choice =
        |(role, what): (&String, &String)| Choice::new(role.as_str(), spoken(role)).hint(what.as_str());
    matrix.roles.iter().map(choice).collect()
}

/// What was done, as a word.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Done {
    done: String,
}

fn actor_of(text: &str) -> Result<ActorId, Problem> {
    Uuid::parse_str(text).map(ActorId).map_err(|_| Problem::not_found())
}

async fn view<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(actor): Path<String>,
    Query(Done { done }): Query<Done>,
) -> Result<Response, Turned> {
    let user = house.desk().account_signed_in(&visitor.who, actor_of(&actor)?).await?;
    let said = match done.as_str() {
        "roles" => Some("The roles are changed. They count from the next request on."),
        "unit" => Some("The unit is changed."),
        "sittings" => Some("They are signed out everywhere."),
        "locked" => Some("The account is locked: nothing proves it, and its sittings are ended."),
        "unlocked" => Some("The password works again. It is the same as before."),
        _ => None,
    };
    let banner = html! { @if let Some(said) = said { (NotificationBanner::success(said)) } };
    Ok(sheet(&house, &visitor, &user, &banner, None).shown(&house, &visitor, Part::Administration))
}

fn sheet<S: RecordStore>(
    house: &House<S>,
    visitor: &Visitor,
    user: &SessionsOf,
    banner: &Markup,
    wrong: Option<&Wrong>,
) -> Sheet {
    let account = &user.account;
    let is_own = account.actor == visitor.who.actor();
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            (Wrong::above(wrong))
            (banner)
            span class="govuk-caption-l" { "User" }
            h1 class="govuk-heading-l" { (account.name) }
            (facts(user))
            @if is_own {
                (InsetText::new("This is your own account. Another administrator changes its roles, password and locks; your own password you change under “Your account”."))
            } @else {
                (roles_form(house, visitor, user, wrong))
            }
            (unit_form(visitor, user, wrong))
            @if !is_own { (ways_in(visitor, user)) }
        } }
    };
    let sheet = Sheet::new(account.name.clone(), main);
    Wrong::on(wrong, sheet.before(BackLink::new("/administration/users").text("Users")))
}

fn facts(user: &SessionsOf) -> Markup {
    let account = &user.account;
    let roles: Vec<String> = account.roles.iter().map(|role| spoken(role)).collect();
    let password = match (account.has_password, user.locked_until) {
        (false, _) => "None".to_owned(),
        (true, None) => "Yes".to_owned(),
        (true, Some(until)) => format!("Locked after failures until {}", words::moment(until)),
    };
    let token = match (account.has_token(), account.expires) {
        (false, _) => "None".to_owned(),
        (true, None) => "Yes".to_owned(),
        (true, Some(end)) => format!("Until {}", words::moment(end)),
    };
    let sittings = match user.newest_use {
        None => "None is open".to_owned(),
        Some(at) => format!("{} open, last used {}", words::number(user.open), words::moment(at)),
    };
    html! {
        (SummaryList::new([
            Row::new("State", state(user)),
            Row::new("Roles", roles.join(", ")),
            Row::new("Unit", account.unit.as_deref().unwrap_or("Not known")),
            Row::new("Password", password),
            Row::new("Token", token),
            Row::new("Sittings", sittings),
            Row::new("In the log", html! { code { (account.actor) } }),
        ]))
    }
}

/// The beginning of a form about this account.
fn begins(visitor: &Visitor, user: &SessionsOf) -> Markup {
    html! {
        (hidden(&visitor.token))
        input type="hidden" name="account" value=(user.account.name);
    }
}

fn roles_form<S: RecordStore>(
    house: &House<S>,
    visitor: &Visitor,
    user: &SessionsOf,
    wrong: Option<&Wrong>,
) -> Markup {
    let held: Vec<String> = user.account.roles.iter().cloned().collect();
    let choices = Checkboxes::new("roles", Legend::new("Roles"), role_choices(&house.desk().matrix()));
    html! {
        h2 class="govuk-heading-m" { "Roles" }
        form action={ (path_of(user.account.actor)) "/roles" } method="post" novalidate {
            (begins(visitor, user))
            (choices.values(held).classes("govuk-checkboxes--small").error(Wrong::beside(wrong, "roles")))
            (Button::secondary("Change the roles").prevent_double_click(true))
        }
    }
}

fn unit_form(visitor: &Visitor, user: &SessionsOf, wrong: Option<&Wrong>) -> Markup {
    let unit = user.account.unit.as_deref().unwrap_or("");
    html! {
        h2 class="govuk-heading-m" { "Unit" }
        form action={ (path_of(user.account.actor)) "/unit" } method="post" novalidate {
            (begins(visitor, user))
            (Input::new("unit", "Unit").value(unit).width(Width::Twenty)
                .hint("As records name it. Empty for none").error(Wrong::beside(wrong, "unit")))
            (Button::secondary("Change the unit").prevent_double_click(true))
        }
    }
}

/// What proves them, and how that is given and taken away.
fn ways_in(visitor: &Visitor, user: &SessionsOf) -> Markup {
    let account = &user.account;
    let form = |what: &str, button: Button| {
        html! {
            form action={ (path_of(account.actor)) "/" (what) } method="post" {
                (begins(visitor, user))
                (button.prevent_double_click(true))
            }
        }
    };
    html! {
        h2 class="govuk-heading-m" { "Signing in" }
        @if account.locked || user.locked_until.is_some() {
            p class="govuk-body" {
                @if account.locked { "Unlocking gives a new token. Give a new password after that." }
                @else { "Failures have locked the password. Unlock it only once you know who tried." }
            }
            (form("unlock", Button::secondary("Unlock")))
        }
        @if !account.locked && !account.machine {
            p class="govuk-body" { "A new password is shown once, ends all sittings, and must be changed at the next sign-in." }
            (form("password", Button::secondary("Give a new password")))
        }
        @if user.open > 0 { (form("sittings", Button::secondary("Sign out everywhere"))) }
        @if !account.locked {
            (WarningText::new("Locking takes password, token and sittings away at once."))
            (form("lock", Button::warning("Lock the account")))
        }
    }
}

/// The page again, with what the desk says; refusals and faults end the request.
async fn refused<S: RecordStore>(
    house: &House<S>,
    visitor: &Visitor,
    actor: &str,
    error: DeskError,
) -> Result<Response, Turned> {
    let wrong = Wrong::of(error, &[("role", "roles"), ("unit", "unit")])?;
    let user = house.desk().account_signed_in(&visitor.who, actor_of(actor)?).await?;
    let page = sheet(house, visitor, &user, &Markup::default(), Some(&wrong));
    Ok(page.shown(house, visitor, Part::Administration))
}

/// On to the page of the account, or that page with what is wrong.
async fn ends<S: RecordStore, T>(
    house: &House<S>,
    visitor: &Visitor,
    actor: &str,
    (ended, said): (Result<T, DeskError>, &str),
) -> Result<Response, Turned> {
    match ended {
        Ok(_) => Ok(done(&path_of(actor_of(actor)?), said)),
        Err(error) => refused(house, visitor, actor, error).await,
    }
}

fn account_in(sent: &Sent) -> &str {
    sent.text("account")
}

async fn change_roles<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(actor): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let roles: Vec<&str> = sent.all("roles").collect();
    let ended = house.desk().change_roles(&visitor.who, account_in(&sent), &roles).await;
    ends(&house, &visitor, &actor, (ended, "roles")).await
}

async fn put_in_unit<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(actor): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let ended = house.desk().put_in_unit(&visitor.who, account_in(&sent), sent.text("unit")).await;
    ends(&house, &visitor, &actor, (ended, "unit")).await
}

async fn end_sittings<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(actor): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let ended = house.desk().end_sessions_of(&visitor.who, account_in(&sent)).await;
    ends(&house, &visitor, &actor, (ended, "sittings")).await
}

async fn lock<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(actor): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let ended = house.desk().lock_account(&visitor.who, account_in(&sent)).await;
    ends(&house, &visitor, &actor, (ended, "locked")).await
}

async fn give_password<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(actor): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    match house.desk().give_password(&visitor.who, account_in(&sent)).await {
        Ok(given) => {
            let once = Once {
                title: format!("{} has a new password", given.account.name),
                name: &given.account.name,
                actor: given.account.actor,
                password: Some(&given.password),
                token: None,
            };
            Ok(once.sheet().shown(&house, &visitor, Part::Administration))
        }
        Err(error) => refused(&house, &visitor, &actor, error).await,
    }
}

async fn unlock<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Path(actor): Path<String>,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let unlocked = match house.desk().unlock_account(&visitor.who, account_in(&sent)).await {
        Ok(unlocked) => unlocked,
        Err(error) => return refused(&house, &visitor, &actor, error).await,
    };
    let account = unlocked.account();
    let Some(token) = unlocked.token() else { return Ok(done(&path_of(account.actor), "unlocked")) };
    let once = Once {
        title: format!("{} is unlocked", account.name),
        name: &account.name,
        actor: account.actor,
        password: None,
        token: Some(token),
    };
    Ok(once.sheet().shown(&house, &visitor, Part::Administration))
}
