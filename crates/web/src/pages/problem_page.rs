//! Problems as pages: whoever reads pages is told what is wrong, and what to do, in a page.

use crate::house::House;
use crate::pages::at::At;
use crate::pages::sheet::Sheet;
use crate::pages::something_is_wrong;
use crate::problem::{Problem, Sort};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use components::{Button, Content, Markup, html};
use vault::store::RecordStore;

/// Turns a problem into a page, on every path but those of the API.
pub(crate) async fn for_people<S: RecordStore>(
    State(house): State<House<S>>,
    request: Request,
    next: Next,
) -> Response {
    let is_api = ["/api/", "/healthz", "/readyz"].iter().any(|path| request.uri().path().starts_with(path));
    let at = At::of(request.extensions(), request.uri(), request.method());
    let mut response = next.run(request).await;
    match response.extensions_mut().remove::<Problem>() {
        Some(problem) if !is_api => page(&house, &at, &problem, &response),
        _ => response,
    }
}

fn page<S: RecordStore>(house: &House<S>, at: &At, problem: &Problem, answered: &Response) -> Response {
    let details = problem.details();
    let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let title = title(problem);
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            h1 class="govuk-heading-l" { (title) }
            p class="govuk-body" { (details.detail()) }
            (mend(problem))
            @if let Some(instance) = details.instance() {
                p class="govuk-body" { "Its name is " code { (instance) } "." }
                (Button::secondary("Say what happened").href(something_is_wrong::address(at, Some(instance))))
            }
            p class="govuk-body" { a class="govuk-link" href="/" { "Go to the home page" } }
        } }
    };
    let mut response = Sheet::new(title, main).status(status).for_anybody(house, at);
    if let Some(wait) = answered.headers().get(header::RETRY_AFTER) {
        response.headers_mut().insert(header::RETRY_AFTER, wait.clone());
    }
    response
}

fn title(problem: &Problem) -> &'static str {
    match problem.sort() {
        Sort::NotFound => "Page not found",
        Sort::Malformed | Sort::WrongMediaType => "The form could not be used",
        Sort::Fault => "Something went wrong here",
        sort => sort.title(),
    }
}

/// What to do, where what is said to programs does not help people.
fn mend(problem: &Problem) -> Markup {
    let words: Content = match problem.sort() {
        Sort::NotFound => "Check the reference. If it should be there, search for the record.".into(),
        Sort::Malformed | Sort::WrongMediaType => "Go back, open the page again, and send the form once more.".into(),
        Sort::NoPurpose => html! {
            a class="govuk-link" href="/working-on" { "Say what you are working on" } ", then open the page again."
        }
        .into(),
        Sort::Fault => "Tell whoever runs the system, with the name below. Look whether it was done before you do it again.".into(),
        Sort::ChangedMeanwhile => "Open the record again, look at what changed, then make your change.".into(),
        Sort::TooMany => "Wait a moment, then try again.".into(),
        Sort::WrongMethod => "Go to the home page, and from there to what you need.".into(),
        sort => sort.mend().into(),
    };
    html! { p class="govuk-body" { (words) } }
}
