//! What a person must know that is not about the page itself.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::classes::{classes, heading, or, when};
use crate::{Content, Level};

/// What a person must know that is not about the page itself, or that something was done.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct NotificationBanner {
    #[setters(skip)]
    content: Content,
    #[setters(skip)]
    success: bool,
    /// Heading; “Important” or “Success” where nothing is given.
    title: Content,
    /// Id of the heading, where a page has two banners.
    title_id: String,
    /// Level of the heading; the second where none is given.
    #[setters(strip_option)]
    title_level: Option<Level>,
    /// ARIA role: `alert` for a success and `region` otherwise where none is given.
    role: String,
    /// Whether the page stays where it is instead of going to a banner that is an alert.
    #[setters(strip_option)]
    disable_auto_focus: Option<bool>,
    /// Further classes.
    classes: String,
}

impl NotificationBanner {
    /// A banner that says `content`.
    pub fn new(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    /// A banner that says what was done.
    pub fn success(content: impl Into<Content>) -> Self {
        Self { success: true, ..Self::new(content) }
    }

    fn shown_title(&self) -> Content {
        match (self.title.is_nothing(), self.success) {
            (false, _) => self.title.clone(),
            (true, true) => "Success".into(),
            (true, false) => "Important".into(),
        }
    }
}

impl Render for NotificationBanner {
    fn render(&self) -> Markup {
        let kind = when(self.success, "govuk-notification-banner--success");
        let role = or(&self.role, if self.success { "alert" } else { "region" });
        let title_id = or(&self.title_id, "govuk-notification-banner-title");
        let level = self.title_level.unwrap_or(Level::Two);
        html! {
            div class=(classes(&["govuk-notification-banner", kind, &self.classes]))
                role=(role)
                aria-labelledby=(title_id)
                data-module="govuk-notification-banner"
                data-disable-auto-focus=[self.disable_auto_focus.map(|disable| disable.to_string())] {
                div class="govuk-notification-banner__header" {
                    (heading(level, "govuk-notification-banner__title", Some(title_id), &self.shown_title()))
                }
                div class="govuk-notification-banner__content" {
                    @match &self.content {
                        Content::Text(text) => p class="govuk-notification-banner__heading" { (text) },
                        other => (other),
                    }
                }
            }
        }
    }
}
