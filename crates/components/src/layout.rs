//! The page around all: a whole HTML document.

use derive_setters::Setters;
use maud::{DOCTYPE, Markup, PreEscaped, Render, html};

use crate::classes::classes;
use crate::{Content, Footer, FooterLink, NavigationItem, ServiceNavigation, SkipLink};

/// Who is signed in, and the way out.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct SignedIn {
    #[setters(skip)]
    name: String,
    #[setters(skip)]
    sign_out: String,
    /// Where the person works, such as a unit or a station.
    unit: String,
    /// Where the person's own settings are.
    account: String,
    /// Hidden controls of the form that signs out, such as its token.
    hidden: Markup,
}

impl SignedIn {
    /// The person called `name`, who signs out by a POST to `sign_out`.
    pub fn new(name: impl Into<String>, sign_out: impl Into<String>) -> Self {
        Self { name: name.into(), sign_out: sign_out.into(), ..Self::default() }
    }
}

impl Render for SignedIn {
    fn render(&self) -> Markup {
        html! {
            div class="bluelamp-header__person" {
                span class="govuk-visually-hidden" { "Signed in as " }
                @if self.account.is_empty() {
                    span class="bluelamp-header__name" { (self.name) }
                } @else {
                    a class="bluelamp-header__link bluelamp-header__name" href=(self.account) { (self.name) }
                }
                @if !self.unit.is_empty() {
                    " " span class="bluelamp-header__unit" { (self.unit) }
                }
                " "
                form class="bluelamp-header__sign-out" action=(self.sign_out) method="post" {
                    (self.hidden)
                    button class="bluelamp-header__link" type="submit" { "Sign out" }
                }
            }
        }
    }
}

/// How wide a page is at most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PageWidth {
    /// 960 pixels: forms and reading.
    #[default]
    Standard,
    /// 1,320 pixels: lists beside filters.
    Wide,
    /// All that there is: charts and boards.
    Full,
}

impl PageWidth {
    fn class(self) -> &'static str {
        match self {
            PageWidth::Standard => "",
            PageWidth::Wide => "bluelamp-wide",
            PageWidth::Full => "bluelamp-full",
        }
    }
}

/// A whole page: an HTML document with header, navigation, main part and footer.
///
/// It has no inline script and no inline style, so that it works under
/// `Content-Security-Policy: default-src 'self'`.
#[derive(Debug, Clone, Default, Setters)]
#[setters(into)]
pub struct Layout {
    #[setters(skip)]
    title: String,
    #[setters(skip)]
    main: Markup,
    /// Name of the force, beside that of the service.
    force: String,
    /// Whether a form on the page has errors; the title then begins with “Error”.
    has_errors: bool,
    /// Who is signed in.
    signed_in: Option<SignedIn>,
    /// The parts of the service, with the one where the person is.
    navigation: Vec<NavigationItem>,
    /// For what purpose or on what task the person works, under the navigation.
    purpose: Content,
    /// Whether the deployment holds practice data alone, which each page must say.
    practice: bool,
    /// What stands above the main part: back link, breadcrumbs, identity bar.
    before: Markup,
    /// How wide the page is at most.
    width: PageWidth,
    /// Links of the footer.
    footer: Vec<FooterLink>,
    /// Names of further scripts among the assets, such as `map.js`.
    scripts: Vec<&'static str>,
}

/// The lamp, drawn like that of `ui/icons/lamp.svg`.
const LAMP: PreEscaped<&str> = PreEscaped(concat!(
    r#"<svg class="bluelamp-header__lamp" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" "#,
    r#"width="32" height="32" aria-hidden="true" focusable="false">"#,
    r#"<path class="bluelamp-lamp__iron" d="M15 1h2v3h4l2 4H9l2-4h4zM10 26h12v2H10zM13 28h6v3h-6z"/>"#,
    r#"<path class="bluelamp-lamp__glass" d="M8 9h16l-3 16H11z"/>"#,
    r#"<path class="bluelamp-lamp__light" d="m11 11 1.6 12H14l-.6-12z"/></svg>"#
));

/// Colour of the header, for the frame that a browser draws; `$bluelamp-navy` of the styles.
const THEME: &str = "#0b1f3a";

/// What the makers of the design systems ask to be told.
fn licences() -> Markup {
    html! {
        p class="bluelamp-licences" {
            "Bluelamp is free software under the GNU Affero General Public License. Its pages build on "
            a class="govuk-footer__link" href=(assets::path_of("licences.txt")) {
                "the GOV.UK and MoJ design systems"
            }
            "."
        }
    }
}

impl Layout {
    /// A page called `title`.
    pub fn new(title: impl Into<String>, main: Markup) -> Self {
        Self { title: title.into(), main, ..Self::default() }
    }

    fn head(&self) -> Markup {
        let error = if self.has_errors { "Error: " } else { "" };
        let practice = if self.practice { "Practice: " } else { "" };
        html! {
            head {
                meta charset="utf-8";
                title { (practice) (error) (self.title) " – Bluelamp" }
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="theme-color" content=(THEME);
                meta name="color-scheme" content="light dark";
                link rel="icon" sizes="any" type="image/svg+xml" href=(assets::path_of("lamp.svg"));
                link rel="stylesheet" href=(assets::path_of("bluelamp.css"));
                script type="module" src=(assets::path_of("bluelamp.js")) {}
                @for script in &self.scripts {
                    script type="module" src=(assets::path_of(script)) {}
                }
            }
        }
    }

    fn container(&self) -> String {
        classes(&["govuk-width-container", self.width.class()])
    }

    fn header(&self) -> Markup {
        html! {
            header class="govuk-template__header" {
                div class="bluelamp-header" {
                    div class=(classes(&[&self.container(), "bluelamp-header__container"])) {
                        a class="bluelamp-header__home" href="/" {
                            (LAMP) span { "Bluelamp" }
                            @if !self.force.is_empty() {
                                " " span class="bluelamp-header__force" { (self.force) }
                            }
                        }
                        (self.signed_in.as_ref().map(Render::render).unwrap_or_default())
                    }
                }
                @if !self.navigation.is_empty() {
                    (ServiceNavigation::new(self.navigation.iter().cloned()).classes(self.width.class()))
                }
            }
        }
    }

    fn notices(&self) -> Markup {
        html! {
            @if self.practice {
                section class="bluelamp-practice" aria-label="Practice system" {
                    p class=(self.container()) {
                        strong { "Practice system." } " Nobody in it is real, and nothing leaves it."
                    }
                }
            }
            @if !self.purpose.is_nothing() {
                section class="bluelamp-purpose" aria-label="What you are working on" {
                    div class=(self.container()) { (self.purpose) }
                }
            }
        }
    }

    fn foot(&self) -> Markup {
        let footer = Footer::new(self.footer.iter().cloned())
            .content(licences())
            .container_classes(self.width.class());
        html! { footer class="govuk-template__footer" { (footer) } }
    }
}

impl Render for Layout {
    fn render(&self) -> Markup {
        html! {
            (DOCTYPE)
            html lang="en" class="govuk-template" {
                (self.head())
                body class="govuk-template__body" {
                    (SkipLink::new("#main-content", "Skip to main content"))
                    (self.header())
                    (self.notices())
                    div class=(self.container()) {
                        (self.before)
                        main class="govuk-main-wrapper" id="main-content" { (self.main) }
                    }
                    (self.foot())
                }
            }
        }
    }
}
