//! The components against the design system's own examples: for each, its options are read into ours,
//! and our markup is compared with the published one as a tree.
//!
//! `LEFT_OUT` names each example that uses what we do not have, or where we differ, with the reason.
//! The test fails when that set changes, in either direction.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "fixtures/controls.rs"]
mod controls;
#[path = "fixtures/left_out.rs"]
mod left_out;
#[path = "fixtures/options.rs"]
mod options;
#[path = "fixtures/others.rs"]
mod others;
#[path = "fixtures/tree.rs"]
mod tree;

use std::collections::BTreeMap;
use std::path::PathBuf;

use components::Markup;
use serde_json::Value;

use left_out::LEFT_OUT;
use options::{Lacking, Options};
use tree::{Removed, tree};

type Adapter = fn(&mut Options) -> Result<Markup, Lacking>;

const COMPONENTS: &[(&str, Adapter)] = &[
    ("back-link", others::back_link),
    ("breadcrumbs", others::breadcrumbs),
    ("button", others::button),
    ("character-count", controls::character_count),
    ("checkboxes", controls::checkboxes),
    ("date-input", controls::date_input),
    ("details", others::details),
    ("error-message", controls::error_message),
    ("error-summary", others::error_summary),
    ("fieldset", controls::fieldset),
    ("file-upload", controls::file_upload),
    ("footer", others::footer),
    ("hint", controls::hint),
    ("input", controls::input),
    ("inset-text", others::inset_text),
    ("label", controls::label),
    ("notification-banner", others::notification_banner),
    ("pagination", others::pagination),
    ("panel", others::panel),
    ("password-input", controls::password_input),
    ("phase-banner", others::phase_banner),
    ("radios", controls::radios),
    ("select", controls::select),
    ("service-navigation", others::service_navigation),
    ("skip-link", others::skip_link),
    ("summary-list", others::summary_list),
    ("table", others::table),
    ("tabs", others::tabs),
    ("tag", others::tag),
    ("task-list", others::task_list),
    ("textarea", controls::textarea),
    ("warning-text", others::warning_text),
];

/// What the footer of a government service has and ours has not: crown, licence, Crown copyright.
const CROWN: &Removed = &[
    "govuk-footer__crown",
    "govuk-footer__licence-logo",
    "govuk-footer__licence-description",
    "govuk-footer__meta-item",
];

fn examples(component: &str) -> Vec<Value> {
    let folder =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../ui/node_modules/govuk-frontend/dist/govuk");
    let path = folder.join("components").join(component).join("fixtures.json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("{}: {error}. Fetch the design system: scripts/ui.sh", path.display())
    });
    let whole: Value = serde_json::from_str(&text).unwrap();
    whole["fixtures"].as_array().cloned().unwrap()
}

/// Nothing where our markup is the published one; else what is lacking or differs.
fn difference(component: &str, adapter: Adapter, example: &Value) -> Option<String> {
    let mut options = Options::new(&example["options"]);
    let adapted = adapter(&mut options).and_then(|markup| options.finish().map(|()| markup));
    let ours = match adapted {
        Ok(markup) => tree(&markup.into_string(), &[]),
        Err(lacking) => return Some(format!("lacks {lacking}")),
    };
    let removed = if component == "footer" { CROWN } else { &[] };
    let published = tree(example["html"].as_str().unwrap(), removed);
    (ours != published).then(|| format!("differs\n--- published\n{published}--- ours\n{ours}"))
}

#[test]
fn components_are_the_published_ones() {
    let reasons: BTreeMap<(&str, &str), &str> =
        LEFT_OUT.iter().map(|(component, example, reason)| ((*component, *example), *reason)).collect();
    assert_eq!(reasons.len(), LEFT_OUT.len(), "an example is named twice in LEFT_OUT");
    let mut unexpected = Vec::new();
    let (mut all, mut matched) = (0, 0);
    for (component, adapter) in COMPONENTS {
        for example in examples(component) {
            let name = example["name"].as_str().unwrap();
            let found = difference(component, *adapter, &example);
            all += 1;
            matched += usize::from(found.is_none());
            match (found, reasons.get(&(*component, name))) {
                (Some(difference), None) => unexpected.push(format!("{component}, “{name}”: {difference}")),
                (None, Some(_)) => {
                    unexpected.push(format!("{component}, “{name}”: matches, take it off LEFT_OUT"))
                }
                _ => {}
            }
        }
    }
    println!(
        "{matched} of {all} examples of {} components match; {} are left out",
        COMPONENTS.len(),
        LEFT_OUT.len()
    );
    assert!(unexpected.is_empty(), "{}", unexpected.join("\n"));
    assert_eq!(matched + LEFT_OUT.len(), all, "LEFT_OUT names an example that is not there");
}
