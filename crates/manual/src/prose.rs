//! Markdown as HTML in the classes of the design system. Markup that stands in the text is shown as text.

use crate::Page;
use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Where a link of the manual leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Link {
    /// To a page of the manual, and there to a heading where one is named.
    Page {
        /// Its name.
        name: String,
        /// The heading's name; empty where none is.
        heading: String,
    },
    /// To a page of the product.
    Product(String),
    /// To somewhere else.
    Outside(String),
}

impl Link {
    fn read(to: &str) -> Self {
        let (path, heading) = to.split_once('#').unwrap_or((to, ""));
        match path.strip_suffix(".md") {
            Some(name) if !name.contains('/') => {
                Self::Page { name: name.to_owned(), heading: heading.to_owned() }
            }
            _ if to.starts_with('/') && !to.starts_with("//") => Self::Product(to.to_owned()),
            _ => Self::Outside(to.to_owned()),
        }
    }

    fn href(&self) -> String {
        match self {
            Self::Page { name, heading } if heading.is_empty() => format!("/help/manual/{name}"),
            Self::Page { name, heading } => format!("/help/manual/{name}#{heading}"),
            Self::Product(path) => path.clone(),
            // Nothing of the manual leads out of the system; a test holds it to that.
            Self::Outside(_) => "/help".to_owned(),
        }
    }
}

fn events(page: &Page) -> Parser<'static> {
    Parser::new_ext(page.text, Options::ENABLE_TABLES)
}

/// The links of a page.
pub fn links(page: &Page) -> Vec<Link> {
    let to = |event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(Link::read(&dest_url)),
        _ => None,
    };
    events(page).filter_map(to).collect()
}

/// A command line that a page names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named(pub String);

/// The command lines of this program that a page names, in a line or in a block.
pub fn named(page: &Page) -> Vec<Named> {
    let mut in_block = false;
    let mut found = Vec::new();
    for event in events(page) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_block = true,
            Event::End(TagEnd::CodeBlock) => in_block = false,
            Event::Code(text) => found.extend(command(&text)),
            Event::Text(text) if in_block => found.extend(text.lines().filter_map(command)),
            _ => {}
        }
    }
    found
}

fn command(line: &str) -> Option<Named> {
    let begins = line.split_whitespace().next().is_some_and(|word| word == "bluelamp");
    begins.then(|| Named(line.trim().to_owned()))
}

/// The name of a heading in addresses: `What the law says` is `what-the-law-says`.
fn heading_name(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' };
    text.chars().map(plain).collect::<String>().split_whitespace().collect::<Vec<_>>().join("-")
}

impl Page {
    /// What it says, as HTML, without its title.
    pub fn html(&self) -> Markup {
        let events: Vec<Event<'_>> = events(self).collect();
        let mut said = String::with_capacity(self.text.len() * 2);
        let mut in_head = false;
        for (at, event) in events.iter().enumerate() {
            match event {
                Event::Start(Tag::TableHead) => in_head = true,
                Event::End(TagEnd::TableHead) => in_head = false,
                _ => {}
            }
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    said.push_str(&heading(*level, &events[at + 1..]))
                }
                event => said.push_str(&part(event, in_head)),
            }
        }
        PreEscaped(said)
    }
}

/// The text within an element whose start was passed.
fn text_within(events: &[Event<'_>]) -> String {
    let within = events.iter().take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))));
    let text = |event: &Event<'_>| match event {
        Event::Text(text) | Event::Code(text) => text.to_string(),
        _ => String::new(),
    };
    within.map(text).collect()
}

fn heading(level: HeadingLevel, after: &[Event<'_>]) -> String {
    let class = if level <= HeadingLevel::H2 { "govuk-heading-m" } else { "govuk-heading-s" };
    format!("<{level} class=\"{class}\" id=\"{}\">", heading_name(&text_within(after)))
}

fn part(event: &Event<'_>, in_head: bool) -> String {
    match event {
        Event::Start(tag) => start(tag, in_head),
        Event::End(tag) => end(*tag, in_head).to_owned(),
        Event::Code(text) => html! { code { (text.as_ref()) } }.into_string(),
        Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
            html! { (text.as_ref()) }.into_string()
        }
        Event::SoftBreak => "\n".to_owned(),
        Event::HardBreak => "<br>".to_owned(),
        Event::Rule => "<hr class=\"govuk-section-break govuk-section-break--m\">".to_owned(),
        _ => String::new(),
    }
}

