//! Points, circles and shapes on the ground, exactly: which points lie in them.
//!
//! Distances are those of great circles on a sphere of [`EARTH`] metres; they differ from those on the
//! ellipsoid by at most half a percent. Shapes are polygons whose sides are straight lines of latitude and
//! longitude, which on the scale of a country are straight on the map as well; they are tested in whole
//! millionths of a degree, without rounding.

pub(crate) mod cells;

/// Mean radius of the Earth in metres (IUGG).
const EARTH: f64 = 6_371_008.8;
/// Farthest that a circle may reach, in metres.
pub(crate) const MOST_METRES: u32 = 100_000;
/// Fewest and most corners of a shape.
pub(crate) const CORNERS: std::ops::RangeInclusive<usize> = 3..=100;
/// Widest that a shape may be, north to south and west to east, in millionths of a degree: it holds all of
/// Great Britain.
pub(crate) const WIDEST: i64 = 12_000_000;

/// A point in millionths of a degree (WGS 84), north and east positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) latitude: i32,
    pub(crate) longitude: i32,
}

/// Something that a point may lie in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    /// No farther from the centre than so many metres.
    Circle { centre: Spot, metres: u32 },
    /// Within these corners or on a side. Where sides cross, what is enclosed an odd number of times is in
    /// (the even-odd rule).
    Corners(Vec<Spot>),
}

impl Spot {
    /// A point; `None` where there is none of these degrees.
    pub(crate) fn new(latitude: i32, longitude: i32) -> Option<Self> {
        let is_one = (-90_000_000..=90_000_000).contains(&latitude)
            && (-180_000_000..=180_000_000).contains(&longitude);
        is_one.then_some(Self { latitude, longitude })
    }

    /// A point of degrees; `None` where there is none.
    pub(crate) fn of_degrees(latitude: f64, longitude: f64) -> Option<Self> {
        let millionths = |degrees: f64| {
            let whole = (degrees * 1e6).round();
            (whole.abs() <= 180_000_000.0).then_some(whole as i32)
        };
        Self::new(millionths(latitude)?, millionths(longitude)?)
    }

    /// A point as a number, for a column of them.
    pub(crate) fn packed(self) -> u64 {
        let octets = |part: i32| u64::from(u32::from_be_bytes(part.to_be_bytes()));
        octets(self.latitude) << 32 | octets(self.longitude)
    }

    /// The other way round.
    pub(crate) fn unpacked(packed: u64) -> Self {
        let [a, b, c, d, e, f, g, h] = packed.to_be_bytes();
        Self { latitude: i32::from_be_bytes([a, b, c, d]), longitude: i32::from_be_bytes([e, f, g, h]) }
    }

    /// Metres to another point, by the haversine formula.
    pub(crate) fn metres_to(self, other: Self) -> f64 {
        let radians = |millionths: i64| (millionths as f64 / 1e6).to_radians();
        let half = |one: i32, other: i32| (radians(i64::from(one) - i64::from(other)) / 2.0).sin().powi(2);
        let (north, south) = (radians(i64::from(self.latitude)), radians(i64::from(other.latitude)));
        let chord = half(self.latitude, other.latitude)
            + north.cos() * south.cos() * half(self.longitude, other.longitude);
        2.0 * EARTH * chord.clamp(0.0, 1.0).sqrt().asin()
    }

    /// East and north, for reckoning without rounding.
    fn point(self) -> (i64, i64) {
        (i64::from(self.longitude), i64::from(self.latitude))
    }
}

impl std::fmt::Display for Spot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{},{}", f64::from(self.latitude) / 1e6, f64::from(self.longitude) / 1e6)
    }
}

impl Shape {
    /// Whether a point lies in it.
    pub(crate) fn holds(&self, spot: Spot) -> bool {
        match self {
            Self::Circle { centre, metres } => centre.metres_to(spot) <= f64::from(*metres),
            Self::Corners(corners) => encloses(corners, spot.point()),
        }
    }
}

/// The sides of a shape, the last back to the first corner.
fn sides(corners: &[Spot]) -> impl Iterator<Item = ((i64, i64), (i64, i64))> + '_ {
    let next = corners.iter().cycle().skip(1);
    corners.iter().zip(next).map(|(from, to)| (from.point(), to.point()))
}

