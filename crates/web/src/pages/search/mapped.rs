//! Where answers lie on a map: their points in the National Grid, what the map shows of it, and which points stand
//! so close that they are one mark.

use desk::find::Found;
use model::Place;
use model::identifiers::grid_reference::GridSquare;

/// The drawing, in its own units.
pub(super) const WIDTH: f64 = 480.0;
pub(super) const HEIGHT: f64 = 400.0;
/// Units within which points are one mark, so that no two marks lie over each other.
const TOGETHER: f64 = 32.0;
/// Squares from side to side at most.
const MOST_SQUARES: f64 = 8.0;
/// The least width of a map, in metres.
const LEAST: f64 = 4_000.0;
/// The grid, in metres.
const GRID: (f64, f64) = (700_000.0, 1_300_000.0);
/// Sides of the squares that a reference can name, in metres.
const SIDES: [u32; 4] = [100, 1_000, 10_000, 100_000];

/// Side of the largest square whose reference has figures, in metres.
const LARGEST_NAMED: u32 = 10_000;

/// What a square is called: its letters alone where it is as large as those.
pub(super) fn name_of(square: GridSquare) -> String {
    let name = square.to_string();
    if square.side > LARGEST_NAMED { name.chars().take(2).collect() } else { name }
}

/// One place of one answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'a> {
    pub hit: &'a Found,
    pub place: &'a Place,
    /// Its metre of the grid; `None` outside Great Britain.
    pub square: Option<GridSquare>,
}

/// Every place of these answers.
pub(super) fn spots(found: &[Found]) -> Vec<Spot<'_>> {
    let of_hit = |hit| places_of(hit).map(move |place| Spot { hit, place, square: square_of(place) });
    found.iter().flat_map(of_hit).collect()
}

fn places_of(hit: &Found) -> impl Iterator<Item = &Place> {
    hit.places.iter()
}

fn square_of(place: &Place) -> Option<GridSquare> {
    let (latitude, longitude) = place.degrees()?;
    GridSquare::of_degrees(latitude, longitude)
}

/// What the map shows: metres of the grid, and the squares that are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Extent {
    pub west: f64,
    pub south: f64,
    /// Metres of one unit of the drawing.
    pub scale: f64,
    /// Side of the squares that are drawn, in metres.
    pub side: u32,
}

/// A mark of the map: what stands close together.
#[derive(Debug)]
pub(super) struct Mark<'a> {
    pub x: f64,
    pub y: f64,
    pub spots: Vec<Spot<'a>>,
    /// The square of the drawn grid in which it stands.
    pub square: GridSquare,
}

impl Extent {
    /// What shows all of these; `None` where there are none.
    pub(super) fn of(squares: impl Iterator<Item = GridSquare> + Clone) -> Option<Self> {
        let east = || squares.clone().map(|square| f64::from(square.easting));
        let north = || squares.clone().map(|square| f64::from(square.northing));
        let span = |values: Vec<f64>| {
            let least = values.iter().copied().reduce(f64::min)?;
            let most = values.iter().copied().reduce(f64::max)?;
            Some((least, most))
        };
        let ((west, east), (south, north)) = (span(east().collect())?, span(north().collect())?);
        // A tenth around, in the shape of the drawing.
        let width = ((east - west) * 1.2).max((north - south) * 1.2 * WIDTH / HEIGHT).max(LEAST);
        let scale = width / WIDTH;
        let side =
            SIDES.into_iter().find(|side| width / f64::from(*side) <= MOST_SQUARES).unwrap_or(SIDES[3]);
        let (middle_east, middle_north) = (f64::midpoint(west, east), f64::midpoint(south, north));
        Some(Self {
            west: middle_east - width / 2.0,
            south: middle_north - scale * HEIGHT / 2.0,
            scale,
            side,
        })
    }

    /// Where a point of the grid stands in the drawing, to a tenth of a unit.
    pub(super) fn at(&self, easting: f64, northing: f64) -> (f64, f64) {
        let tenth = |value: f64| (value * 10.0).round() / 10.0;
        let (x, y) = ((easting - self.west) / self.scale, HEIGHT - (northing - self.south) / self.scale);
        (tenth(x), tenth(y))
    }

    /// The middle of a metre of the grid.
    pub(super) fn middle(&self, square: GridSquare) -> (f64, f64) {
        self.at(f64::from(square.easting) + 0.5, f64::from(square.northing) + 0.5)
    }

    pub(super) fn width(&self) -> f64 {
        self.scale * WIDTH
    }

    pub(super) fn height(&self) -> f64 {
        self.scale * HEIGHT
    }

