//! A browser without scripts: it keeps cookies, follows redirects and sends the forms of pages.

use super::{Answer, Call, Force};
use axum::http::StatusCode;
use std::collections::BTreeMap;

/// Somebody at the pages.
pub struct Browser<'a> {
    pub force: &'a Force,
    pub cookies: BTreeMap<String, String>,
    /// Where the last answer came from.
    pub at: String,
}

/// The password that tests give to whoever signs in.
pub const PASSWORD: &str = "three words of nobody";

impl Force {
    /// Somebody who has signed in and has said what for.
    pub async fn browser(&self, name: &str) -> Browser<'_> {
        let mut browser = self.signed_in(name).await;
        let form = [("purpose", "Investigating a crime"), ("task", "INC-17"), ("next", "/")];
        browser.sends("/working-on", "/working-on", &form).await.good();
        browser
    }

    /// Somebody who has signed in.
    pub async fn signed_in(&self, name: &str) -> Browser<'_> {
        let given = self.give_password(name).await;
        let mut browser = self.nobody();
        browser.sends("/sign-in", "/sign-in", &[("name", name), ("password", &given)]).await.good();
        let form = [("old", given.as_str()), ("new", PASSWORD), ("again", PASSWORD)];
        browser.sends("/password", "/password", &form).await.good();
        browser
    }

    /// A browser of nobody.
    pub fn nobody(&self) -> Browser<'_> {
        Browser { force: self, cookies: BTreeMap::new(), at: String::new() }
    }

    /// A first password, which its owner must change.
    pub async fn give_password(&self, name: &str) -> String {
        let administrator = self.deployment.desk.proved_by(self.token("first")).await.unwrap().unwrap();
        let given = self.deployment.desk.give_password(&administrator, name).await.unwrap();
        given.password.to_string()
    }
}

impl Browser<'_> {
    /// Opens a page, and goes where it leads.
    pub async fn opens(&mut self, path: &str) -> Answer {
        let mut answer = self.asks(Call::new("GET", path), path).await;
        for _ in 0..5 {
            if answer.status != StatusCode::SEE_OTHER {
                return answer;
            }
            let next = answer.header("location").to_owned();
            answer = self.asks(Call::new("GET", &next), &next).await;
        }
        panic!("{path} leads in circles");
    }

    /// Asks for a page and goes nowhere.
    pub async fn asks(&mut self, call: Call, path: &str) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let call = call.without("bluelamp-purpose").with("cookie", &cookies.join("; "));
        let answer = self.force.send(call).await;
        for line in answer.headers.get_all("set-cookie") {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            match line.contains("Max-Age=0") {
                true => drop(self.cookies.remove(name)),
                false => drop(self.cookies.insert(name.to_owned(), value.to_owned())),
            }
        }
        self.at = path.to_owned();
        answer
    }

    /// Sends the form of a page, with what it carries, and goes where that leads.
    pub async fn sends(&mut self, page: &str, path: &str, typed: &[(&str, &str)]) -> Answer {
        let shown = self.opens(page).await;
        self.sends_from(&shown, path, typed).await
    }

    /// Sends a form of a page that is open, with what it carries.
    pub async fn sends_from(&mut self, shown: &Answer, path: &str, typed: &[(&str, &str)]) -> Answer {
        let mut all: Vec<(String, String)> = carried(&shown.text);
        for (name, value) in typed {
            all.retain(|(held, _)| held != name);
            all.push(((*name).to_owned(), (*value).to_owned()));
        }
        let answer = self.posts(path, &all).await;
        match answer.status {
            StatusCode::SEE_OTHER => {
                let next = answer.header("location").to_owned();
                self.opens(&next).await
            }
            _ => answer,
        }
    }

    /// Sends texts as a form.
    pub async fn posts(&mut self, path: &str, texts: &[(String, String)]) -> Answer {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(texts);
        let mut call = Call::new("POST", path).with("content-type", "application/x-www-form-urlencoded");
        call.body = Some(body.finish());
        self.asks(call, path).await
    }
}

/// The hidden controls of a page; of several of a name the last, which is that of the main part.
fn carried(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for tag in text.split("<input type=\"hidden\"").skip(1) {
        let tag = tag.split('>').next().unwrap();
        let of = |name: &str| tag.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        let (name, value) =
            (of("name").unwrap().to_owned(), of("value").unwrap_or("").replace("&quot;", "\""));
        let value = value.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        found.retain(|(held, _)| *held != name);
        found.push((name, value));
    }
    found
}
