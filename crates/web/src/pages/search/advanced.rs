//! The advanced search: a form of the same reach as the query language. What is filled in is written as a query into
//! the box, so that whoever uses it learns what can be typed.

use super::which::date;
use crate::house::House;
use crate::pages::sheet::{Part, Sheet, hidden};
use crate::pages::turned::see;
use crate::pages::typed::{Sent, Typed};
use crate::pages::visitor::{Visitor, Working};
use crate::pages::words;
use axum::extract::{Query, State};
use axum::response::Response;
use components::{
    BackLink, Button, Checkboxes, Choice, ErrorLink, ErrorSummary, Fieldset, Input, Legend, Markup, Select,
    SelectItem, Size, Textarea, Width, html,
};
use model::derived::Fields;
use model::derived::validate::rules;
use model::identifiers::grid_reference;
use model::{FieldDecl, SearchAs, kinds};
use search::query::form::{Corner, InField, NearEachOther, NearPlace, Span, WithinShape};
use search::{Form, FormError};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use vault::store::RecordStore;

/// Fields that can be asked for in one form; `also` takes more.
const FIELDS: usize = 3;

/// Which search somebody goes on with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct GoingOn {
    of: String,
}

pub(super) async fn page<S: RecordStore>(
    State(house): State<House<S>>,
    Working { visitor, .. }: Working,
    Query(going_on): Query<GoingOn>,
) -> Response {
    let before = house.searches().query(visitor.who.actor(), &going_on.of);
    let sent = Sent::of(before.map(|query| ("also".to_owned(), query)));
    sheet(&visitor, &sent, None).shown(&house, &visitor, Part::Search)
}

pub(super) async fn search<S: RecordStore>(
    State(house): State<House<S>>,
    Working { visitor, .. }: Working,
    Typed(sent): Typed,
) -> Response {
    match read(&sent).and_then(|form| form.text()) {
        Ok(query) => {
            let name = house.searches().keep(visitor.who.actor(), &query);
            see(&format!("/searches/{name}"))
        }
        Err(error) => sheet(&visitor, &sent, Some(&error)).shown(&house, &visitor, Part::Search),
    }
}

/// The form as the query language's own.
fn read(sent: &Sent) -> Result<Form, FormError> {
    let said = |name: &str| Some(sent.text(name).trim().to_owned()).filter(|text| !text.is_empty());
    let wrong = |member: &str, problem: String| FormError { member: member.to_owned(), at: None, problem };
    let near_each_other = said("near_each_other.words").map(|words| -> Result<NearEachOther, FormError> {
        let between = said("near_each_other.between").unwrap_or_else(|| "5".to_owned());
        let between = between
            .parse()
            .map_err(|_| wrong("near_each_other.between", "a number from 0 to 50 was expected".to_owned()))?;
        Ok(NearEachOther { words, between, field: said("near_each_other.field") })
    });
    let day = |name: &str| {
        said(name)
            .map(|text| {
                date(&text).ok_or_else(|| {
                    wrong(name, format!("a day, a month or a year was expected, not “{text}”"))
                })
            })
            .transpose()
    };
    let (from, to) = (day("happened.from")?, day("happened.to")?);
    let corners = said("within.corners")
        .map(|text| text.lines().map(str::trim).filter(|line| !line.is_empty()).map(corner).collect());
    let corners: Option<Result<Vec<Corner>, FormError>> = corners;
    Ok(Form {
        all_words: said("all_words"),
        phrase: said("phrase"),
        near_each_other: near_each_other.transpose()?,
        any_words: said("any_words"),
        none_words: said("none_words"),
        kinds: sent.all("kinds").map(str::to_owned).collect(),
        fields: (0..FIELDS).filter_map(|at| in_field(sent, at)).collect(),
        happened: (from.is_some() || to.is_some()).then_some(Span { from, to }),
        near: said("near.place").map(|place| NearPlace {
            place,
            distance: said("near.distance").unwrap_or_else(|| "500m".to_owned()),
            field: said("near.field"),
        }),
        within: corners.transpose()?.map(|corners| WithinShape { corners, field: said("within.field") }),
        missing: said("missing").into_iter().collect(),
        also: said("also"),
    })
}

