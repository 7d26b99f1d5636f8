//! A page with all that stands around it: header, navigation, what the visitor is working on.

use crate::house::House;
use crate::pages::at::At;
use crate::pages::something_is_wrong;
use crate::pages::tour;
use crate::pages::turned::see;
use crate::pages::typed::TOKEN;
use crate::pages::visitor::{FormToken, Visitor};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use components::{FooterLink, Layout, Markup, NavigationItem, PageWidth, Place, Render, SignedIn, html};
use law::access::{Act, Action};
use vault::store::RecordStore;

/// Scripts, styles, pictures and forms are of this server alone; nothing is inline, and nobody frames it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
                      connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The part of the service that a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// What waits for the visitor.
    Home,
    /// Search and its results.
    Search,
    /// Records by kind.
    Records,
    /// Completeness.
    Completeness,
    /// Intake and its rejects.
    Intake,
    /// The log.
    Log,
    /// Users, roles, lists, health.
    Administration,
    /// The manual.
    Help,
}

impl Part {
    const ALL: [(Self, &'static str, &'static str); 8] = [
        (Self::Home, "/", "Home"),
        (Self::Search, "/search", "Search"),
        (Self::Records, "/records", "Records"),
        (Self::Completeness, "/completeness", "Completeness"),
        (Self::Intake, "/intake", "Intake"),
        (Self::Log, "/log", "Log"),
        (Self::Administration, "/administration", "Administration"),
        (Self::Help, "/help", "Help"),
    ];

    /// Whether the navigation leads there for this visitor. What is left out is refused all the same.
    fn is_for<S: RecordStore>(self, house: &House<S>, visitor: &Visitor) -> bool {
        let may = |act| house.desk().may_do(&visitor.who, act);
        match self {
            Self::Home | Self::Help => true,
            Self::Search => house.desk().may_on_some(&visitor.who, Action::List),
            Self::Records => house.desk().may_on_some(&visitor.who, Action::View),
            Self::Completeness => may(Act::Completeness),
            Self::Intake => may(Act::ReworkRejects),
            Self::Log => may(Act::Checkpoint) || may(Act::ReadLog),
            Self::Administration => crate::pages::administration::is_for(house, visitor),
        }
    }
}

/// What is particular to one page.
pub(crate) struct Sheet {
    title: String,
    main: Markup,
    before: Markup,
    has_errors: bool,
    width: PageWidth,
    scripts: Vec<&'static str>,
    status: StatusCode,
}

impl Sheet {
    /// A page called `title`.
    pub(crate) fn new(title: impl Into<String>, main: Markup) -> Self {
        Self {
            title: title.into(),
            main,
            before: Markup::default(),
            has_errors: false,
            width: PageWidth::Standard,
            scripts: Vec::new(),
            status: StatusCode::OK,
        }
    }

    /// What stands above the main part.
    pub(crate) fn before(self, before: impl Render) -> Self {
        Self { before: before.render(), ..self }
    }

    /// A form that did not go through.
    pub(crate) fn with_errors(self) -> Self {
        Self { has_errors: true, status: StatusCode::UNPROCESSABLE_ENTITY, ..self }
    }

    /// With another status.
    pub(crate) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// Wide, for tables.
    pub(crate) fn wide(self) -> Self {
        Self { width: PageWidth::Wide, ..self }
    }

    /// With a further script.
    pub(crate) fn script(mut self, name: &'static str) -> Self {
        self.scripts.push(name);
        self
    }

    fn layout<S: RecordStore>(self, house: &House<S>, at: &At) -> (StatusCode, Layout) {
        let layout = Layout::new(self.title, self.main)
            .has_errors(self.has_errors)
            .practice(house.desk().nature().is_practice())
            .before(self.before)
            .width(self.width)
            .scripts(self.scripts)
            .footer(vec![
                FooterLink::new(at.explained(), "Help with this page"),
                FooterLink::new(something_is_wrong::address(at, None), "Something is wrong"),
                FooterLink::new("/help", "Help"),
                FooterLink::new("/help/accessibility", "Accessibility"),
            ]);
        (self.status, layout)
    }

    /// For somebody who has signed in.
    pub(crate) fn shown<S: RecordStore>(mut self, house: &House<S>, visitor: &Visitor, at: Part) -> Response {
        let panel = tour::panel(house, visitor, self.status);
        self.before = html! { (panel) (self.before) };
        let (status, layout) = self.layout(house, &visitor.at);
        let layout = layout
            .signed_in(Some(signed_in(visitor)))
            .navigation(navigation(house, visitor, at))
            .purpose(working_on(visitor));
        answer(status, &layout)
    }

    /// For anybody, at a page.
    pub(crate) fn for_anybody<S: RecordStore>(self, house: &House<S>, at: &At) -> Response {
        let (status, layout) = self.layout(house, at);
        answer(status, &layout)
    }
}

fn signed_in(visitor: &Visitor) -> SignedIn {
    SignedIn::new(visitor.who.name(), "/sign-out").account("/account").hidden(hidden(&visitor.token))
}

fn navigation<S: RecordStore>(house: &House<S>, visitor: &Visitor, at: Part) -> Vec<NavigationItem> {
    let parts = Part::ALL.into_iter().filter(|(part, ..)| part.is_for(house, visitor));
    let item = |(part, path, name): (Part, &str, &str)| {
        NavigationItem::new(path, name).place(if part == at { Place::Within } else { Place::Elsewhere })
    };
    let practice = house.options().practice.as_ref();
    let practice = practice.map(|address| NavigationItem::new(address.as_str(), "Practice"));
    parts.map(item).chain(practice).collect()
}

fn working_on(visitor: &Visitor) -> Option<Markup> {
    let words = visitor.work.words();
    (!words.is_empty()).then(|| {
        html! {
            p class="bluelamp-purpose__text" {
                "Working on: " strong { (words) } " "
                a class="govuk-link" href="/working-on" { "Change" span class="govuk-visually-hidden" { " what you are working on" } }
            }
        }
    })
}

/// The control that each form carries.
pub(crate) fn hidden(token: &FormToken) -> Markup {
    html! { input type="hidden" name=(TOKEN) value=(token.text()); }
}

/// A whole document of its own, which no page stands around.
pub(crate) fn of_document(document: &Markup) -> Response {
    answer(StatusCode::OK, document)
}

fn answer(status: StatusCode, document: &impl Render) -> Response {
    let mut response = (status, document.render().into_string()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

/// The page after something was done; `said` is one of the words that the page knows.
pub(crate) fn done(path: &str, said: &str) -> Response {
    see(&format!("{path}?done={said}"))
}
