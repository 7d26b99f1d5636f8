//! Controls that belong together.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::classes::{classes, given};
use crate::{Content, Size};

/// The question that the controls of a fieldset answer together. Plain text becomes one with `into()`.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Legend {
    #[setters(skip)]
    content: Content,
    /// Size of its type; that of body text where none is given.
    #[setters(strip_option)]
    size: Option<Size>,
    /// Whether it is the heading of the page, which asks for nothing else.
    page_heading: bool,
    /// Further classes.
    classes: String,
}

impl Legend {
    /// A legend that says `content`.
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    /// Whether there is none.
    pub(crate) fn is_nothing(&self) -> bool {
        self.content.is_nothing()
    }
}

impl<T: Into<Content>> From<T> for Legend {
    fn from(content: T) -> Self {
        Legend::new(content)
    }
}

impl Render for Legend {
    fn render(&self) -> Markup {
        if self.is_nothing() {
            return Markup::default();
        }
        let size = self.size.map(|size| size.of("govuk-fieldset__legend")).unwrap_or_default();
        html! {
            legend class=(classes(&["govuk-fieldset__legend", &size, &self.classes])) {
                @if self.page_heading {
                    h1 class="govuk-fieldset__heading" { (self.content) }
                } @else {
                    (self.content)
                }
            }
        }
    }
}

/// Controls that answer one question together.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Fieldset {
    #[setters(skip)]
    legend: Legend,
    #[setters(skip)]
    controls: Markup,
    /// ARIA role, where the plain one is not announced well.
    role: String,
    /// Ids of what describes it, with a space between them.
    described_by: String,
    /// Further classes.
    classes: String,
}

impl Fieldset {
    /// `controls` under one legend.
    pub fn new(legend: impl Into<Legend>, controls: Markup) -> Self {
        Self { legend: legend.into(), controls, ..Self::default() }
    }
}

impl Render for Fieldset {
    fn render(&self) -> Markup {
        html! {
            fieldset class=(classes(&["govuk-fieldset", &self.classes]))
                role=[given(&self.role)]
                aria-describedby=[given(&self.described_by)] {
                (self.legend)
                (self.controls)
            }
        }
    }
}