fn start(tag: &Tag<'_>, in_head: bool) -> String {
    let fixed = match tag {
        Tag::Paragraph | Tag::HtmlBlock => "<p class=\"govuk-body\">",
        Tag::BlockQuote(_) => "<div class=\"govuk-inset-text\">",
        Tag::CodeBlock(_) => "<pre class=\"bluelamp-text bluelamp-source\" tabindex=\"0\">",
        Tag::List(None) => "<ul class=\"govuk-list govuk-list--bullet govuk-list--spaced\">",
        Tag::List(Some(_)) => "<ol class=\"govuk-list govuk-list--number govuk-list--spaced\">",
        Tag::Item => "<li>",
        Tag::Emphasis => "<em>",
        Tag::Strong => "<strong>",
        Tag::Table(_) => "<table class=\"govuk-table\">",
        Tag::TableHead => "<thead class=\"govuk-table__head\"><tr class=\"govuk-table__row\">",
        Tag::TableRow => "<tr class=\"govuk-table__row\">",
        Tag::TableCell if in_head => "<th scope=\"col\" class=\"govuk-table__header\">",
        Tag::TableCell => "<td class=\"govuk-table__cell\">",
        Tag::Link { dest_url, .. } => {
            let href = Link::read(dest_url).href();
            // The end of the element is written by `end`.
            return html! { a class="govuk-link" href=(href) {} }.into_string().replace("</a>", "");
        }
        _ => "",
    };
    fixed.to_owned()
}

fn end(tag: TagEnd, in_head: bool) -> &'static str {
    match tag {
        TagEnd::Paragraph | TagEnd::HtmlBlock => "</p>",
        TagEnd::Heading(level) if level <= HeadingLevel::H2 => "</h2>",
        TagEnd::Heading(_) => "</h3>",
        TagEnd::BlockQuote(_) => "</div>",
        TagEnd::CodeBlock => "</pre>",
        TagEnd::List(false) => "</ul>",
        TagEnd::List(true) => "</ol>",
        TagEnd::Item => "</li>",
        TagEnd::Emphasis => "</em>",
        TagEnd::Strong => "</strong>",
        TagEnd::Table => "</tbody></table>",
        TagEnd::TableHead => "</tr></thead><tbody class=\"govuk-table__body\">",
        TagEnd::TableRow => "</tr>",
        TagEnd::TableCell if in_head => "</th>",
        TagEnd::TableCell => "</td>",
        TagEnd::Link => "</a>",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &'static str) -> Page {
        Page { name: "x", title: "X", audiences: vec!["Everybody"], explains: Vec::new(), text }
    }

    #[test]
    fn prose_has_the_classes_of_the_design_system() {
        let shown = page("Do *this* at [home](/).\n\n## What the law says\n\n1. One\n2. `Two`\n")
            .html()
            .into_string();
        assert!(
            shown.contains(
                "<p class=\"govuk-body\">Do <em>this</em> at <a class=\"govuk-link\" href=\"/\">home</a>.</p>"
            ),
            "{shown}"
        );
        assert!(
            shown.contains("<h2 class=\"govuk-heading-m\" id=\"what-the-law-says\">What the law says</h2>"),
            "{shown}"
        );
        assert!(shown.contains("<li>One</li><li><code>Two</code></li></ol>"), "{shown}");
    }

    #[test]
    fn markup_is_shown_as_text() {
        let shown = page("A <b>bold</b> [x](javascript:alert(1))\n\n<script>alert(1)</script>\n")
            .html()
            .into_string();
        assert!(
            !shown.contains("<b>") && !shown.contains("<script") && !shown.contains("javascript"),
            "{shown}"
        );
        assert!(shown.contains("&lt;script&gt;"), "{shown}");
    }

    #[test]
    fn a_table_is_whole() {
        let shown = page("| A | B |\n|---|---|\n| 1 | 2 |\n").html().into_string();
        for part in [
            "<th scope=\"col\" class=\"govuk-table__header\">A</th>",
            "<td class=\"govuk-table__cell\">2</td></tr></tbody></table>",
        ] {
            assert!(shown.contains(part), "{part} is not in {shown}");
        }
    }

    #[test]
    fn links_and_commands_are_found() {
        let page = page(
            "[a](b.md#c) [d](/e) [f](https://g)\n\n`bluelamp doctor`\n\n```\nbluelamp keys turn\nls\n```\n",
        );
        let b = Link::Page { name: "b".to_owned(), heading: "c".to_owned() };
        assert_eq!(links(&page), [b, Link::Product("/e".to_owned()), Link::Outside("https://g".to_owned())]);
        let commands: Vec<String> = named(&page).into_iter().map(|named| named.0).collect();
        assert_eq!(commands, ["bluelamp doctor", "bluelamp keys turn"]);
    }
}
