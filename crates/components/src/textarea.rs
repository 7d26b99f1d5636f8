//! Several lines of text, with or without a limit that is shown.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::classes::{classes, given, when};
use crate::field::{Field, Module};
use crate::{Hint, Label};

/// How many lines are shown where nothing else is said.
const ROWS: u16 = 5;

/// Several lines of text.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Textarea {
    #[setters(skip)]
    pub(crate) field: Field,
    /// What stands in it.
    value: String,
    /// How many lines are shown; 5 where none is given.
    #[setters(into = false, strip_option)]
    rows: Option<u16>,
    /// Whether a browser checks spelling.
    #[setters(strip_option)]
    spellcheck: Option<bool>,
    /// What a browser may fill in, as HTML names it.
    autocomplete: String,
    #[setters(skip)]
    module: Module,
    #[setters(skip)]
    group_class: &'static str,
}

impl Textarea {
    /// A text that the form sends as `name`.
    pub fn new(name: impl Into<String>, label: impl Into<Label>) -> Self {
        Self { field: Field::new(name, label), ..Self::default() }
    }

    fn control(&self) -> Markup {
        let error = when(self.field.has_error(), "govuk-textarea--error");
        html! {
            (self.field.before)
            textarea class=(classes(&["govuk-textarea", error, &self.field.classes]))
                id=(self.field.own_id())
                name=(self.field.name)
                rows=(self.rows.unwrap_or(ROWS))
                spellcheck=[self.spellcheck.map(|checked| checked.to_string())]
                disabled[self.field.disabled]
                aria-describedby=[self.field.all_described_by()]
                autocomplete=[given(&self.autocomplete)] {
                // HTML drops the first line break of a textarea; the one more keeps the text's own.
                @if self.value.starts_with('\n') { "\n" }
                (self.value)
            }
            (self.field.after)
        }
    }
}

impl Render for Textarea {
    fn render(&self) -> Markup {
        self.field.group(self.group_class, &self.module, &self.control())
    }
}

/// How long a text may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// At most so many characters, as people see them.
    Characters(u32),
    /// At most so many words.
    Words(u32),
    /// At most so many units of UTF-16, as HTML counts the length of a value.
    Length(u32),
}

impl Limit {
    fn most(self) -> u32 {
        match self {
            Limit::Characters(most) | Limit::Words(most) | Limit::Length(most) => most,
        }
    }

    fn counts(self) -> Option<&'static str> {
        match self {
            Limit::Characters(_) => Some("characters"),
            Limit::Words(_) => Some("words"),
            Limit::Length(_) => None,
        }
    }

    fn sentence(self) -> String {
        format!("You can enter up to {} {}", self.most(), self.counts().unwrap_or("characters"))
    }
}

/// Several lines of text with a limit, and how much of it is left. It warns and does not cut: the
/// server judges.
#[derive(Debug, Clone, Setters)]
#[setters(into)]
pub struct CharacterCount {
    #[setters(skip)]
    pub(crate) field: Field,
    #[setters(skip)]
    limit: Limit,
    /// What stands in it.
    value: String,
    /// How many lines are shown; 5 where none is given.
    #[setters(into = false, strip_option)]
    rows: Option<u16>,
    /// Whether a browser checks spelling.
    #[setters(strip_option)]
    spellcheck: Option<bool>,
    /// From how much of the limit on the count is shown, in per cent; from the beginning where none is given.
    #[setters(into = false, strip_option)]
    threshold: Option<u8>,
}

impl CharacterCount {
    /// A text of at most `limit` that the form sends as `name`.
    pub fn new(name: impl Into<String>, label: impl Into<Label>, limit: Limit) -> Self {
        Self {
            field: Field::new(name, label),
            limit,
            value: String::new(),
            rows: None,
            spellcheck: None,
            threshold: None,
        }
    }

    fn count(&self, id: &str) -> Markup {
        html! {
            (Hint::new(self.limit.sentence()).id(id).classes("govuk-character-count__message"))
            (self.field.after)
        }
    }
}

impl Render for CharacterCount {
    fn render(&self) -> Markup {
        let info = format!("{}-info", self.field.own_id());
        let after = self.count(&info);
        let mut textarea = Textarea { field: self.field.clone(), ..Textarea::default() }
            .described_by(info)
            .classes(classes(&["govuk-js-character-count", &self.field.classes]))
            .after(after)
            .value(self.value.as_str());
        textarea.rows = self.rows;
        textarea.spellcheck = self.spellcheck;
        textarea.group_class = "govuk-character-count";
        textarea.module = Module {
            name: Some("govuk-character-count"),
            limit: Some(self.limit.most()),
            counts: self.limit.counts(),
            threshold: self.threshold,
        };
        textarea.render()
    }
}