/// A field, where one was chosen or something was typed for it.
fn in_field(sent: &Sent, at: usize) -> Option<InField> {
    let said = |part: &str| {
        Some(sent.text(&format!("fields[{at}].{part}")).trim().to_owned()).filter(|text| !text.is_empty())
    };
    let (value, from, to) = (said("value"), said("from"), said("to"));
    let field = said("field");
    let is_asked = field.is_some() || value.is_some() || from.is_some() || to.is_some();
    // A bare number is an age or a count, and no year.
    let is_day = |text: &String| text.contains(['/', '.']);
    let day = |text: Option<String>| text.map(|text| date(&text).filter(|_| is_day(&text)).unwrap_or(text));
    is_asked.then(|| InField {
        field: field.unwrap_or_default(),
        value,
        from: day(from),
        to: day(to),
        not: sent.has(&format!("fields[{at}].not")),
    })
}

/// `51.5,-0.1`, or a reference of the National Grid.
fn corner(line: &str) -> Result<Corner, FormError> {
    let degrees = line.split_once(',').and_then(|(latitude, longitude)| {
        Some((latitude.trim().parse::<f64>().ok()?, longitude.trim().parse::<f64>().ok()?))
    });
    let is_degrees = |(latitude, longitude): &(f64, f64)| latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    let found =
        degrees.filter(is_degrees).or_else(|| grid_reference::parse(line).map(|square| square.degrees()));
    found.map(|(latitude, longitude)| Corner { latitude, longitude }).ok_or_else(|| FormError {
        member: "within.corners".to_owned(),
        at: None,
        problem: format!(
            "“{line}” is no corner: latitude and longitude, or a grid reference, were expected on each line"
        ),
    })
}

/// The control that a problem is about.
fn control_of(member: &str) -> &str {
    match member {
        member if member.starts_with("kinds") => "kinds",
        member if member.starts_with("within.corners") => "within.corners",
        member if member.starts_with("missing") => "missing",
        "form" => "all_words",
        "happened" => "happened.from",
        member => member,
    }
}

/// What a form is shown with: what was typed, and what is wrong with it.
struct Shown<'a> {
    sent: &'a Sent,
    /// The control, and what is wrong.
    wrong: Option<(String, String)>,
}

impl Shown<'_> {
    fn error(&self, name: &str) -> Option<String> {
        // What is wrong with a field as a whole stands at its value.
        let is_it = |at: &str| at == name || name.strip_suffix(".value") == Some(at);
        self.wrong.as_ref().filter(|(at, _)| is_it(at)).map(|(_, words)| words.clone())
    }

    fn input(&self, name: &str, label: &'static str) -> Input {
        Input::new(name, label)
            .value(self.sent.text(name))
            .error(self.error(name))
            .autocomplete("off")
            .spellcheck(false)
    }

    fn select(
        &self,
        name: &str,
        label: &'static str,
        none: &str,
        items: &BTreeMap<String, String>,
    ) -> Select {
        let items = items.iter().map(|(value, text)| SelectItem::new(value.as_str(), text.as_str()));
        let items = std::iter::once(SelectItem::new("", none)).chain(items);
        Select::new(name, label, items).value(self.sent.text(name).to_owned()).error(self.error(name))
    }
}

fn sheet(visitor: &Visitor, sent: &Sent, error: Option<&FormError>) -> Sheet {
    let wrong = error.map(|error| (control_of(&error.member).to_owned(), words::capital(&error.problem)));
    let href = |control: &str| match control.strip_prefix("fields[").is_some_and(|rest| !rest.contains('.')) {
        true => format!("#{control}.value"),
        false => format!("#{control}"),
    };
    let link = wrong.as_ref().map(|(control, words)| ErrorLink::new(href(control), words.as_str()));
    let shown = Shown { sent, wrong };
    let main = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            @if let Some(link) = link { (ErrorSummary::new([link])) }
            h1 class="govuk-heading-l" { "Advanced search" }
            p class="govuk-body" { "All that you fill in must fit; leave the rest empty. It is written as a query into the search box, where you can change it." }
            form action="/search/advanced" method="post" novalidate {
                (hidden(&visitor.token))
                (words_part(&shown))
                (kinds_part(&shown))
                (time_part(&shown))
                (fields_part(&shown))
                (place_part(&shown))
                (rest_part(&shown))
                (Button::new("Search"))
            }
        } }
    };
    let sheet = Sheet::new("Advanced search", main).before(BackLink::new("/search").text("Search"));
    if error.is_some() { sheet.with_errors() } else { sheet }
}

