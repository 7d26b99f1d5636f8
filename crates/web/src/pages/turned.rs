//! A request that is not answered with its page: somebody must sign in or say something first, or
//! there is a problem, which is shown as a page too.

use crate::problem::Problem;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use desk::DeskError;

/// Why a request is not answered with its page.
#[derive(Debug)]
pub(crate) enum Turned {
    /// Somebody goes elsewhere first.
    To(String),
    /// A problem.
    Problem(Problem),
}

impl Turned {
    /// To another page, and from there on to `next`.
    pub(crate) fn to(page: &str, next: &str) -> Self {
        let query: String =
            form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        Self::To(if next == "/" { page.to_owned() } else { format!("{page}?{query}") })
    }
}

/// See this page next, by GET.
pub(crate) fn see(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let place = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, place);
    response
}

impl IntoResponse for Turned {
    fn into_response(self) -> Response {
        match self {
            Self::To(path) => see(&path),
            Self::Problem(problem) => problem.into_response(),
        }
    }
}

impl From<Problem> for Turned {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<DeskError> for Turned {
    fn from(error: DeskError) -> Self {
        Self::Problem(error.into())
    }
}
