//! Secrets that are shown once, in the answer to the form that made them: no address leads to them, and no
//! browser keeps them.

use crate::pages::sheet::Sheet;
use components::{Button, InsetText, Row, SummaryList, WarningText, html};
use model::ActorId;

/// What was made for an account.
pub(super) struct Once<'a> {
    /// What was done.
    pub title: String,
    /// The account.
    pub name: &'a str,
    /// Who it is in the log.
    pub actor: ActorId,
    /// The password, where there is one.
    pub password: Option<&'a str>,
    /// The token, where there is one.
    pub token: Option<&'a str>,
}

impl Once<'_> {
    /// The page that shows it.
    pub(super) fn sheet(&self) -> Sheet {
        let row = |key: &'static str, value: &str| {
            Row::new(key, html! { code class="bluelamp-secret" { (value) } })
        };
        let rows = std::iter::once(Row::new("Name", self.name))
            .chain(self.password.map(|password| row("Password", password)))
            .chain(self.token.map(|token| row("Token", token)));
        let main = html! {
            div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
                h1 class="govuk-heading-l" { (self.title) }
                (WarningText::new("This is shown only now. Whoever loses it needs a new one."))
                (SummaryList::new(rows))
                @if self.password.is_some() {
                    (InsetText::new("The password is for the pages. It must be changed at the first sign-in. Give it to its owner in person or by telephone."))
                }
                @if self.token.is_some() {
                    (InsetText::new("The token is for the command line and the API. Who works with the pages alone does not need it."))
                }
                (Button::new("Go on to the account").href(super::person::path_of(self.actor)))
            } }
        };
        Sheet::new(self.title.clone(), main)
    }
}
