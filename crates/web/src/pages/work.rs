//! What somebody is working on: the purpose of all that they look at, and the task, case or incident in
//! hand (DPA 2018 s.36, s.62(2)(a)). Said once, shown on every page, changed with one click.

use crate::ask::LONGEST;
use crate::pages::cookies::{self, cookie};
use axum::http::HeaderMap;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use desk::Session;
use serde::{Deserialize, Serialize};

/// What somebody is working on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Work {
    /// What for, in words.
    #[serde(default)]
    pub purpose: String,
    /// The task, case or incident.
    #[serde(default)]
    pub task: String,
}

impl Work {
    /// What a request says; nothing where its cookie cannot be read.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let read = || {
            let octets = URL_SAFE_NO_PAD.decode(cookie(headers, cookies::WORK)?).ok()?;
            let work: Self = serde_json::from_slice(&octets).ok()?;
            Some(Self { purpose: tidy(&work.purpose)?, task: tidy(&work.task)? })
        };
        read().unwrap_or_default()
    }

    /// From what somebody typed.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(crate) fn typed(purpose: &str, task: &str) -> Result<Self, String> {
        let long = || format!("Use at most {LONGEST} characters, in one line");
        let work = Self { purpose: tidy(purpose).ok_or_else(long)?, task: tidy(task).ok_or_else(long)? };
        if work.is_empty() {
            return Err("Choose what you are doing, or give the task, case or incident".to_owned());
        }
        Ok(work)
    }

    /// Whether nothing is said.
    pub(crate) fn is_empty(&self) -> bool {
        self.purpose.is_empty() && self.task.is_empty()
    }

    /// In one line, for the top of a page.
    pub(crate) fn words(&self) -> String {
        match (self.task.as_str(), self.purpose.as_str()) {
            ("", purpose) => purpose.to_owned(),
            (task, "") => task.to_owned(),
            (task, purpose) => format!("{task}: {purpose}"),
        }
    }

    /// Somebody's session for it.
    pub(crate) fn session(&self, who: &Session) -> Session {
        let who = who.for_purpose(&self.purpose);
        if self.task.is_empty() { who } else { who.for_task(&self.task) }
    }

    /// Keeps it until the browser is closed or somebody signs out.
    pub(crate) fn keep(&self, response: &mut Response) {
        let text = serde_json::to_vec(self).unwrap_or_default();
        cookies::put(response, cookies::WORK, &URL_SAFE_NO_PAD.encode(text));
    }
}

/// The text without space around it; `None` where it is too long or has control characters.
fn tidy(text: &str) -> Option<String> {
    let text = text.trim();
    let usable = text.chars().count() <= LONGEST && !text.chars().any(char::is_control);
    usable.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header;
    use axum::response::IntoResponse;

    #[test]
    fn what_is_kept_is_read_again() {
        let work = Work::typed(" Burglary at 14 Albert Road; “café” ", "CR-0000012-K").unwrap();
        let mut response = ().into_response();
        work.keep(&mut response);
        let line = response.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, line.split(';').next().unwrap().parse().unwrap());
        assert_eq!(Work::of(&headers), work);
        assert_eq!(work.words(), "CR-0000012-K: Burglary at 14 Albert Road; “café”");
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        assert!(Work::typed(" ", "").is_err());
        assert!(Work::typed(&"x".repeat(LONGEST + 1), "").is_err());
        assert!(Work::typed("two\nlines", "").is_err());
    }
}