    /// The squares that are drawn, by their south-west corners.
    pub(super) fn squares(&self) -> Vec<GridSquare> {
        let (across, up) = (
            steps(self.west, self.width(), self.side, GRID.0),
            steps(self.south, self.height(), self.side, GRID.1),
        );
        let of_row = |northing: u32| {
            across.iter().map(move |easting| GridSquare { easting: *easting, northing, side: self.side })
        };
        up.iter().flat_map(|northing| of_row(*northing)).collect()
    }

    /// What stands close together, from the north on: each place with the first before it that is near.
    pub(super) fn marks<'a>(&self, spots: &[Spot<'a>]) -> Vec<Mark<'a>> {
        let mut marks: Vec<Mark<'a>> = Vec::new();
        for spot in spots {
            let Some(square) = spot.square else { continue };
            let (x, y) = self.middle(square);
            let near = |mark: &&mut Mark<'a>| (mark.x - x).hypot(mark.y - y) <= TOGETHER;
            match marks.iter_mut().find(near) {
                Some(mark) => mark.spots.push(*spot),
                None => marks.push(Mark { x, y, square: self.drawn_square(square), spots: vec![*spot] }),
            }
        }
        marks.sort_by(|one, other| one.y.total_cmp(&other.y).then(one.x.total_cmp(&other.x)));
        marks
    }

    /// The square in which a metre lies: of the drawn grid, or the largest that a reference with figures names.
    fn drawn_square(&self, metre: GridSquare) -> GridSquare {
        let side = self.side.min(LARGEST_NAMED);
        let whole = |metres: u32| metres / side * side;
        GridSquare { easting: whole(metre.easting), northing: whole(metre.northing), side }
    }
}

/// The multiples of a side from the one below a start to the last before its end, within the grid.
fn steps(start: f64, length: f64, side: u32, most: f64) -> Vec<u32> {
    let first = (start.max(0.0) / f64::from(side)).floor() as u32;
    let end = (start + length).min(most);
    (first..).map(|step| step.saturating_mul(side)).take_while(|at| f64::from(*at) < end).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(easting: u32, northing: u32) -> GridSquare {
        GridSquare { easting, northing, side: 1 }
    }

    #[test]
    fn a_map_holds_all_its_points_whatever_their_shape() {
        for points in [
            vec![square(438_700, 114_800)],
            vec![square(438_700, 114_800), square(439_700, 119_800)],
            vec![square(134_000, 25_000), square(413_000, 846_000), square(655_000, 293_000)],
            vec![square(0, 0), square(699_999, 1_299_999)],
        ] {
            let extent = Extent::of(points.iter().copied()).unwrap();
            for point in &points {
                let (x, y) = extent.middle(*point);
                assert!((0.0..=WIDTH).contains(&x) && (0.0..=HEIGHT).contains(&y), "{point} at {x}, {y}");
            }
            let drawn = extent.squares();
            assert!((1..=120).contains(&drawn.len()), "{} squares", drawn.len());
        }
        assert_eq!(Extent::of(std::iter::empty::<GridSquare>()), None);
    }

    #[test]
    fn places_close_together_are_one_mark_and_none_is_lost() {
        let places: Vec<Place> = [(51.5074, -0.1278), (51.5075, -0.1279), (51.5474, -0.1278)]
            .map(|(latitude, longitude)| {
                let micro = |degrees: f64| Some((degrees * 1e6) as i32);
                Place { latitude: micro(latitude), longitude: micro(longitude), ..Place::default() }
            })
            .into();
        let found = Found {
            record: model::RecordId(uuid::Uuid::nil()),
            reference: "SS-0000001-A".to_owned(),
            kind: "stop-and-search",
            name: "a stop".to_owned(),
            score: 0.0,
            probability: None,
            why: Vec::new(),
            happened: None,
            unit: None,
            places,
        };
        let all = spots(std::slice::from_ref(&found));
        let extent = Extent::of(all.iter().filter_map(|spot| spot.square)).unwrap();
        let marks = extent.marks(&all);
        assert_eq!(
            marks.iter().map(|mark| mark.spots.len()).collect::<Vec<_>>(),
            [1, 2],
            "from the north on"
        );
        assert_eq!(marks[1].square.to_string(), "TQ3080");
    }

    #[test]
    fn squares_are_named_as_on_other_maps() {
        let large = GridSquare { easting: 500_000, northing: 100_000, side: 100_000 };
        assert_eq!(name_of(large), "TQ");
        let extent = Extent::of([square(438_700, 114_800), square(441_200, 116_100)].into_iter()).unwrap();
        assert_eq!(extent.side, 1_000);
        let names: Vec<String> = extent.squares().into_iter().map(name_of).collect();
        assert!(names.contains(&"SU3814".to_owned()) && names.contains(&"SU4116".to_owned()), "{names:?}");
    }
}
