//! What has no published examples in a form that can be read: the MoJ components, the page around
//! all, and the typed options by which ours differ from the published ones. A change is for review.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "fixtures/tree.rs"]
mod tree;

use components::{
    Alert, AlertKind, Badge, BadgeColour, Button, Choice, Content, Filter, FilterLayout, FilterTag,
    FooterLink, IdentityBar, Input, Label, Layout, Legend, Level, Markup, NavLink, NavigationItem,
    PageHeaderActions, PageWidth, Place, Radios, Render, Search, SelectedFilters, SideNavigation,
    SideSection, SignedIn, Size, Status, SubNavigation, Table, Tag, TagColour, Task, TaskList, Timeline,
    TimelineItem, Width, html,
};
use insta::assert_snapshot;

/// The tree of the markup, with assets by their names instead of their paths.
fn shown(markup: impl Render) -> String {
    let mut page = tree::tree(&markup.render().into_string(), &[]);
    for asset in assets::all() {
        page = page.replace(asset.path, asset.name);
    }
    page
}

#[test]
fn alerts() {
    let plain = Alert::new("Bail", "Bail ends tomorrow at 16:00.");
    let titled = Alert::new("Not saved", html! { p { "Nobody can write now." } })
        .kind(AlertKind::Error)
        .show_title(true)
        .level(Level::Three)
        .role("alert");
    assert_snapshot!(shown(html! { (plain) (titled.clone().kind(AlertKind::Success)) (titled) }));
}

#[test]
fn badges() {
    let warning = Badge::new("Violent").colour(BadgeColour::Red).large(true);
    assert_snapshot!(shown(html! { (Badge::new("A1")) (warning) }));
}

#[test]
fn filters() {
    let tags = vec![FilterTag::new("/crimes?year=2024", "Burglary")];
    let selected = SelectedFilters::new("/crimes", [("Offence".to_owned(), tags)]);
    let filter = Filter::new("/crimes", Input::new("year", "Year").render()).selected(Some(selected));
    assert_snapshot!(shown(FilterLayout::new(filter, html! { p { "Two crimes" } })));
}

#[test]
fn identity_bars() {
    let bar = IdentityBar::new("KHAN, Imran, born 3 March 1980").actions([Button::secondary("Restrict")]);
    assert_snapshot!(shown(bar));
}

#[test]
fn page_headers() {
    let actions = [Button::new("New nominal").href("/nominals/new")];
    assert_snapshot!(shown(PageHeaderActions::new("Nominals", actions).size(Size::Large)));
}

#[test]
fn navigations() {
    let links = || [NavLink::new("/n/1", "Summary").current(true), NavLink::new("/n/1/links", "Links")];
    let sub = SubNavigation::new("Record", links());
    let side =
        SideNavigation::new("Help", [SideSection::new("Custody", links()), SideSection::new("", links())]);
    assert_snapshot!(shown(html! { (sub) (side) }));
}

#[test]
fn timelines() {
    let detained = TimelineItem::new("Detention authorised", "2026-03-01T10:02:00Z", "1 March 2026 at 10:02")
        .byline("Sergeant Ellis")
        .content(html! { p { "To secure evidence." } });
    let arrived = TimelineItem::new("Arrived", "2026-03-01T09:50:00Z", "1 March 2026 at 09:50");
    assert_snapshot!(shown(Timeline::new([detained, arrived]).level(Level::Three)));
}

#[test]
fn searches() {
    let search = Search::new("/search", "Search all records")
        .value("khan \"bmw\"")
        .hint("A name, a registration mark, words")
        .controls(html! { input type="hidden" name="purpose" value="7"; });
    assert_snapshot!(shown(search));
}

#[test]
fn typed_options() {
    let label = Label::new("Surname").size(Size::Medium).visually_hidden(true);
    let legend = Legend::new("Sex").size(Size::ExtraLarge).page_heading(true);
    let choice = Choice::new("F", "Female").reveals(html! { p { "More" } });
    let task = Task::new("Charge", Status::CannotStart("Cannot start yet".into()));
    assert_snapshot!(shown(html! {
        (Input::new("surname", label).width(Width::Thirty).error(Some("Enter a surname")).hint(None::<&str>))
        (Radios::new("sex", legend, [choice]).value("F"))
        (Button::warning("Destroy"))
        (Tag::new("Wanted").colour(TagColour::Red))
        (Table::new([], [vec!["1".into()]]).caption("Crimes").caption_size(Size::Small).caption_hidden(true).scrolls(true))
        (TaskList::new([task]))
    }));
}

fn page() -> Layout {
    Layout::new("Search", html! { h1 class="govuk-heading-l" { "Search" } })
}

#[test]
fn a_page_before_sign_in() {
    assert_snapshot!(shown(page()));
}

#[test]
fn a_page_with_all_that_it_can_have() {
    let hidden = html! { input type="hidden" name="form-token" value="t"; };
    let person =
        SignedIn::new("Sergeant Ellis", "/sign-out").unit("Northgate custody").account("/me").hidden(hidden);
    let full = page()
        .force("Wessex Police")
        .has_errors(true)
        .signed_in(Some(person))
        .navigation([
            NavigationItem::new("/", "Home"),
            NavigationItem::new("/search", "Search").place(Place::Here),
        ])
        .purpose("Burglary in Mill Lane")
        .practice(true)
        .before(html! { p { "Before" } })
        .width(PageWidth::Wide)
        .footer([FooterLink::new("/help", "Help")])
        .scripts(["filters.js"]);
    assert_snapshot!(shown(full));
}

#[test]
fn a_page_holds_nothing_that_its_policy_refuses() {
    let html = page().render().into_string();
    for refused in [" style=", "<style", "javascript:", " onclick=", "<script>"] {
        assert!(!html.contains(refused), "the page holds {refused}");
    }
    assert!(!html.contains(assets::NO_PATH), "the page links to an asset that is not there");
}

#[test]
fn nothing_is_shown_as_nothing() {
    for nothing in [Content::Nothing, "".into(), Markup::default().into(), None::<&str>.into()] {
        assert!(nothing.is_nothing());
        assert_eq!(nothing.render().into_string(), "");
    }
}
