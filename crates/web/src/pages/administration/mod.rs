//! Administration: accounts, who may do what, grants, reference data, keys and health. It shows no record. Each
//! page is for whoever may do its act; what is decided by two persons, both may see.

mod access;
mod grants;
mod health;
mod keys;
mod lists;
mod local;
mod matrices;
mod once;
mod person;
mod trouble;
mod users;
mod wrong;

pub(super) use wrong::{Wrong, labelled, stacked};

use crate::house::House;
use crate::pages::sheet::{Part, Sheet};
use crate::pages::turned::Turned;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use components::{Markup, NavLink, SubNavigation, html};
use law::access::Act;
use vault::store::RecordStore;

pub(super) fn routes<S: RecordStore>() -> Router<House<S>> {
    Router::new()
        .route("/administration", get(overview::<S>))
        .merge(users::routes())
        .merge(person::routes())
        .merge(access::routes())
        .merge(grants::routes())
        .merge(matrices::routes())
        .merge(lists::routes())
        .merge(local::routes())
        .merge(keys::routes())
        .merge(health::routes())
        .merge(trouble::routes())
}

/// A page of administration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sub {
    Users,
    Access,
    Grants,
    Matrices,
    Lists,
    Local,
    Keys,
    Health,
    Trouble,
}

impl Sub {
    const ALL: [Self; 9] = [
        Self::Users,
        Self::Access,
        Self::Grants,
        Self::Matrices,
        Self::Lists,
        Self::Local,
        Self::Keys,
        Self::Health,
        Self::Trouble,
    ];

    fn path(self) -> &'static str {
        match self {
            Self::Users => "/administration/users",
            Self::Access => "/administration/access",
            Self::Grants => "/administration/grants",
            Self::Matrices => "/administration/matrices",
            Self::Lists => "/administration/lists",
            Self::Local => "/administration/local-fields",
            Self::Keys => "/administration/keys",
            Self::Health => "/administration/health",
            Self::Trouble => "/administration/trouble",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Users => "Users",
            Self::Access => "Who may do what",
            Self::Grants => "Groups",
            Self::Matrices => "Changes of the rules",
            Self::Lists => "Code lists",
            Self::Local => "Own fields",
            Self::Keys => "Keys",
            Self::Health => "Health",
            Self::Trouble => "What is wrong",
        }
    }

    fn about(self) -> &'static str {
        match self {
            Self::Users => "Who works here, with which roles; their passwords, locks and sittings.",
            Self::Access => "The access matrix that decides now, in words.",
            Self::Grants => "Who belongs to a restriction group, and until when. Two persons decide it.",
            Self::Matrices => "Proposed access matrices, and who approved them. Two persons decide them.",
            Self::Lists => {
                "The codes that people choose from, where each list is from and how sure it is; and the identifiers that are checked."
            }
            Self::Local => "Fields and code lists that this force adds for itself. Two persons decide them.",
            Self::Keys => "The epoch of the keys, and the escrow copies of its key.",
            Self::Health => "Each part of the system looked at, what is wrong, and what to do.",
            Self::Trouble => "What people say is wrong with the system: counted, and answered.",
        }
    }

    /// Any of these acts opens it; where there is none it is open to whoever works here.
    fn acts(self) -> &'static [Act] {
        match self {
            Self::Users => &[Act::ManageUsers],
            Self::Grants => &[Act::ProposeGrant, Act::ApproveGrant],
            Self::Matrices => &[Act::ProposeMatrix, Act::ApproveMatrix],
            Self::Local => &[Act::ProposeLocalField, Act::ApproveLocalField],
            Self::Keys | Self::Health | Self::Trouble => &[Act::Maintain],
            Self::Access | Self::Lists => &[],
        }
    }

    fn is_for<S: RecordStore>(self, house: &House<S>, visitor: &Visitor) -> bool {
        let acts = self.acts();
        acts.is_empty() || acts.iter().any(|act| house.desk().may_do(&visitor.who, *act))
    }
}

/// Whether administration has more for somebody than what all who work here may read.
pub(super) fn is_for<S: RecordStore>(house: &House<S>, visitor: &Visitor) -> bool {
    Sub::ALL.into_iter().any(|sub| !sub.acts().is_empty() && sub.is_for(house, visitor))
}

async fn overview<S: RecordStore>(
    State(house): State<House<S>>,
    visitor: Visitor,
) -> Result<Response, Turned> {
    if !is_for(&house, &visitor) {
        return Err(Problem::role("look after accounts, access, keys or health").into());
    }
    let subs = Sub::ALL.into_iter().filter(|sub| sub.is_for(&house, &visitor));
    let main = html! {
        h1 class="govuk-heading-l" { "Administration" }
        p class="govuk-body" { "No record is shown here. All that is done here is in the log." }
        ul class="govuk-list govuk-list--spaced" {
            @for sub in subs {
                li {
                    a class="govuk-link govuk-!-font-weight-bold" href=(sub.path()) { (sub.name()) }
                    br;
                    (sub.about())
                }
            }
        }
    };
    Ok(Sheet::new("Administration", main).shown(&house, &visitor, Part::Administration))
}

/// The pages beside this one that somebody may open.
fn beside<S: RecordStore>(house: &House<S>, visitor: &Visitor, at: Sub) -> Markup {
    let subs = Sub::ALL.into_iter().filter(|sub| sub.is_for(house, visitor));
    let links = subs.map(|sub| NavLink::new(sub.path(), sub.name()).current(sub == at));
    html! { (SubNavigation::new("Administration", links)) }
}

/// A role as it is said: “records reviewer”.
fn spoken(role: &str) -> String {
    role.replace('-', " ")
}