/// On which side of a line a point lies: positive, negative, or 0 on it. Differences are below 2^29, so
/// that the products fit.
fn turn((ax, ay): (i64, i64), (bx, by): (i64, i64), (x, y): (i64, i64)) -> i64 {
    (bx - ax) * (y - ay) - (by - ay) * (x - ax)
}

fn encloses(corners: &[Spot], point: (i64, i64)) -> bool {
    let (x, y) = point;
    let mut is_in = false;
    for (a, b) in sides(corners) {
        let side = turn(a, b, point);
        let is_beside =
            (a.0.min(b.0)..=a.0.max(b.0)).contains(&x) && (a.1.min(b.1)..=a.1.max(b.1)).contains(&y);
        if side == 0 && is_beside {
            return true;
        }
        // A ray to the east crosses the side where the side passes the point's height, east of it.
        let rises = b.1 > a.1;
        if (a.1 > y) != (b.1 > y) && (side > 0) == rises && side != 0 {
            is_in = !is_in;
        }
    }
    is_in
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spot(latitude: f64, longitude: f64) -> Spot {
        Spot::of_degrees(latitude, longitude).unwrap()
    }

    #[test]
    fn distances_are_those_of_the_sphere() {
        let (london, paris) = (spot(51.5074, -0.1278), spot(48.8566, 2.3522));
        assert!((london.metres_to(paris) - 343_557.0).abs() < 500.0, "{}", london.metres_to(paris));
        let degree = spot(0.0, 179.5).metres_to(spot(0.0, -179.5));
        assert!((degree - 111_195.0).abs() < 1.0, "across the date line: {degree}");
        assert_eq!(london.metres_to(london), 0.0);
    }

    #[test]
    fn sides_and_corners_are_within_and_crossings_follow_the_even_odd_rule() {
        let square = Shape::Corners(vec![spot(0.0, 0.0), spot(0.0, 1.0), spot(1.0, 1.0), spot(1.0, 0.0)]);
        for (latitude, longitude, is_in) in [
            (0.5, 0.5, true),
            (0.0, 0.0, true),
            (1.0, 0.5, true),
            (0.5, 1.0, true),
            (0.5, 1.000001, false),
            (-0.000001, 0.5, false),
            (1.0, 2.0, false),
        ] {
            assert_eq!(square.holds(spot(latitude, longitude)), is_in, "{latitude},{longitude}");
        }
        // A pentagram in one stroke: its points are in, its middle is enclosed twice and is out.
        let points = [(2, 0.0), (0, 0.0), (3, 0.0), (1, 0.0), (4, 0.0)].map(|(number, _)| {
            let angle = f64::from(number) * 72f64.to_radians();
            spot(angle.cos(), angle.sin())
        });
        let star = Shape::Corners(points.to_vec());
        assert!(!star.holds(spot(0.0, 0.0)), "the middle");
        assert!(star.holds(spot(0.8, 0.0)), "a point");
    }

    // Of a triangle there is another way to the same.
    proptest! {
        #[test]
        fn a_triangle_holds_what_lies_on_one_side_of_all_its_sides(
            corners in proptest::collection::vec((-40i32..40, -40i32..40), 3..=3),
            point in (-40i32..40, -40i32..40),
        ) {
            let spots: Vec<Spot> = corners.iter().map(|(y, x)| Spot::new(*y, *x).unwrap()).collect();
            let at = Spot::new(point.0, point.1).unwrap();
            let turns: Vec<i64> = sides(&spots).map(|(a, b)| turn(a, b, at.point())).collect();
            let area = turn(spots[0].point(), spots[1].point(), spots[2].point());
            prop_assume!(area != 0);
            let expected = turns.iter().all(|turn| *turn >= 0) || turns.iter().all(|turn| *turn <= 0);
            prop_assert_eq!(Shape::Corners(spots).holds(at), expected);
        }

        #[test]
        fn a_packed_point_is_the_point(latitude in -90_000_000..=90_000_000i32, longitude in -180_000_000..=180_000_000i32) {
            let spot = Spot::new(latitude, longitude).unwrap();
            prop_assert_eq!(Spot::unpacked(spot.packed()), spot);
        }
    }
}
