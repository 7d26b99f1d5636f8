//! Writes a page with every component into a folder, with the assets, to be looked at in a browser:
//!
//! ```text
//! cargo run -p bluelamp-components --example gallery -- DIR && python3 -m http.server --directory DIR
//! ```

use std::path::Path;
use std::{env, fs, io};

use components::{
    Action, Alert, AlertKind, BackLink, Badge, BadgeColour, Breadcrumbs, Button, Card, Cell, CharacterCount,
    Checkboxes, Choice, Crumb, DateInput, Details, ErrorLink, ErrorSummary, FileUpload, Filter, FilterLayout,
    FilterTag, FooterLink, IdentityBar, Input, InsetText, Label, Layout, Legend, Limit, Markup, NavLink,
    NavigationItem, NotificationBanner, PageHeaderActions, PageItem, PageStep, PageWidth, Pagination, Panel,
    PasswordInput, PhaseBanner, Place, Radios, Render, Row, Search, Select, SelectItem, SelectedFilters,
    SideNavigation, SideSection, SignedIn, Size, Status, SubNavigation, SummaryList, Tab, Table, Tabs, Tag,
    TagColour, Task, TaskList, Textarea, Timeline, TimelineItem, WarningText, Width, html,
};

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).ok_or_else(|| io::Error::other("name the folder to write to"))?;
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("assets"))?;
    for asset in assets::all() {
        fs::write(folder.join(asset.path.trim_start_matches('/')), asset.bytes)?;
    }
    fs::write(folder.join("index.html"), page().render().into_string())
}

fn page() -> Layout {
    let main = html! { (asking()) (telling()) (leading()) };
    Layout::new("All components", main)
        .force("Wessex Police")
        .signed_in(Some(
            SignedIn::new("Sergeant Ellis", "/sign-out").unit("Northgate custody").account("/me"),
        ))
        .navigation([
            NavigationItem::new("/", "Home"),
            NavigationItem::new("/search", "Search").place(Place::Here),
            NavigationItem::new("/custody", "Custody"),
            NavigationItem::new("/tasks", "Tasks"),
        ])
        .purpose("Burglary in Mill Lane, reference 42/1007/26")
        .practice(true)
        .before(html! {
            (Breadcrumbs::new([Crumb::new("/", "Home"), Crumb::here("All components")]))
            (BackLink::new("/"))
        })
        .width(PageWidth::Wide)
        .footer([FooterLink::new("/help", "Help"), FooterLink::new("/privacy", "How your work is logged")])
}

fn asking() -> Markup {
    let error = "Enter a surname";
    let sexes = [
        Choice::new("F", "Female"),
        Choice::new("M", "Male").hint("As on the document").reveals(Input::new("why", "Why").render()),
        Choice::divider("or"),
        Choice::new("U", "Unknown"),
    ];
    let marks = ["Scar", "Tattoo"].map(|mark| Choice::new(mark, mark));
    let roles = ["Suspect", "Witness"].map(|role| SelectItem::new(role, role));
    html! {
        (PageHeaderActions::new("All components", [Button::new("New nominal"), Button::secondary("Print")]))
        (ErrorSummary::new([ErrorLink::new("#surname", error)]))
        (Search::new("/search", "Search all records").hint("A name, a registration mark, words"))
        (Input::new("surname", Label::new("Surname").size(Size::Medium)).hint("As spoken").error(error).width(Width::Thirty))
        (Input::new("height", "Height in centimetres").suffix("cm").width(Width::Four))
        (PasswordInput::new("password", "Password"))
        (DateInput::new("born", "When were they born?").hint("For example, 3 1980").values(["", "3", "1980"]))
        (Radios::new("sex", Legend::new("Sex").size(Size::Medium), sexes).value("M"))
        (Checkboxes::new("marks", "Marks", marks).values(vec!["Scar".to_owned()]))
        (Select::new("role", "Role", roles))
        (FileUpload::new("photo", "Photograph").drop_zone(true))
        (Textarea::new("account", "First account"))
        (CharacterCount::new("summary", "Summary", Limit::Characters(200)))
        div class="govuk-button-group" {
            (Button::new("Save")) (Button::secondary("Save as draft")) (Button::warning("Destroy"))
            (Button::new("Start").href("#").start(true))
        }
    }
}

