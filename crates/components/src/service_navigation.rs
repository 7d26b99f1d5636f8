//! The parts of the service.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use crate::Content;
use crate::classes::{classes, or, when};

/// Whether a link of the navigation is where the person is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Place {
    /// Elsewhere.
    #[default]
    Elsewhere,
    /// The page is within that part.
    Within,
    /// The page is that one.
    Here,
}

impl Place {
    fn aria_current(self) -> Option<&'static str> {
        match self {
            Place::Elsewhere => None,
            Place::Within => Some("true"),
            Place::Here => Some("page"),
        }
    }
}

/// A part of the service.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct NavigationItem {
    #[setters(skip)]
    href: Option<String>,
    #[setters(skip)]
    content: Content,
    /// Whether the person is there.
    place: Place,
}

impl NavigationItem {
    /// A part at `href`.
    pub fn new(href: impl Into<String>, content: impl Into<Content>) -> Self {
        Self { href: Some(href.into()), content: content.into(), ..Self::default() }
    }

    /// A part that leads nowhere.
    pub fn text(content: impl Into<Content>) -> Self {
        Self { content: content.into(), ..Self::default() }
    }

    fn inside(&self) -> Markup {
        html! {
            // Those who choose their own colours still see where they are.
            @if self.place == Place::Elsewhere { (self.content) }
            @else { strong class="govuk-service-navigation__active-fallback" { (self.content) } }
        }
    }
}

impl Render for NavigationItem {
    fn render(&self) -> Markup {
        let active = when(self.place != Place::Elsewhere, "govuk-service-navigation__item--active");
        let current = self.place.aria_current();
        html! {
            li class=(classes(&["govuk-service-navigation__item", active])) {
                @if let Some(href) = &self.href {
                    a class="govuk-service-navigation__link" href=(href) aria-current=[current] { (self.inside()) }
                } @else if !self.content.is_nothing() {
                    span class="govuk-service-navigation__text" aria-current=[current] { (self.inside()) }
                }
            }
        }
    }
}

/// The name and the parts of the service, under the header.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct ServiceNavigation {
    #[setters(skip)]
    items: Vec<NavigationItem>,
    /// Name of the service.
    service_name: String,
    /// Where the name leads.
    service_url: String,
    /// Name of the landmark around all; “Service information” where nothing is given.
    label: String,
    /// Name of the navigation; that of the menu button where nothing is given.
    navigation_label: String,
    /// Id of the list; “navigation” where nothing is given.
    navigation_id: String,
    /// Further classes of the navigation.
    navigation_classes: String,
    /// What the menu button says; “Menu” where nothing is given.
    menu_button: String,
    /// What the menu button says to those who do not see it, where that is something else.
    menu_button_label: String,
    /// Whether a narrow screen shows a menu button; where there is more than one part if nothing is given.
    #[setters(strip_option)]
    collapse: Option<bool>,
    /// What stands before the name.
    start: Markup,
    /// What stands after the navigation.
    end: Markup,
    /// Whether that stands beside the navigation, at the right, where there is room.
    end_inline: bool,
    /// Further classes.
    classes: String,
}

impl ServiceNavigation {
    /// The parts, in order.
    pub fn new(items: impl IntoIterator<Item = NavigationItem>) -> Self {
        Self { items: items.into_iter().collect(), ..Self::default() }
    }

    fn name(&self) -> Markup {
        html! {
            span class="govuk-service-navigation__service-name" {
                @if self.service_url.is_empty() {
                    span class="govuk-service-navigation__text" { (self.service_name) }
                } @else {
                    a href=(self.service_url) class="govuk-service-navigation__link" { (self.service_name) }
                }
            }
        }
    }

    fn toggle(&self, id: &str, text: &str) -> Markup {
        let label = Some(self.menu_button_label.as_str()).filter(|label| !label.is_empty() && *label != text);
        html! {
            button type="button"
                class="govuk-service-navigation__toggle govuk-js-service-navigation-toggle"
                aria-controls=(id)
                aria-label=[label]
                hidden
                aria-hidden="true" { (text) }
        }
    }

    fn navigation(&self) -> Markup {
        let id = or(&self.navigation_id, "navigation");
        let text = or(&self.menu_button, "Menu");
        html! {
            nav aria-label=(or(&self.navigation_label, text))
                class=(classes(&["govuk-service-navigation__wrapper", &self.navigation_classes])) {
                @if self.collapse.unwrap_or(self.items.len() > 1) { (self.toggle(id, text)) }
                ul class="govuk-service-navigation__list" id=(id) { @for item in &self.items { (item) } }
            }
        }
    }

    fn inside(&self) -> Markup {
        let inlining = when(self.end_inline, "govuk-service-navigation__inlining-container");
        html! {
            div class=(classes(&["govuk-width-container", inlining])) {
                (self.start)
                div class="govuk-service-navigation__container" {
                    @if !self.service_name.is_empty() { (self.name()) }
                    @if !self.items.is_empty() { (self.navigation()) }
                }
                (self.end)
            }
        }
    }
}

impl Render for ServiceNavigation {
    fn render(&self) -> Markup {
        let all = classes(&["govuk-service-navigation", &self.classes]);
        let only_navigation =
            self.service_name.is_empty() && self.start.0.is_empty() && self.end.0.is_empty();
        html! {
            // The navigation is a landmark by itself; a name beside it needs one around both.
            @if only_navigation {
                div class=(all) data-module="govuk-service-navigation" { (self.inside()) }
            } @else {
                section aria-label=(or(&self.label, "Service information"))
                    class=(all)
                    data-module="govuk-service-navigation" { (self.inside()) }
            }
        }
    }
}
