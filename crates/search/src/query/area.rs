//! Places in a query: `near:51.5074,-0.1278~500m`, `near:SU387148~1km`, `within:(51.5,-0.1 51.6,-0.1 51.6,0)`.

use super::QueryError;
use crate::geography::{CORNERS, MOST_METRES, Shape, Spot, WIDEST};
use model::identifiers::grid_reference;

/// Reads what follows `near:`: a point and a distance.
///
/// # Errors
/// Names the character from which it cannot be read; the text begins at `at`.
pub(super) fn near(text: &str, at: usize) -> Result<Shape, QueryError> {
    let Some((place, distance)) = text.split_once('~') else {
        let end = at + text.chars().count();
        return Err(QueryError::new(end, "a distance was expected after the place, as in ~500m or ~2km"));
    };
    let centre = point(place, at)?;
    let metres = metres(distance, at + place.chars().count() + 1)?;
    Ok(Shape::Circle { centre, metres })
}

/// Degrees, or a reference of the National Grid, which stands for the middle of its square. Numbers that no
/// circle has as degrees are metres of the grid.
fn point(text: &str, at: usize) -> Result<Spot, QueryError> {
    let as_degrees = degrees(text, at);
    let is_beyond = |figure: &str| number(figure).is_some_and(|figure| figure > 360.0);
    let is_grid = text.trim().starts_with(char::is_alphabetic) || text.split(',').any(is_beyond);
    if as_degrees.is_ok() || !is_grid {
        return as_degrees;
    }
    let square = grid_reference::parse(text.trim()).map(grid_reference::GridSquare::degrees);
    let spot = square.and_then(|(latitude, longitude)| Spot::of_degrees(latitude, longitude));
    spot.map_or(as_degrees, Ok)
}

fn degrees(text: &str, at: usize) -> Result<Spot, QueryError> {
    let wrong = |at: usize, text: &str| {
        let problem = format!(
            "latitude and longitude in degrees (51.5074,-0.1278) or a National Grid reference (SU387148) were expected, not “{text}”"
        );
        QueryError::new(at, problem)
    };
    let Some((latitude, longitude)) = text.split_once(',') else { return Err(wrong(at, text)) };
    let north = number(latitude).ok_or_else(|| wrong(at, text))?;
    let longitude_at = at + latitude.chars().count() + 1;
    let east = number(longitude).ok_or_else(|| wrong(longitude_at, text))?;
    if north.abs() > 90.0 {
        return Err(QueryError::new(
            at,
            "a latitude between -90 and 90 degrees was expected, before the longitude",
        ));
    }
    Spot::of_degrees(north, east)
        .ok_or_else(|| QueryError::new(longitude_at, "a longitude between -180 and 180 degrees was expected"))
}

/// A plain decimal number; not the other things that Rust reads as one, such as `inf` and `1e5`.
fn number(text: &str) -> Option<f64> {
    let text = text.trim().replace('−', "-");
    let is_plain = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '.'));
    text.parse().ok().filter(|_| is_plain)
}

fn metres(text: &str, at: usize) -> Result<u32, QueryError> {
    let text = text.trim().to_ascii_lowercase();
    let (figure, unit) = match (text.strip_suffix("km"), text.strip_suffix('m')) {
        (Some(figure), _) => (figure, 1000.0),
        (None, Some(figure)) => (figure, 1.0),
        (None, None) => (text.as_str(), f64::NAN),
    };
    let metres = number(figure).map_or(f64::NAN, |figure| (figure * unit).round());
    if metres.is_nan() {
        let problem = format!("a distance in metres or kilometres (500m, 2km) was expected, not “{text}”");
        return Err(QueryError::new(at, problem));
    }
    match (1.0..=f64::from(MOST_METRES)).contains(&metres) {
        true => Ok(metres as u32),
        false => Err(QueryError::new(
            at,
            format!(
                "a distance from 1m to {}km was expected: for more, give a shape with within:",
                MOST_METRES / 1000
            ),
        )),
    }
}

/// Reads what stands in the parentheses after `within:`: corners, parted by spaces.
///
/// # Errors
/// Names the character from which it cannot be read; the text begins at `at`.
pub(super) fn within(text: &str, at: usize) -> Result<Shape, QueryError> {
    let mut corners = Vec::new();
    let mut place = at;
    for written in text.split(char::is_whitespace) {
        if !written.is_empty() {
            corners.push(degrees(written, place)?);
        }
        place += written.chars().count() + 1;
    }
    // Many programs give the first corner again at the end.
    if corners.len() > 1 && corners.first() == corners.last() {
        corners.pop();
    }
    if !CORNERS.contains(&corners.len()) {
        let problem = format!(
            "{} to {} corners were expected, each as latitude,longitude with a space between them: there are {}",
            CORNERS.start(),
            CORNERS.end(),
            corners.len()
        );
        return Err(QueryError::new(at, problem));
    }
    if width(&corners, |spot| spot.latitude).max(width(&corners, |spot| spot.longitude)) > WIDEST {
        let problem = format!(
            "a shape may be at most {} degrees wide and high: a smaller one was expected",
            WIDEST / 1_000_000
        );
        return Err(QueryError::new(at, problem));
    }
    Ok(Shape::Corners(corners))
}

fn width(corners: &[Spot], part: fn(&Spot) -> i32) -> i64 {
    let parts = || corners.iter().map(part).map(i64::from);
    parts().max().unwrap_or(0) - parts().min().unwrap_or(0)
}
