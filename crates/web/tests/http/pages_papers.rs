//! Papers on the pages: printed by whoever may open a record, checked by anybody, recalled.

use crate::pages::{main_of, says, says_not};
use crate::support::{Answer, Force, Store, on_both_stores};
use axum::http::StatusCode;
use serde_json::json;
use web::Rate;

on_both_stores! {
    a_record_is_printed_checked_by_anybody_and_recalled
}

/// The code on a print view.
fn code_of(answer: &Answer) -> String {
    let rest =
        answer.text.split("bluelamp-paper__code\">").nth(1).unwrap_or_else(|| panic!("{}", main_of(answer)));
    rest.split('<').next().unwrap().to_owned()
}

/// The words of a section as somebody reads them off the paper.
fn words_of(answer: &Answer, number: usize) -> String {
    let section = answer.text.split(&format!("id=\"section-{number}\"")).nth(1).unwrap();
    let section = section.split_once('>').unwrap().1.split("</section>").next().unwrap();
    let mut words = String::new();
    for part in section.split('<') {
        let (tag, text) = part.split_once('>').unwrap_or(("", part));
        if !tag.contains("bluelamp-paper__check") {
            words.push_str(text);
            words.push(' ');
        }
    }
    words.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"")
}

async fn a_record_is_printed_checked_by_anybody_and_recalled(store: Store) {
    let force = Force::on(store).await;
    let reference = force.vehicle("AB12 CDE", json!({})).await;
    let path = format!("/records/{reference}");
    let mut officer = force.browser("officer").await;
    says(&officer.opens(&path).await, "Print");
    let paper = officer.sends(&path, &format!("{path}/print"), &[]).await.good();
    for words in
        ["Lampshire Police", "Print of a record", &reference, "AB12 CDE", "<svg class=\"bluelamp-paper__qr\""]
    {
        says(&paper, words);
    }
    says_not(&paper, "style=");
    let code = code_of(&paper);

    let mut nobody = force.nobody();
    let genuine = nobody.sends("/papers", "/papers", &[("code", &code.to_lowercase())]).await.good();
    says(&genuine, "Genuine");
    says(&genuine, "print of a record");
    says(&genuine, "Lampshire Police");
    for secret in [reference.as_str(), "AB12", "CDE", "officer"] {
        says_not(&genuine, secret);
    }
    let words = words_of(&paper, 2);
    let typed = [("code", code.as_str()), ("section", "2"), ("words", words.as_str())];
    says(&nobody.sends("/papers", "/papers", &typed).await, "what you brought is what was printed");
    let altered = words.replace("AB12", "AB13");
    let typed = [("code", code.as_str()), ("section", "2"), ("words", altered.as_str())];
    says(&nobody.sends("/papers", "/papers", &typed).await, "Altered");
    let unknown = nobody.sends("/papers", "/papers", &[("code", "0123-4567-89AB-CDE4")]).await;
    says(&unknown, "This force has made no paper with this code.");
    let wrong = nobody.sends("/papers", "/papers", &[("code", "0123-4567-89AB-CDE5")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

    let refused = officer.opens(&format!("{path}/papers")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let mut supervisor = force.browser("supervisor").await;
    says(&supervisor.opens(&format!("{path}/papers")).await, "Counts");
    let nothing =
        supervisor.sends("/papers/recall", "/papers/recall", &[("paper", &code), ("reason", "")]).await;
    says(&nothing, "Say why the paper counts no longer");
    let recall = [("paper", code.as_str()), ("reason", "left with Mr Example")];
    says(&supervisor.sends("/papers/recall", "/papers/recall", &recall).await, "The paper is recalled.");
    says(&supervisor.opens(&format!("{path}/papers")).await, "Recalled: left with Mr Example");
    let recalled = nobody.sends("/papers", "/papers", &[("code", &code)]).await;
    says(&recalled, "it counts no longer");
    says_not(&recalled, "Mr Example");

    let found = officer.sends("/search", "/search", &[("query", "ab12cde")]).await;
    let name = officer.at.clone();
    let answers = officer.sends_from(&found, &format!("{name}/print"), &[]).await.good();
    says(&answers, "Print of answers to a search");
    let checked = nobody.sends("/papers", "/papers", &[("code", &code_of(&answers))]).await;
    says(&checked, "Genuine");
    says_not(&checked, &reference);
}

#[tokio::test]
async fn whoever_guesses_codes_is_stopped() {
    let force = Force::with(|options| options.papers = Rate::new(1, 2)).await;
    let mut nobody = force.nobody();
    for _ in 0..2 {
        let unknown = nobody.sends("/papers", "/papers", &[("code", "0123-4567-89AB-CDE4")]).await;
        says(&unknown, "Unknown");
    }
    let stopped = nobody.sends("/papers", "/papers", &[("code", "0123-4567-89AB-CDE4")]).await;
    assert_eq!(stopped.status, StatusCode::TOO_MANY_REQUESTS);
}
