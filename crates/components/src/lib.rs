//! The parts of pages: the GOV.UK and MoJ design systems as typed Rust, and the page around them.
//!
//! A component is a value with a constructor for what it cannot do without, a setter for each thing
//! more, and [`Render`], so that it stands in `html!` like any other value:
//!
//! ```
//! use components::{Button, Input, Layout, Width};
//! use maud::{Render, html};
//!
//! let form = html! {
//!     form method="post" {
//!         (Input::new("surname", "Surname").hint("As on the warrant").width(Width::Thirty))
//!         (Button::new("Save"))
//!     }
//! };
//! let page = Layout::new("New nominal", form).render();
//! assert!(page.into_string().contains("As on the warrant"));
//! ```
//!
//! What is shown is [`Content`]: text, which is always escaped, or markup that `html!` made. Setters
//! of hints and errors take an `Option` too. Addresses (`href`) are escaped but not judged: they are
//! ours, never a stranger's.
//!
//! The markup is that which the design systems publish; the tests compare it with their own examples
//! (`tests/fixtures.rs`). Styles and scripts come from `ui/`, through the crate `assets`.
//!
//! **To add a component:** write its file and name it here; import its styles in
//! `ui/styles/bluelamp.scss`; write its adapter in `tests/fixtures/`.

mod back_link;
mod breadcrumbs;
mod button;
mod checkboxes;
mod choice;
mod classes;
mod content;
mod date_input;
mod details;
mod error_message;
mod error_summary;
mod field;
mod fieldset;
mod file_upload;
mod footer;
mod hint;
mod input;
mod inset_text;
mod label;
mod layout;
mod moj;
mod notification_banner;
mod pagination;
mod panel;
mod password_input;
mod phase_banner;
mod radios;
mod select;
mod service_navigation;
mod skip_link;
mod summary_list;
mod table;
mod tabs;
mod tag;
mod task_list;
mod textarea;
mod warning_text;

pub use back_link::BackLink;
pub use breadcrumbs::{Breadcrumbs, Crumb};
pub use button::{Button, ButtonKind};
pub use checkboxes::Checkboxes;
pub use choice::Choice;
pub use classes::{Level, Size};
pub use content::Content;
pub use date_input::{DateInput, DatePart};
pub use details::Details;
pub use error_message::ErrorMessage;
pub use error_summary::{ErrorLink, ErrorSummary};
pub use fieldset::{Fieldset, Legend};
pub use file_upload::FileUpload;
pub use footer::{Footer, FooterLink, FooterSection};
pub use hint::Hint;
pub use input::{Input, Width};
pub use inset_text::InsetText;
pub use label::Label;
pub use layout::{Layout, PageWidth, SignedIn};
pub use maud::{Markup, Render, html};
pub use moj::{
    Alert, AlertKind, Badge, BadgeColour, Filter, FilterLayout, FilterTag, IdentityBar, NavLink,
    PageHeaderActions, Search, SelectedFilters, SideNavigation, SideSection, SubNavigation, Timeline,
    TimelineItem,
};
pub use notification_banner::NotificationBanner;
pub use pagination::{PageItem, PageStep, Pagination};
pub use panel::{Panel, PanelAction};
pub use password_input::PasswordInput;
pub use phase_banner::PhaseBanner;
pub use radios::Radios;
pub use select::{Select, SelectItem};
pub use service_navigation::{NavigationItem, Place, ServiceNavigation};
pub use skip_link::SkipLink;
pub use summary_list::{Action, Card, Row, SummaryList};
pub use table::{Cell, Sorted, Table};
pub use tabs::{Tab, Tabs};
pub use tag::{Tag, TagColour};
pub use task_list::{Status, Task, TaskList};
pub use textarea::{CharacterCount, Limit, Textarea};
pub use warning_text::WarningText;
