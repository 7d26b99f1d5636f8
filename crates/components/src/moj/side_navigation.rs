//! The pages of one part of the service, at the side.

use derive_setters::Setters;
use maud::{Markup, Render, html};

use super::NavLink;
use crate::classes::{classes, heading, when};
use crate::{Content, Level};

/// Pages under one heading.
#[derive(Debug, Clone, Default)]
pub struct SideSection {
    heading: Content,
    links: Vec<NavLink>,
}

impl SideSection {
    /// `links` under `heading`; without a heading where that is nothing.
    pub fn new(heading: impl Into<Content>, links: impl IntoIterator<Item = NavLink>) -> Self {
        Self { heading: heading.into(), links: links.into_iter().collect() }
    }
}

/// The pages of one part of the service, at the side.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct SideNavigation {
    #[setters(skip)]
    label: String,
    #[setters(skip)]
    sections: Vec<SideSection>,
    /// Level of the headings; the second where none is given.
    #[setters(strip_option)]
    level: Option<Level>,
    /// Further classes.
    classes: String,
}

impl SideNavigation {
    /// The pages in their sections; `label` names the landmark.
    pub fn new(label: impl Into<String>, sections: impl IntoIterator<Item = SideSection>) -> Self {
        Self { label: label.into(), sections: sections.into_iter().collect(), ..Self::default() }
    }

    fn section(&self, section: &SideSection) -> Markup {
        html! {
            @if !section.heading.is_nothing() {
                (heading(self.level.unwrap_or(Level::Two), "moj-side-navigation__title", None, &section.heading))
            }
            ul class="moj-side-navigation__list" {
                @for link in &section.links {
                    @let active = when(link.current, "moj-side-navigation__item--active");
                    li class=(classes(&["moj-side-navigation__item", active])) {
                        a href=(link.href) aria-current=[link.current.then_some("location")] { (link.content) }
                    }
                }
            }
        }
    }
}

impl Render for SideNavigation {
    fn render(&self) -> Markup {
        html! {
            nav class=(classes(&["moj-side-navigation", &self.classes])) aria-label=(self.label) {
                @for section in &self.sections { (self.section(section)) }
            }
        }
    }
}
