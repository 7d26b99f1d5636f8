//! Components of the Ministry of Justice design system, by their published markup.

mod alert;
mod badge;
mod filter;
mod identity_bar;
mod page_header_actions;
mod search;
mod side_navigation;
mod sub_navigation;
mod timeline;

pub use alert::{Alert, AlertKind};
pub use badge::{Badge, BadgeColour};
pub use filter::{Filter, FilterLayout, FilterTag, SelectedFilters};
pub use identity_bar::IdentityBar;
pub use page_header_actions::PageHeaderActions;
pub use search::Search;
pub use side_navigation::{SideNavigation, SideSection};
pub use sub_navigation::SubNavigation;
pub use timeline::{Timeline, TimelineItem};

/// A link of a side or sub navigation.
#[derive(Debug, Clone, Default, derive_setters::Setters)]
#[setters(into)]
pub struct NavLink {
    #[setters(skip)]
    href: String,
    #[setters(skip)]
    content: crate::Content,
    /// Whether it is the page that is seen.
    current: bool,
}

impl NavLink {
    /// A link that says `content`.
    pub fn new(href: impl Into<String>, content: impl Into<crate::Content>) -> Self {
        Self { href: href.into(), content: content.into(), current: false }
    }
}
