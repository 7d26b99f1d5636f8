//! Answers that have a place, on a map of our own: the National Grid with its squares, drawn as SVG without any
//! other server; and the same places in a list, for whoever does not see it.

use super::answers::Looked;
use super::coast;
use super::mapped::{Extent, HEIGHT, Mark, Spot, WIDTH, name_of, spots};
use crate::pages::words;
use components::{Markup, html};
use desk::find::Answers;
use model::derived::show;

/// Metres from side to side from which on the rough coast is drawn under the points.
const COUNTRYWIDE: f64 = 60_000.0;
/// Half the width of a mark that stands for one place, and for several.
const ONE: u8 = 9;
const SEVERAL: u8 = 17;

/// The map of a page of answers.
pub(super) fn map(looked: &Looked<'_>, answers: &Answers) -> Markup {
    let all = spots(&answers.found);
    let (on, off): (Vec<Spot<'_>>, Vec<Spot<'_>>) = all.into_iter().partition(|spot| spot.square.is_some());
    let extent = Extent::of(on.iter().filter_map(|spot| spot.square).collect::<Vec<_>>().into_iter());
    let marks = extent.map(|extent| extent.marks(&on)).unwrap_or_default();
    html! {
        @if let Some(extent) = extent {
            figure class="bluelamp-map" {
                div class="bluelamp-map__both" { (drawing(&extent, &marks)) (overview(&extent)) }
                figcaption class="govuk-body-s" {
                    "Squares of the National Grid, " (side_said(extent.side)) " from side to side. North is up. "
                    "A number stands for so many places close together, and leads to them in the list. The coast is drawn roughly."
                }
            }
        }
        (list(looked, &marks))
        @if !off.is_empty() {
            h2 class="govuk-heading-s" { "Outside Great Britain, and not on this map" }
            ul class="govuk-list govuk-list--bullet" { @for spot in &off { li { (line(spot)) } } }
        }
    }
}

fn side_said(side: u32) -> String {
    match side {
        metres @ ..1000 => format!("{metres} metres"),
        1000 => "1 kilometre".to_owned(),
        metres => format!("{} kilometres", metres / 1000),
    }
}

fn drawing(extent: &Extent, marks: &[Mark<'_>]) -> Markup {
    html! {
        svg class="bluelamp-map__main" viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="group" aria-label="Map of the answers; a list follows" {
            rect class="bluelamp-map__sea" width=(WIDTH) height=(HEIGHT) {}
            @if extent.width() >= COUNTRYWIDE { (land(extent)) }
            (grid(extent))
            @for (at, mark) in (1..).zip(marks) { (drawn(at, mark)) }
        }
    }
}

fn land(extent: &Extent) -> Markup {
    let points = |shape: &[(f64, f64)]| {
        let at = |(east, north): &(f64, f64)| {
            let (x, y) = extent.at(*east, *north);
            format!("{x},{y}")
        };
        shape.iter().map(at).collect::<Vec<_>>().join(" ")
    };
    html! { g aria-hidden="true" { @for shape in coast::shapes() { polygon class="bluelamp-map__land" points=(points(&shape)) {} } } }
}

fn grid(extent: &Extent) -> Markup {
    let across = f64::from(extent.side) / extent.scale;
    let is_fine = across < WIDTH / 4.0;
    html! {
        g aria-hidden="true" {
            @for square in extent.squares() {
                @let (x, y) = extent.at(f64::from(square.easting), f64::from(square.northing));
                @let odd = (square.easting / square.side + square.northing / square.side) % 2 == 1;
                rect class="bluelamp-map__square" x=(x) y=(y - across) width=(across) height=(across) {}
                // The name stands in the corner that is seen, also where the square reaches beyond the edge.
                text class=(if is_fine && odd { "bluelamp-map__name bluelamp-map__name--fine" } else { "bluelamp-map__name" })
                    x=(x.max(0.0) + 3.0) y=(y.min(HEIGHT) - 4.0) { (name_of(square)) }
            }
        }
    }
}

fn drawn(at: usize, mark: &Mark<'_>) -> Markup {
    html! {
        @if let [spot] = mark.spots.as_slice() {
            a class="bluelamp-map__mark" href={ "/records/" (spot.hit.reference) } aria-label={ (spot.hit.name) ", " (show::place(spot.place)) } {
                title { (spot.hit.name) ", " (show::place(spot.place)) }
                circle class="bluelamp-map__reach" cx=(mark.x) cy=(mark.y) r=(SEVERAL) {}
                circle class="bluelamp-map__one" cx=(mark.x) cy=(mark.y) r=(ONE) {}
            }
        } @else {
            a class="bluelamp-map__mark" href={ "#mark-" (at) } aria-label={ (words::count(mark.spots.len() as u64, "place")) " in or near " (mark.square) ": to the list" } {
                title { (words::count(mark.spots.len() as u64, "place")) " in or near " (mark.square) }
                circle class="bluelamp-map__several" cx=(mark.x) cy=(mark.y) r=(SEVERAL) {}
                text class="bluelamp-map__figure" x=(mark.x) y=(mark.y + 5.0) text-anchor="middle" { (mark.spots.len()) }
            }
        }
    }
}

/// Where in the country the map lies.
fn overview(extent: &Extent) -> Markup {
    // Kilometres of the grid: 700 by 1,300, of which Shetland needs the last.
    let at = |(east, north): &(f64, f64)| format!("{:.0},{:.0}", east / 1000.0, 1230.0 - north / 1000.0);
    let points = |shape: &[(f64, f64)]| shape.iter().map(at).collect::<Vec<_>>().join(" ");
    let kilometres = |metres: f64| (metres / 1000.0).max(12.0).round();
    html! {
        svg class="bluelamp-map__overview" viewBox="0 0 700 1230" role="img" aria-label="Where in Great Britain the map lies" {
            @for shape in coast::shapes() { polygon class="bluelamp-map__land" points=(points(&shape)) {} }
            rect class="bluelamp-map__here"
                x=((extent.west / 1000.0).round()) y=((1230.0 - (extent.south + extent.height()) / 1000.0).round())
                width=(kilometres(extent.width())) height=(kilometres(extent.height())) {}
        }
    }
}

/// The same places in words.
fn list(looked: &Looked<'_>, marks: &[Mark<'_>]) -> Markup {
    let only = |mark: &Mark<'_>| {
        looked.which.with(|which| which.square = mark.square.to_string()).address(looked.name)
    };
    html! {
        @if !marks.is_empty() {
            h2 class="govuk-heading-m" { "The places" }
            ol class="bluelamp-places" {
                @for (at, mark) in (1..).zip(marks) {
                    li class="bluelamp-places__one" id={ "mark-" (at) } tabindex="-1" {
                        h3 class="govuk-heading-s" {
                            (mark.square)
                            @if looked.which.square.is_empty() {
                                " " a class="govuk-link govuk-!-font-weight-regular" href=(only(mark)) {
                                    "Only this square" span class="govuk-visually-hidden" { ", " (mark.square) }
                                }
                            }
                        }
                        ul class="govuk-list" { @for spot in &mark.spots { li { (line(spot)) } } }
                    }
                }
            }
        }
    }
}

fn line(spot: &Spot<'_>) -> Markup {
    html! {
        a class="govuk-link" data-result href={ "/records/" (spot.hit.reference) } { (spot.hit.name) }
        " (" (words::kind_title(spot.hit.kind)) ", " (spot.hit.reference) "): " (show::place(spot.place))
    }
}
