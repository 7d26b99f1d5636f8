//! The squares by which points are looked up. Each point lies in one square of each [`LEVELS`]; a circle or
//! shape is covered by few squares, those that lie wholly in it and those on its edge, whose points are
//! tested one by one.

use super::{EARTH, Shape, Spot, encloses, sides, turn};

/// Sides of the squares in binary digits of a millionth of a degree: about 1°, 0.26°, 0.066°, 0.016° and
/// 0.004°, which from north to south are 117 km, 29 km, 7.3 km, 1.8 km and 455 m.
const LEVELS: [u32; 5] = [20, 18, 16, 14, 12];
/// A square splits into so many along each side.
const SPLIT: u32 = 4;
/// Squares are split no further once there would be more of them than this.
pub(crate) const MOST_CELLS: usize = 512;
/// A square counts as within a circle only where its corners are by so many metres: more than all rounding.
const MARGIN: f64 = 1.0;

/// South-west corner of all squares.
const SOUTH: i64 = -90_000_000;
const WEST: i64 = -180_000_000;
/// All the way round.
const ROUND: i64 = 360_000_000;

/// A square.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Cell {
    level: usize,
    up: u32,
    along: u32,
}

/// The squares that cover a shape.
#[derive(Debug, Default)]
pub(crate) struct Cover {
    /// All of whose points lie in the shape.
    pub(crate) inside: Vec<Cell>,
    /// Some of whose points may.
    pub(crate) edge: Vec<Cell>,
}

/// Which of a square's points lie in a shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    Some,
    None,
}

/// The points of a square or of a box, both ends included, in millionths of a degree.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    south: i64,
    north: i64,
    west: i64,
    east: i64,
}

impl Cell {
    fn of(spot: Spot, level: usize) -> Self {
        let place = |from: i64, at: i32| ((i64::from(at) - from) >> LEVELS[level]) as u32;
        Self { level, up: place(SOUTH, spot.latitude), along: place(WEST, spot.longitude) }
    }

    /// The term of the square.
    pub(crate) fn term(self) -> String {
        format!("{}.{:x}.{:x}", self.level, self.up, self.along)
    }

    fn bounds(self) -> Bounds {
        let side = 1i64 << LEVELS[self.level];
        let (south, west) = (SOUTH + i64::from(self.up) * side, WEST + i64::from(self.along) * side);
        Bounds { south, north: south + side - 1, west, east: west + side - 1 }
    }

    fn split(self) -> impl Iterator<Item = Self> {
        let within =
            move |number: u32| (self.up * SPLIT + number / SPLIT, self.along * SPLIT + number % SPLIT);
        (0..SPLIT * SPLIT).map(within).map(move |(up, along)| Self { level: self.level + 1, up, along })
    }
}

/// The terms of the squares in which a point lies.
pub(crate) fn terms(spot: Spot) -> impl Iterator<Item = String> {
    (0..LEVELS.len()).map(move |level| Cell::of(spot, level).term())
}

/// The squares that cover a shape: it lies in them, and as much as possible of them in it.
pub(crate) fn cover(shape: &Shape) -> Cover {
    let mut cover = Cover::default();
    let first = boxes(shape).iter().flat_map(|bounds| largest(*bounds)).collect();
    sort(&mut cover, shape, first);
    for _ in 1..LEVELS.len() {
        let split: Vec<Cell> = cover.edge.iter().flat_map(|cell| cell.split()).collect();
        let mut finer = Cover { inside: cover.inside.clone(), edge: Vec::new() };
        sort(&mut finer, shape, split);
        if finer.inside.len() + finer.edge.len() > MOST_CELLS {
            break;
        }
        cover = finer;
    }
    cover
}

fn sort(cover: &mut Cover, shape: &Shape, cells: Vec<Cell>) {
    for cell in cells {
        match part(shape, cell.bounds()) {
            Part::All => cover.inside.push(cell),
            Part::Some => cover.edge.push(cell),
            Part::None => {}
        }
    }
}