fn telling() -> Markup {
    let row =
        |key: &str, value: &str| Row::new(key, value).actions([Action::new("#", "Change").hidden_text(key)]);
    let crimes = ["Burglary, dwelling", "Theft from vehicle"];
    let rows =
        crimes.map(|crime| vec![Cell::new(crime), Cell::new("Mill Lane, Northgate"), Cell::number("12")]);
    let colours = [TagColour::Blue, TagColour::Grey, TagColour::Green, TagColour::Red, TagColour::Yellow];
    let badges =
        [BadgeColour::Blue, BadgeColour::Black, BadgeColour::Green, BadgeColour::Grey, BadgeColour::Red];
    let kinds = [AlertKind::Information, AlertKind::Success, AlertKind::Warning, AlertKind::Error];
    html! {
        (NotificationBanner::new("The custody clock of cell 4 runs out at 16:00."))
        (NotificationBanner::success("The record is saved.").disable_auto_focus(true))
        (Panel::new("Record restricted").content("Reference 42/1007/26"))
        (PhaseBanner::new("Beta", "This part is new."))
        @for kind in kinds { (Alert::new("Bail", html! { "It ends tomorrow. " a class="govuk-link" href="#" { "See it" } }).kind(kind)) }
        (InsetText::new("Seen by two officers."))
        (WarningText::new("What you read here is entered in the log."))
        (Details::new("What is a nominal?", "The record of a person."))
        p class="govuk-body" {
            @for colour in colours { (Tag::new("Wanted").colour(colour)) " " }
            @for colour in badges { (Badge::new("A1").colour(colour)) " " }
        }
        (SummaryList::new([row("Surname", "Khan"), row("Forename", "Imran"), Row::new("Sex", "Male")])
            .card(Card::new("Identity")))
        (Table::new([Cell::new("Offence"), Cell::new("Where"), Cell::number("Count")], rows).caption("Crimes"))
        (Timeline::new([TimelineItem::new("Arrived", "2026-03-01T09:50:00Z", "1 March 2026 at 09:50").byline("Ellis")]))
        (TaskList::new([
            Task::new("Disclosure", Status::Tag(Tag::new("Incomplete"))).href("#").hint("Two items"),
            Task::new("Charge", Status::CannotStart("Cannot start yet".into())),
        ]))
    }
}

fn leading() -> Markup {
    let links = || [NavLink::new("#", "Summary").current(true), NavLink::new("#", "Links")];
    let pages = [PageItem::new(1, "#"), PageItem::current(2, "#"), PageItem::gap(), PageItem::new(40, "#")];
    let tags = vec![FilterTag::new("#", "Burglary")];
    let selected = SelectedFilters::new("#", [("Offence".to_owned(), tags)]);
    let filter = Filter::new("#", Input::new("year", "Year").render()).selected(Some(selected));
    html! {
        (IdentityBar::new("KHAN, Imran, born 3 March 1980").actions([Button::secondary("Restrict")]))
        (SubNavigation::new("Record", links()))
        (SideNavigation::new("Help", [SideSection::new("Custody", links())]))
        (Tabs::new("view", [Tab::new("Now", "Two crimes"), Tab::new("Before", "None")]))
        (FilterLayout::new(filter, html! { p class="govuk-body" { "Two crimes" } }))
        (Pagination::new(pages).previous(Some(PageStep::new("#"))).next(Some(PageStep::new("#"))))
        (Pagination::new([]).next(Some(PageStep::new("#").label("Vehicles"))))
    }
}
