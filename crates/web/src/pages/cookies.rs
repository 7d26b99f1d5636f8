//! The cookies: who, and what for. Both are for this server alone, are never read by a script, and end
//! with the browser.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

/// Proves a sitting.
pub(crate) const SITTING: &str = "__Host-bluelamp";
/// Says what its bearer is working on.
pub(crate) const WORK: &str = "__Host-bluelamp-work";

/// `__Host-` cookies must say all of this (RFC 6265bis, section 4.1.3.2). Lax, so that a link in a message leads
/// somebody who has signed in to its page; what changes anything also needs the token of a form.
const ALWAYS: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";

/// The value of a cookie that a request carries.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(named, _)| *named == name)
        .map(|(_, value)| value.to_owned())
        .filter(|value| !value.is_empty())
}

/// Puts a cookie, of characters that need no quoting.
pub(crate) fn put(response: &mut Response, name: &str, value: &str) {
    add(response, &format!("{name}={value}; {ALWAYS}"));
}

/// Takes a cookie away.
pub(crate) fn take(response: &mut Response, name: &str) {
    add(response, &format!("{name}=; Max-Age=0; {ALWAYS}"));
}

fn add(response: &mut Response, line: &str) {
    if let Ok(line) = HeaderValue::from_str(line) {
        response.headers_mut().append(header::SET_COOKIE, line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_and_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("a=1; __Host-bluelamp-work=w; x__Host-bluelamp=no"),
        );
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-bluelamp=yes"));
        assert_eq!(cookie(&headers, SITTING).as_deref(), Some("yes"));
        assert_eq!(cookie(&headers, WORK).as_deref(), Some("w"));
        assert_eq!(cookie(&headers, "b"), None);
    }
}