fn part(title: &'static str, content: Markup) -> Markup {
    html! { (Fieldset::new(Legend::new(title).size(Size::Medium), content)) }
}

fn words_part(shown: &Shown<'_>) -> Markup {
    part(
        "Words",
        html! {
            (shown.input("all_words", "All of these words").hint("Names too. * stands for any letters, ? for one: smi*"))
            (shown.input("phrase", "These words in this order"))
            (shown.input("any_words", "At least one of these words"))
            (shown.input("none_words", "None of these words"))
            (shown.input("near_each_other.words", "These words near each other"))
            (shown.input("near_each_other.between", "With at most so many words between them").width(Width::Three).inputmode("numeric").hint("5 where nothing is given"))
        },
    )
}

fn kinds_part(shown: &Shown<'_>) -> Markup {
    let chosen: BTreeSet<&str> = shown.sent.all("kinds").collect();
    let choices =
        kinds::ALL.iter().map(|kind| Choice::new(kind.name, kind.plural).checked(chosen.contains(kind.name)));
    html! {
        (Checkboxes::new("kinds", Legend::new("Kinds of record").size(Size::Medium), choices)
            .classes("govuk-checkboxes--small bluelamp-columns").error(shown.error("kinds")).hint("Of all kinds where none is ticked"))
    }
}

fn time_part(shown: &Shown<'_>) -> Markup {
    part(
        "When it happened",
        html! {
            div class="bluelamp-inline" {
                (shown.input("happened.from", "From").width(Width::Ten).hint("As 27/3/2024, 2024-03 or 2024"))
                (shown.input("happened.to", "To").width(Width::Ten))
            }
        },
    )
}

fn fields_part(shown: &Shown<'_>) -> Markup {
    let names = field_names(|field| field.search_as != SearchAs::No);
    part(
        "In fields",
        html! {
            p class="govuk-hint" { "A word or code for what it says, or a first and a last number or date." }
            @for at in 0..FIELDS {
                @let named = |part: &str| format!("fields[{at}].{part}");
                div class="bluelamp-row" {
                    (shown.select(&named("field"), "Field", "Choose a field", &names).classes("bluelamp-select--field"))
                    (shown.input(&named("value"), "Says"))
                    div class="bluelamp-inline" {
                        (shown.input(&named("from"), "or from").width(Width::Ten))
                        (shown.input(&named("to"), "to").width(Width::Ten))
                    }
                    (Checkboxes::new(named("not"), Legend::default(), [Choice::new("yes", "It must not be so").checked(shown.sent.has(&named("not")))]).classes("govuk-checkboxes--small"))
                }
            }
        },
    )
}

fn place_part(shown: &Shown<'_>) -> Markup {
    let places = field_names(|field| field.search_as == SearchAs::Place);
    part(
        "Where",
        html! {
            (shown.input("near.place", "Near this point").width(Width::Thirty).hint("Latitude and longitude (51.5074,-0.1278) or a National Grid reference (SU 387 148)"))
            (shown.input("near.distance", "Within").width(Width::Five).hint("As 500m or 2km; 500m where nothing is given"))
            (shown.select("near.field", "Which place", "Any place", &places).classes("bluelamp-select--field"))
            (Textarea::new("within.corners", "Or within this shape").rows(4u16).value(shown.sent.text("within.corners")).error(shown.error("within.corners"))
                .hint("Its corners in order, each on a line, in degrees or as grid references"))
        },
    )
}

