//! What a browser takes from a page: the texts of a form, and the files that the page needs.

use crate::Fault;
use scraper::{ElementRef, Html, Selector};

fn selector(text: &str) -> Result<Selector, Fault> {
    Selector::parse(text).map_err(|error| format!("{text}: {error}").into())
}

fn attribute(element: ElementRef<'_>, name: &str) -> String {
    element.attr(name).unwrap_or_default().to_owned()
}

/// The texts of the form that is sent to `action`, as they stand in the page, without its buttons.
///
/// # Errors
/// Where the page has no such form.
pub fn form(page: &str, action: &str) -> Result<Vec<(String, String)>, Fault> {
    let page = Html::parse_document(page);
    let forms = selector("form")?;
    let form = page.select(&forms).find(|form| attribute(*form, "action") == action);
    let form = form.ok_or_else(|| format!("the page has no form that is sent to {action}"))?;
    let controls = selector("input, select, textarea")?;
    let options = selector("option")?;
    let texts = form.select(&controls).filter_map(|control| {
        let value = value_of(control, &options)?;
        Some((attribute(control, "name"), value))
    });
    Ok(texts.filter(|(name, _)| !name.is_empty()).collect())
}

fn value_of(control: ElementRef<'_>, options: &Selector) -> Option<String> {
    match (control.value().name(), attribute(control, "type").as_str()) {
        ("input", "radio" | "checkbox") => control.attr("checked").map(|_| attribute(control, "value")),
        ("input", "file") => None,
        ("textarea", _) => Some(control.text().collect()),
        ("select", _) => {
            let all: Vec<ElementRef<'_>> = control.select(options).collect();
            let chosen = all.iter().find(|option| option.attr("selected").is_some());
            chosen.or(all.first()).map(|option| attribute(*option, "value"))
        }
        _ => Some(attribute(control, "value")),
    }
}

/// The styles and scripts that a page names.
///
/// # Errors
/// Never for the selectors that stand here.
pub fn files(page: &str) -> Result<Vec<String>, Fault> {
    let page = Html::parse_document(page);
    let (styles, scripts) = (selector("link[rel=stylesheet]")?, selector("script[src]")?);
    let styles = page.select(&styles).map(|style| attribute(style, "href"));
    let scripts = page.select(&scripts).map(|script| attribute(script, "src"));
    Ok(styles.chain(scripts).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_sent_as_it_stands() {
        let page = r#"<form action="/other"><input name="x" value="1"></form><form action="/edit">
            <input type="hidden" name="token" value="t&amp;1"><textarea name="note">as told</textarea>
            <input type="radio" name="way" value="in"><input type="radio" name="way" value="out" checked>
            <select name="kind"><option value="">Choose</option><option value="b" selected>B</option></select>
            <button name="do" value="save">Save</button></form>"#;
        let expected = [("token", "t&1"), ("note", "as told"), ("way", "out"), ("kind", "b")];
        let sent = form(page, "/edit").unwrap();
        let sent: Vec<(&str, &str)> =
            sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(sent, expected);
        assert!(form(page, "/elsewhere").is_err());
    }

    #[test]
    fn a_page_names_its_files() {
        let page = r#"<head><link rel="icon" href="/i"><link rel="stylesheet" href="/a.css"><script src="/b.js"></script>"#;
        assert_eq!(files(page).unwrap(), ["/a.css", "/b.js"]);
    }
}
