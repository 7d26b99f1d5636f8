//! No component lets markup through where text is meant: whatever the text, the elements and
//! attributes of the page stay the same, and the reader sees the text as it is.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::LazyLock;

use components::{
    Action, Alert, BackLink, Badge, Breadcrumbs, Button, Card, Cell, CharacterCount, Checkboxes, Choice,
    Crumb, DateInput, DatePart, Details, ErrorLink, ErrorSummary, Fieldset, FileUpload, Filter, FilterTag,
    Footer, FooterLink, FooterSection, IdentityBar, Input, InsetText, Label, Layout, Limit, Markup, NavLink,
    NavigationItem, NotificationBanner, PageHeaderActions, PageItem, PageStep, Pagination, Panel,
    PanelAction, PasswordInput, PhaseBanner, Radios, Render, Row, Search, Select, SelectItem,
    SelectedFilters, ServiceNavigation, SideNavigation, SideSection, SignedIn, SkipLink, Status,
    SubNavigation, SummaryList, Tab, Table, Tabs, Tag, Task, TaskList, Textarea, Timeline, TimelineItem,
    WarningText, html,
};
use proptest::prelude::*;
use scraper::{Html, Selector};

fn controls(text: &str) -> Markup {
    let choice =
        |value: &str| Choice::new(value, text).id(text).name(text).hint(text).reveals(html! { (text) });
    let part = DatePart::new(text).label(text).value(text).autocomplete(text).classes(text);
    html! {
        (Label::new(text).classes(text).for_id(text))
        (Fieldset::new(text, html! { (text) }).role(text).described_by(text).classes(text))
        (Input::new(text, text).id(text).hint(text).error(text).described_by(text).classes(text).group_classes(text)
            .before(text).after(text).value(text).kind(text).autocomplete(text).autocapitalize(text).inputmode(text)
            .pattern(text).prefix(text).suffix(text))
        (PasswordInput::new(text, text).hint(text).error(text).autocomplete(text))
        (Textarea::new(text, text).hint(text).error(text).value(text).autocomplete(text))
        (CharacterCount::new(text, text, Limit::Words(9)).hint(text).error(text).value(text))
        (Select::new(text, text, [SelectItem::new(text, text)]).hint(text).error(text))
        (FileUpload::new(text, text).hint(text).error(text).accept(text).drop_zone(true))
        (Radios::new(text, text, [choice(text), Choice::divider(text)]).hint(text).error(text).id_prefix(text))
        (Checkboxes::new(text, text, [choice(text)]).hint(text).error(text).described_by(text))
        (DateInput::new(text, text).hint(text).error(text).parts([part]))
        (Search::new(text, text).name(text).id(text).value(text).hint(text).error(text).button(text).classes(text))
    }
}

fn tellers(text: &str) -> Markup {
    let rows = [Row::new(text, text).actions([Action::new(text, text).hidden_text(text)]).classes(text)];
    let task =
        Task::new(text, Status::Tag(Tag::new(text).classes(text))).href(text).hint(text).title_classes(text);
    html! {
        (Details::new(text, text).id(text).classes(text))
        (ErrorSummary::new([ErrorLink::new(text, text), ErrorLink::general(text)]).title(text).description(text))
        (InsetText::new(text).id(text).classes(text))
        (NotificationBanner::new(text).title(text).title_id(text).role(text).classes(text))
        (Panel::interruption(text, [PanelAction::Link { href: text.to_owned(), text: text.to_owned() }]).content(text))
        (PhaseBanner::new(text, text).classes(text))
        (SummaryList::new(rows).card(Card::new(text).actions([Action::new(text, text)])).id(text).classes(text))
        (Table::new([Cell::new(text)], [vec![Cell::new(text).classes(text)]]).caption(text).id(text).classes(text))
        (Tabs::new(text, [Tab::new(text, text)]).title(text).id(text).classes(text))
        (TaskList::new([task]).id_prefix(text).classes(text))
        (WarningText::new(text).icon_text(text).classes(text))
        (Badge::new(text).classes(text))
        (Alert::new(text, text).show_title(true).role(text).classes(text))
        (Timeline::new([TimelineItem::new(text, text, text).byline(text).content(text).classes(text)]).classes(text))
    }
}

