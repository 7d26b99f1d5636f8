//! The answers of radios and checkboxes.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::classes::{classes, given};
use crate::field::Group;
use crate::{Content, Hint, Label};

/// One answer of [`crate::Radios`] or [`crate::Checkboxes`], or a word between two of them.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Choice {
    #[setters(skip)]
    value: String,
    #[setters(skip)]
    label: Label,
    #[setters(skip)]
    divider: String,
    /// Id of the control; made of the name and its place in the list where none is given.
    id: String,
    /// Name of this checkbox where it is not that of all.
    name: String,
    /// Help with this answer.
    hint: Content,
    /// Whether it is chosen, whatever the values of the whole are.
    #[setters(strip_option)]
    checked: Option<bool>,
    /// Whether it cannot be chosen.
    disabled: bool,
    /// What is asked only where this answer is chosen. Without scripts it is always seen.
    reveals: Markup,
    /// Whether choosing this checkbox clears the others, and the other way round: “None of these”.
    exclusive: bool,
}

impl Choice {
    /// An answer that reads `label` and is sent as `value`.
    pub fn new(value: impl Into<String>, label: impl Into<Label>) -> Self {
        Self { value: value.into(), label: label.into(), ..Self::default() }
    }

    /// A word between two answers, such as “or”.
    pub fn divider(word: impl Into<String>) -> Self {
        Self { divider: word.into(), ..Self::default() }
    }
}

/// What differs between radios and checkboxes.
pub(crate) struct Kind {
    /// Class of the block.
    pub(crate) block: &'static str,
    /// Type of the HTML element.
    pub(crate) input: &'static str,
}

/// The answers as controls, where `values` are chosen.
pub(crate) fn choices(kind: &Kind, group: &Group, choices: &[Choice], values: &[String]) -> Markup {
    html! {
        div class=(classes(&[kind.block, &group.classes])) data-module=(kind.block) {
            (group.before)
            @for (place, choice) in choices.iter().enumerate() {
                @if choice.divider.is_empty() {
                    (One::new(kind, group, choice, values, place))
                } @else {
                    div class=(format!("{}__divider", kind.block)) { (choice.divider) }
                }
            }
            (group.after)
        }
    }
}

/// One answer with all that its markup depends on.
struct One<'a> {
    kind: &'a Kind,
    group: &'a Group,
    choice: &'a Choice,
    id: String,
    checked: bool,
}

impl<'a> One<'a> {
    fn new(kind: &'a Kind, group: &'a Group, choice: &'a Choice, values: &[String], place: usize) -> Self {
        let id = match (choice.id.as_str(), place) {
            // The first has no number, so that the error summary can link to it.
            ("", 0) => group.prefix().to_owned(),
            ("", place) => format!("{}-{}", group.prefix(), place + 1),
            (id, _) => id.to_owned(),
        };
        let checked = choice.checked.unwrap_or_else(|| values.contains(&choice.value));
        Self { kind, group, choice, id, checked }
    }

    fn part(&self, name: &str) -> String {
        format!("{}__{name}", self.kind.block)
    }

    fn name(&self) -> &str {
        if self.choice.name.is_empty() { &self.group.name } else { &self.choice.name }
    }

    fn hint_id(&self) -> String {
        if self.choice.hint.is_nothing() { String::new() } else { format!("{}-item-hint", self.id) }
    }

    /// Radios are described by their fieldset; checkboxes that stand alone have none.
    fn described_by(&self) -> String {
        let alone = self.kind.input == "checkbox" && self.group.legend.is_nothing();
        let around = if alone { self.group.all_described_by().unwrap_or_default() } else { String::new() };
        classes(&[&around, &self.hint_id()])
    }

    fn revealed_id(&self) -> Option<String> {
        (!self.choice.reveals.0.is_empty()).then(|| format!("conditional-{}", self.id))
    }

    fn item(&self) -> Markup {
        html! {
            div class=(self.part("item")) {
                input class=(self.part("input"))
                    id=(self.id)
                    name=(self.name())
                    type=(self.kind.input)
                    value=(self.choice.value)
                    checked[self.checked]
                    disabled[self.choice.disabled]
                    data-aria-controls=[self.revealed_id()]
                    data-behaviour=[self.choice.exclusive.then_some("exclusive")]
                    aria-describedby=[given(&self.described_by())];
                (self.choice.label.clone().with_class(&self.part("label")).of(&self.id))
                @if !self.choice.hint.is_nothing() {
                    (Hint::new(self.choice.hint.clone()).id(self.hint_id()).classes(self.part("hint")))
                }
            }
        }
    }
}

impl Render for One<'_> {
    fn render(&self) -> Markup {
        let hidden = if self.checked { String::new() } else { self.part("conditional--hidden") };
        html! {
            (self.item())
            @if let Some(id) = self.revealed_id() {
                div class=(classes(&[&self.part("conditional"), &hidden])) id=(id) { (self.choice.reveals) }
            }
        }
    }
}
