//! The accounts: listed, looked for, added.

use super::once::Once;
use super::person::{self, role_choices};
use super::{Sub, Wrong, beside, labelled, spoken, stacked};
use crate::house::House;
use crate::pages::sheet::{Part, Sheet, hidden};
use crate::pages::turned::Turned;
use crate::pages::typed::{Sent, Typed};
use crate::pages::visitor::Visitor;
use crate::pages::words;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use components::{
    BackLink, Button, Cell, Checkboxes, Input, Legend, Markup, PageStep, Pagination, Tag, TagColour, Width,
    html,
};
use desk::sign_in::{AccountsAsked, AccountsFound, SessionsOf};
use serde::Deserialize;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/administration/users", get(list::<S>))
        .route("/administration/users/find", post(find::<S>))
        .route("/administration/users/new", get(begin::<S>).post(add::<S>))
}

/// Accounts of one page.
const PAGE: usize = 50;

/// Which page of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Listed {
    page: usize,
}

async fn list<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Query(Listed { page }): Query<Listed>,
) -> Result<Response, Turned> {
    let page = page.clamp(1, 1_000_000);
    let asked = AccountsAsked { with: "", skip: (page - 1) * PAGE, most: PAGE };
    let found = house.desk().accounts_signed_in(&visitor.who, asked).await?;
    let to = |page: usize| format!("/administration/users?page={page}");
    let before = (page > 1).then(|| PageStep::new(to(page - 1)));
    let after = (page * PAGE < found.found).then(|| PageStep::new(to(page + 1)));
    let steps = html! {
        @if before.is_some() || after.is_some() {
            (Pagination::new([]).previous(before).next(after).label("Pages of users"))
        }
    };
    Ok(sheet(&house, &visitor, "", &found, &steps))
}

/// Who is looked for may be named by what is typed, so it does not stand in an address.
async fn find<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let asked = AccountsAsked { with: sent.text("with"), skip: 0, most: PAGE };
    let found = house.desk().accounts_signed_in(&visitor.who, asked).await?;
    let more = html! {
        @if found.found > PAGE {
            p class="govuk-body" { "There are more than are shown. Type more of the name." }
        }
    };
    Ok(sheet(&house, &visitor, sent.text("with"), &found, &more))
}

fn sheet<S: RecordStore>(
    house: &House<S>,
    visitor: &Visitor,
    with: &str,
    found: &AccountsFound,
    after: &Markup,
) -> Response {
    let head = ["Name", "Roles", "Unit", "State", "Password", "Open sittings"];
    let main = html! {
        (beside(house, visitor, Sub::Users))
        h1 class="govuk-heading-l" { "Users" }
        (Button::new("Add a person").href("/administration/users/new"))
        form class="bluelamp-inline" action="/administration/users/find" method="post" novalidate {
            (hidden(&visitor.token))
            (Input::new("with", "Name, unit or role").value(with).width(Width::Twenty).spellcheck(false))
            div class="govuk-form-group" { (Button::secondary("Find").classes("govuk-!-margin-bottom-0")) }
        }
        @if !with.trim().is_empty() {
            p class="govuk-body" {
                (words::count(found.found as u64, "user")) " with “" (with.trim()) "”. "
                a class="govuk-link" href="/administration/users" { "All users" }
            }
        }
        @if !found.shown.is_empty() {
            (stacked(head, found.shown.iter().map(row)).caption("Users").caption_hidden(true))
        }
        (after)
    };
    Sheet::new("Users", main).wide().shown(house, visitor, Part::Administration)
}

fn row(user: &SessionsOf) -> Vec<Cell> {
    let account = &user.account;
    let roles: Vec<String> = account.roles.iter().map(|role| spoken(role)).collect();
    vec![
        Cell::new(html! {
            a class="govuk-link govuk-!-font-weight-bold" href=(person::path_of(account.actor)) { (account.name) }
        }),
        labelled("Roles", roles.join(", ")),
        labelled("Unit", account.unit.as_deref()),
        Cell::new(state(user)),
        labelled("Password", if account.has_password { "Yes" } else { "None" }),
        labelled("Open sittings", words::number(user.open)),
    ]
}

/// Whether an account can be used, as tags.
pub(super) fn state(user: &SessionsOf) -> Markup {
    html! {
        @if user.account.locked { (Tag::new("Locked").colour(TagColour::Red)) }
        @else if user.locked_until.is_some() { (Tag::new("Password locked").colour(TagColour::Orange)) }
        @else { (Tag::new("Works").colour(TagColour::Green)) }
        @if user.account.machine { " " (Tag::new("Another system").colour(TagColour::Grey)) }
    }
}

/// What the form says.
#[derive(Debug, Default)]
struct Asked {
    name: String,
    roles: Vec<String>,
}

impl Asked {
    fn sent(sent: &Sent) -> Self {
        let roles = sent.all("roles").map(str::to_owned).collect();
        Self { name: sent.text("name").trim().to_owned(), roles }
    }
}

async fn begin<S: RecordStore>(State(house): State<House<S>>, visitor: Visitor) -> Result<Response, Turned> {
    person::check_may_manage(&house, &visitor)?;
    Ok(form(&house, &visitor, &Asked::default(), None))
}

fn form<S: RecordStore>(
    house: &House<S>,
    visitor: &Visitor,
    asked: &Asked,
    wrong: Option<&Wrong>,
) -> Response {
    let roles = Checkboxes::new("roles", Legend::new("Roles"), role_choices(&house.desk().matrix()))
        .values(asked.roles.clone())
        .hint("All that a person needs, and nothing more. The administrator’s role goes with none that shows records.")
        .error(Wrong::beside(wrong, "roles"))
        .classes("govuk-checkboxes--small");
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            (Wrong::above(wrong))
            h1 class="govuk-heading-l" { "Add a person" }
            form action="/administration/users/new" method="post" novalidate {
                (hidden(&visitor.token))
                (Input::new("name", "Name").value(asked.name.as_str()).width(Width::Thirty).spellcheck(false)
                    .autocomplete("off").hint("They sign in with it, and the log shows it. It stays with one person for good.")
                    .error(Wrong::beside(wrong, "name")))
                (roles)
                (Button::new("Add").prevent_double_click(true))
            }
            p class="govuk-body" {
                "For another system, not a person: " code { "bluelamp users add-machine" }
                ", or the API."
            }
        } }
    };
    let sheet = Sheet::new("Add a person", main).before(BackLink::new("/administration/users").text("Users"));
    Wrong::on(wrong, sheet).shown(house, visitor, Part::Administration)
}

async fn add<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
    Typed(sent): Typed,
) -> Result<Response, Turned> {
    let asked = Asked::sent(&sent);
    let roles: Vec<&str> = asked.roles.iter().map(String::as_str).collect();
    match house.desk().add_person(&visitor.who, &asked.name, &roles).await {
        Ok(new) => {
            let account = &new.made.account;
            let once = Once {
                title: format!("{} is added", account.name),
                name: &account.name,
                actor: account.actor,
                password: Some(&new.password),
                token: Some(&new.made.token),
            };
            Ok(once.sheet().shown(&house, &visitor, Part::Administration))
        }
        Err(error) => {
            let wrong = Wrong::of(error, &[("account name", "name"), ("role", "roles"), ("roles", "roles")])?;
            Ok(form(&house, &visitor, &asked, Some(&wrong)))
        }
    }
}