/// The boxes in which a shape lies: two where a circle reaches over the date line.
fn boxes(shape: &Shape) -> Vec<Bounds> {
    let bounds = match shape {
        Shape::Circle { centre, metres } => around(*centre, *metres),
        Shape::Corners(corners) => {
            let range = |part: fn(&Spot) -> i32| {
                let parts = || corners.iter().map(part).map(i64::from);
                (parts().min().unwrap_or(0), parts().max().unwrap_or(-1))
            };
            let ((south, north), (west, east)) = (range(|spot| spot.latitude), range(|spot| spot.longitude));
            Bounds { south, north, west, east }
        }
    };
    let over = |shift: i64| {
        let (west, east) = ((bounds.west + shift).max(WEST), (bounds.east + shift).min(WEST + ROUND));
        (west <= east).then_some(Bounds { west, east, ..bounds })
    };
    [0, -ROUND, ROUND].into_iter().filter_map(over).collect()
}

/// The box around a circle; all the way round where the circle reaches a pole.
fn around(centre: Spot, metres: u32) -> Bounds {
    let angle = (f64::from(metres) + MARGIN) / EARTH;
    let up = (angle.to_degrees() * 1e6).ceil() as i64;
    let ((x, y), cos) = (centre.point(), (f64::from(centre.latitude) / 1e6).to_radians().cos());
    let ratio = angle.sin() / cos;
    let along = match y.abs() + up < -SOUTH && ratio < 1.0 {
        true => (ratio.asin().to_degrees() * 1e6).ceil() as i64,
        false => ROUND / 2,
    };
    Bounds { south: (y - up).max(SOUTH), north: (y + up).min(-SOUTH), west: x - along, east: x + along }
}

/// The largest squares that a box touches.
fn largest(bounds: Bounds) -> Vec<Cell> {
    let place = |at: i64, from: i64| ((at - from) >> LEVELS[0]) as u32;
    let (south, north) = (place(bounds.south, SOUTH), place(bounds.north, SOUTH));
    let (west, east) = (place(bounds.west, WEST), place(bounds.east, WEST));
    (south..=north).flat_map(|up| (west..=east).map(move |along| Cell { level: 0, up, along })).collect()
}

fn part(shape: &Shape, cell: Bounds) -> Part {
    match shape {
        Shape::Circle { centre, metres } => part_of_circle(*centre, *metres, cell),
        Shape::Corners(corners) => part_of_corners(corners, cell),
    }
}

/// The farthest point of a square is one of its corners: along a parallel the distance grows with the
/// difference of longitude, and along a meridian it is least at one point and grows from there.
fn part_of_circle(centre: Spot, metres: u32, cell: Bounds) -> Part {
    let farthest = f64::from(metres) - MARGIN;
    if cell.corners().into_iter().all(|corner| corner.is_some_and(|spot| centre.metres_to(spot) <= farthest))
    {
        return Part::All;
    }
    let around = around(centre, metres);
    let meets =
        |shift: i64| cell.meets(Bounds { west: around.west + shift, east: around.east + shift, ..around });
    match [0, -ROUND, ROUND].into_iter().any(meets) {
        true => Part::Some,
        false => Part::None,
    }
}

fn part_of_corners(corners: &[Spot], cell: Bounds) -> Part {
    if sides(corners).any(|(a, b)| cell.is_touched(a, b)) {
        return Part::Some;
    }
    // No side enters it, so that all of it lies as its corner does.
    match encloses(corners, (cell.west, cell.south)) {
        true => Part::All,
        false => Part::None,
    }
}