fn leaders(text: &str) -> Markup {
    let tags = vec![FilterTag::new(text, text)];
    let selected = SelectedFilters::new(text, [(text.to_owned(), tags)]);
    let step = || Some(PageStep::new(text).text(text).label(text));
    let pages = [PageItem::new(text, text).hidden_text(text), PageItem::current(text, text)];
    let links = || [NavLink::new(text, text)];
    html! {
        (BackLink::new(text).text(text).classes(text))
        (Breadcrumbs::new([Crumb::new(text, text), Crumb::here(text)]).label(text).classes(text))
        (Button::new(text).name(text).value(text).button_type(text).form_action(text).id(text).classes(text))
        (Button::new(text).href(text))
        (Footer::new([FooterLink::new(text, text)]).sections([FooterSection::new(text, [FooterLink::new(text, text)])
            .width(text)]).hidden_title(text).content(text).classes(text).container_classes(text))
        (Pagination::new(pages).label(text).classes(text))
        (Pagination::new([]).previous(step()).next(step()))
        (ServiceNavigation::new([NavigationItem::new(text, text), NavigationItem::text(text)]).service_name(text)
            .service_url(text).label(text).navigation_label(text).navigation_id(text).navigation_classes(text)
            .menu_button(text).menu_button_label("Menu").classes(text))
        (SkipLink::new(text, text).classes(text))
        (Filter::new(text, html! { (text) }).heading(text).selected(Some(selected)).submit(text))
        (IdentityBar::new(text).actions([Button::new(text)]).classes(text))
        (PageHeaderActions::new(text, [Button::new(text)]).classes(text))
        (SubNavigation::new(text, links()).classes(text))
        (SideNavigation::new(text, [SideSection::new(text, links())]).classes(text))
    }
}

fn page(text: &str) -> String {
    let person = SignedIn::new(text, text).unit(text).account(text);
    let main = html! { (controls(text)) (tellers(text)) (leaders(text)) };
    Layout::new(text, main)
        .force(text)
        .signed_in(Some(person))
        .navigation([NavigationItem::new(text, text)])
        .purpose(text)
        .footer([FooterLink::new(text, text)])
        .render()
        .into_string()
}

/// The elements of a page in their order, each with the names of its attributes.
fn skeleton(html: &str) -> Vec<String> {
    let all = Selector::parse("*").unwrap();
    let parsed = Html::parse_document(html);
    let element = |element: scraper::ElementRef<'_>| {
        let mut names: Vec<&str> = element.value().attrs().map(|(name, _)| name).collect();
        names.sort_unstable();
        format!("{} {}", element.value().name(), names.join(" "))
    };
    parsed.select(&all).map(element).collect()
}

/// The page where nobody means harm.
static HARMLESS: LazyLock<Vec<String>> = LazyLock::new(|| skeleton(&page("text")));

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn text_is_never_markup(text in "[<>&\"'a-z/=!;#-]{1,24}") {
        prop_assert_eq!(&skeleton(&page(&text)), &*HARMLESS);
    }

    #[test]
    fn text_is_seen_as_it_is(text in "[<>&\"'a-z/=!;# \n-]{1,40}") {
        let markup = html! { (InsetText::new(text.as_str())) (Textarea::new("t", "T").value(text.as_str())) };
        let parsed = Html::parse_fragment(&markup.into_string());
        for selector in [".govuk-inset-text", "textarea"] {
            let found = parsed.select(&Selector::parse(selector).unwrap()).next().unwrap();
            prop_assert_eq!(found.text().collect::<String>(), text.clone());
        }
    }
}

#[test]
fn a_form_within_text_stays_text() {
    let attack =
        "</title></textarea><script>alert(1)</script><img src=x onerror=alert(1)>\" autofocus onfocus=\"x";
    assert_eq!(skeleton(&page(attack)), *HARMLESS);
}
