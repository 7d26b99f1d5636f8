//! What a page says of a restriction.

use components::{InsetText, Markup, html};
use model::{Labels, Marking};
use vault::Plain;

/// The restriction of a record that somebody may read.
pub(super) fn banner(plain: &Plain) -> Markup {
    // Labels that do not read have kept the record from being opened at all.
    let labels = Labels::parse(&plain.row().labels).unwrap_or_default();
    let said = sentences(&labels);
    html! { @if !said.is_empty() { (InsetText::new(html! { @for sentence in said { (sentence) " " } }).classes("bluelamp-restricted")) } }
}

fn sentences(labels: &Labels) -> Vec<String> {
    let mut said = Vec::new();
    let groups = labels.groups.iter().cloned().collect::<Vec<_>>().join(", ");
    if labels.covert {
        said.push(format!(
            "Covert: only {groups} may know that this record exists. Do not tell others of it."
        ));
    } else if !labels.groups.is_empty() {
        said.push(format!("Restricted to {groups}."));
    }
    if labels.handling_conditions {
        said.push("Handling conditions apply: see them before you share any of it.".to_owned());
    }
    if labels.marking == Marking::OfficialSensitive {
        said.push("OFFICIAL-SENSITIVE.".to_owned());
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_covert_record_says_so_first() {
        let labels = Labels { groups: ["Op Heron".to_owned()].into(), covert: true, ..Labels::default() };
        assert!(sentences(&labels)[0].starts_with("Covert: only Op Heron may know"));
        assert!(sentences(&Labels::default()).is_empty());
    }
}