impl Bounds {
    fn meets(&self, other: Self) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.south <= other.north
            && other.south <= self.north
    }

    fn points(&self) -> [(i64, i64); 4] {
        let Self { south, north, west, east } = *self;
        [(west, south), (east, south), (west, north), (east, north)]
    }

    /// The corners; those beyond a pole or the date line are none.
    fn corners(&self) -> [Option<Spot>; 4] {
        self.points().map(|(x, y)| Spot::new(i32::try_from(y).ok()?, i32::try_from(x).ok()?))
    }

    /// Whether a side has a point in it: their boxes meet, and its corners do not all lie to one side.
    fn is_touched(&self, a: (i64, i64), b: (i64, i64)) -> bool {
        let of_side =
            Self { south: a.1.min(b.1), north: a.1.max(b.1), west: a.0.min(b.0), east: a.0.max(b.0) };
        let turns = self.points().map(|point| turn(a, b, point));
        self.meets(of_side) && !turns.iter().all(|turn| *turn > 0) && !turns.iter().all(|turn| *turn < 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// What the index does: a point is found by a square that lies inside, or by one on the edge and its test.
    fn is_found(shape: &Shape, cover: &Cover, spot: Spot) -> bool {
        let terms: BTreeSet<String> = terms(spot).collect();
        let has = |cells: &[Cell]| cells.iter().any(|cell| terms.contains(&cell.term()));
        has(&cover.inside) || (has(&cover.edge) && shape.holds(spot))
    }

    fn spots(middle: (i32, i32), reach: i32) -> impl Strategy<Value = Spot> {
        let near = |at: i32, most: i32| (at - reach).max(-most)..=(at + reach).min(most);
        (near(middle.0, 90_000_000), near(middle.1, 180_000_000))
            .prop_map(|(latitude, longitude)| Spot { latitude, longitude })
    }

    proptest! {
        #[test]
        fn a_circle_finds_what_is_near_enough_and_nothing_else(
            middle in prop_oneof![Just((51_507_400, -127_800)), Just((0, 179_999_999)), Just((89_500_000, 0)), Just((-40_000_000, -180_000_000))],
            metres in prop_oneof![1u32..2_000, 1u32..=100_000],
            points in proptest::collection::vec((-1.5f64..1.5, -1.5f64..1.5), 40),
        ) {
            let centre = Spot { latitude: middle.0, longitude: middle.1 };
            let shape = Shape::Circle { centre, metres };
            let cover = cover(&shape);
            // Points about the circle's own size away, on either side of its edge.
            let size = f64::from(metres) / EARTH;
            let cos = (f64::from(middle.0) / 1e6).to_radians().cos();
            for (up, along) in points {
                let latitude = f64::from(middle.0) / 1e6 + (up * size).to_degrees();
                let longitude = f64::from(middle.1) / 1e6 + (along * size / cos).to_degrees();
                let longitude = (longitude + 540.0).rem_euclid(360.0) - 180.0;
                let Some(spot) = Spot::of_degrees(latitude, longitude) else { continue };
                prop_assert_eq!(is_found(&shape, &cover, spot), shape.holds(spot), "{}", spot);
            }
        }

        #[test]
        fn a_shape_finds_what_lies_in_it_and_nothing_else(
            corners in proptest::collection::vec(spots((53_000_000, -1_500_000), 3_000_000), 3..12),
            points in proptest::collection::vec(spots((53_000_000, -1_500_000), 3_500_000), 60),
        ) {
            let shape = Shape::Corners(corners.clone());
            let cover = cover(&shape);
            for spot in points.into_iter().chain(corners) {
                prop_assert_eq!(is_found(&shape, &cover, spot), shape.holds(spot), "{}", spot);
            }
        }
    }

    #[test]
    fn few_squares_cover_a_shape_and_most_of_it_from_inside() {
        let centre = Spot::of_degrees(51.5074, -0.1278).unwrap();
        for metres in [1, 100, 500, 5_000, 50_000, super::super::MOST_METRES] {
            let cover = cover(&Shape::Circle { centre, metres });
            assert!(cover.inside.len() + cover.edge.len() <= MOST_CELLS, "{metres}");
            assert!(!cover.edge.is_empty());
        }
        let britain = [(49.0, -8.0), (49.0, 2.0), (61.0, 2.0), (61.0, -8.0)];
        let corners = britain.map(|(north, east)| Spot::of_degrees(north, east).unwrap());
        let cover = cover(&Shape::Corners(corners.to_vec()));
        assert!(cover.inside.len() + cover.edge.len() <= MOST_CELLS, "{}", cover.inside.len());
        assert!(!cover.inside.is_empty());
    }
}