fn rest_part(shown: &Shown<'_>) -> Markup {
    let declared = kinds::ALL.iter().flat_map(|kind| rules(kind).into_iter().map(move |rule| (kind, rule)));
    let missing: BTreeMap<String, String> = declared
        .map(|(kind, rule)| {
            (rule.rule.name.to_owned(), format!("{} ({})", rule.label, kind.plural.to_lowercase()))
        })
        .collect();
    part(
        "More",
        html! {
            (shown.select("missing", "Without this answer that a rule asks for", "None", &missing).classes("bluelamp-select--field"))
            (Textarea::new("also", "Anything else, in the query language").rows(2u16).value(shown.sent.text("also")).error(shown.error("also")).spellcheck(false)
                .hint(html! { a class="govuk-link" href="/search/advice" { "What you can type" } }))
        },
    )
}

/// The fields that can be asked for, by their names in a query, each with what it is called and in which kinds.
fn field_names(is_wanted: impl Fn(&FieldDecl) -> bool) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, (String, BTreeSet<&str>)> = BTreeMap::new();
    for kind in kinds::ALL {
        add_fields(&mut found, ("", ""), (kind.title, Fields::of(kind)), &is_wanted);
    }
    let said = |(label, kinds): (String, BTreeSet<&str>)| {
        let kinds = kinds.into_iter().collect::<Vec<_>>().join(", ").to_lowercase();
        format!("{label} ({kinds})")
    };
    found.into_iter().map(|(name, of)| (name, said(of))).collect()
}

fn add_fields<'a>(
    found: &mut BTreeMap<String, (String, BTreeSet<&'a str>)>,
    (path, label): (&str, &str),
    (kind, fields): (&'a str, Fields<'_>),
    is_wanted: &impl Fn(&FieldDecl) -> bool,
) {
    for field in fields.iter() {
        let (path, label) = (format!("{path}{}", field.name()), format!("{label}{}", field.label));
        if let Some(group) = field.row_group {
            add_fields(
                found,
                (&format!("{path}."), &format!("{label}: ")),
                (kind, Fields::of_group(group)),
                is_wanted,
            );
        } else if is_wanted(field) {
            found.entry(path).or_insert_with(|| (label, BTreeSet::new())).1.insert(kind);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(pairs: &[(&str, &str)]) -> Result<String, FormError> {
        read(&Sent::of(pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))))
            .and_then(|form| form.text())
    }

    #[test]
    fn what_is_filled_in_becomes_the_query_that_could_be_typed() {
        for (pairs, query) in [
            (&[("all_words", "smith"), ("happened.from", "27/3/2024")][..], "smith happened:>=2024-03-27"),
            (
                &[("kinds", "crime"), ("kinds", "nominal"), ("phrase", "black top")],
                "\"black top\" (kind:\"crime\" OR kind:\"nominal\")",
            ),
            (&[("near_each_other.words", "knife bus")], "\"knife bus\"~5"),
            (&[("fields[1].field", "age"), ("fields[1].from", "10"), ("fields[1].to", "17")], "age:10..17"),
            (&[("near.place", "SU 387 148"), ("near.distance", "2km")], "near:\"SU 387 148\"~2km"),
            (&[("also", "a OR b")], "(a OR b)"),
        ] {
            assert_eq!(text(pairs).unwrap(), query);
        }
        let shape = text(&[("within.corners", "51.5,-0.2\r\n51.6,-0.2\n\nTQ 300 803")]).unwrap();
        assert!(shape.starts_with("within:(51.5,-0.2 51.6,-0.2 51.50"), "{shape}");
    }

    #[test]
    fn what_is_wrong_is_told_at_its_control() {
        for (pairs, control) in [
            (&[][..], "all_words"),
            (&[("happened.to", "soon")], "happened.to"),
            (&[("fields[0].value", "x")], "fields[0].field"),
            (&[("within.corners", "here")], "within.corners"),
            (&[("near.place", "nowhere")], "near.place"),
            (&[("also", "(")], "also"),
            (
                &[("near_each_other.words", "a b"), ("near_each_other.between", "few")],
                "near_each_other.between",
            ),
        ] {
            assert_eq!(control_of(&text(pairs).unwrap_err().member), control, "{pairs:?}");
        }
    }

    #[test]
    fn every_field_that_is_offered_can_be_asked_for() {
        for (name, _) in field_names(|field| matches!(field.search_as, SearchAs::Words | SearchAs::Name)) {
            search::Query::parse(&format!("{name}:\"x\"")).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }
}
