//! The heading of a page, with what can be done there.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::classes::{classes, heading};
use crate::{Button, Content, Level, Size};

/// The heading of a page, with what can be done there beside it.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct PageHeaderActions {
    #[setters(skip)]
    heading: Content,
    #[setters(skip)]
    actions: Vec<Button>,
    /// Level of the heading; the first where none is given.
    #[setters(strip_option)]
    level: Option<Level>,
    /// Size of the heading; extra large where none is given.
    #[setters(strip_option)]
    size: Option<Size>,
    /// Further classes.
    classes: String,
}

impl PageHeaderActions {
    /// The heading, and what can be done.
    pub fn new(heading: impl Into<Content>, actions: impl IntoIterator<Item = Button>) -> Self {
        Self { heading: heading.into(), actions: actions.into_iter().collect(), ..Self::default() }
    }
}

impl Render for PageHeaderActions {
    fn render(&self) -> Markup {
        // The classes of headings have one hyphen, unlike those of blocks.
        let size = self.size.unwrap_or(Size::ExtraLarge).of("govuk-heading").replacen("--", "-", 1);
        html! {
            div class=(classes(&["moj-page-header-actions", &self.classes])) {
                div class="moj-page-header-actions__title" {
                    (heading(self.level.unwrap_or(Level::One), &size, None, &self.heading))
                }
                @if !self.actions.is_empty() {
                    div class="moj-page-header-actions__actions" {
                        div class="moj-button-group moj-button-group--inline" {
                            @for action in &self.actions { (action) }
                        }
                    }
                }
            }
        }
    }
}
