//! National Grid reference: two letters and an even number of digits, canonical without spaces
//! (`TQ3002080390`). Eastings and northings in metres (`530020, 180390`) are read too. A shorter
//! reference is a larger square: two digits are 10 km, ten digits are 1 m.

use super::osgb36::{self, Point};
use super::{Found, compact};

/// The letters of the squares; I is left out.
const LETTERS: &[u8; 25] = b"ABCDEFGHJKLMNOPQRSTUVWXYZ";
/// Side of a lettered square in metres.
const SQUARE: u32 = 100_000;
/// Metres from the false origin to the west and south edges of the square A of the first letters.
const WEST_OF_A: i64 = 1_000_000;
const NORTH_OF_A: i64 = 1_900_000;
/// The grid covers Great Britain: 700 km by 1,300 km.
const WIDTH: u32 = 700_000;
const HEIGHT: u32 = 1_300_000;
const MOST_DIGITS: usize = 10;

/// A square of the National Grid (OSGB36).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GridSquare {
    /// Metres east of the grid's false origin, of the south-west corner.
    pub easting: u32,
    /// Metres north of it, of the south-west corner.
    pub northing: u32,
    /// Side in metres: how exact the reference is.
    pub side: u32,
}

pub(super) fn read(raw: &str) -> Found {
    match parse(raw) {
        Some(square) => Found::formed(square.to_string()),
        None => {
            let warning = "A National Grid reference is two letters and 2, 4, 6, 8 or 10 digits, as in TQ 300 803, \
                           in a square of Great Britain; it is kept as given.";
            Found::unverified(compact(raw), warning.to_owned())
        }
    }
}

/// Reads a reference with letters, or easting and northing in whole metres with a comma or a space
/// between; `None` for what is neither, or lies outside the grid.
#[must_use]
pub fn parse(raw: &str) -> Option<GridSquare> {
    lettered(&compact(raw)).or_else(|| metres(raw))
}

fn lettered(text: &str) -> Option<GridSquare> {
    let (letters, digits) = text.split_at_checked(2)?;
    let figures = digits.len() / 2;
    let is_form = digits.len().is_multiple_of(2)
        && (2..=MOST_DIGITS).contains(&digits.len())
        && digits.bytes().all(|octet| octet.is_ascii_digit());
    let (west, south) = corner(letters).filter(|_| is_form)?;
    let (east, north) = digits.split_at(figures);
    let side = SQUARE / 10u32.pow(u32::try_from(figures).ok()?);
    let along = |text: &str| text.parse::<u32>().ok().map(|figures| figures * side);
    GridSquare { easting: west + along(east)?, northing: south + along(north)?, side }.inside()
}

/// South-west corner of a lettered square, where it lies in the grid.
fn corner(letters: &str) -> Option<(u32, u32)> {
    let mut places = letters.bytes().map(|letter| LETTERS.iter().position(|known| *known == letter));
    let (large, small) = (places.next()?? as i64, places.next()?? as i64);
    let side = i64::from(SQUARE);
    let east = (large % 5) * 5 * side + (small % 5) * side - WEST_OF_A;
    let north = NORTH_OF_A - (large / 5) * 5 * side - (small / 5) * side;
    Some((u32::try_from(east).ok()?, u32::try_from(north).ok()?))
}

fn metres(raw: &str) -> Option<GridSquare> {
    let mut parts = raw.split([',', ' ']).filter(|part| !part.is_empty());
    let (east, north) = (parts.next()?, parts.next()?);
    let number = |text: &str| super::digits(text, 7).and_then(|number| u32::try_from(number).ok());
    let square = GridSquare { easting: number(east)?, northing: number(north)?, side: 1 };
    parts.next().is_none().then_some(square)?.inside()
}

impl GridSquare {
    fn inside(self) -> Option<Self> {
        (self.easting < WIDTH && self.northing < HEIGHT).then_some(self)
    }

    /// The square of one metre that holds a point given in degrees (WGS 84), to the accuracy of
    /// [`osgb36`]; `None` outside the grid.
    #[must_use]
    pub fn of_degrees(latitude: f64, longitude: f64) -> Option<Self> {
        let point = osgb36::from_wgs84(latitude, longitude);
        let whole = |metres: f64| (0.0..2e6).contains(&metres).then_some(metres as u32);
        Self { easting: whole(point.easting)?, northing: whole(point.northing)?, side: 1 }.inside()
    }

    /// Latitude and longitude in degrees (WGS 84) of the square's middle, to the accuracy of
    /// [`osgb36`].
    #[must_use]
    pub fn degrees(self) -> (f64, f64) {
        let half = f64::from(self.side) / 2.0;
        osgb36::to_wgs84(Point {
            easting: f64::from(self.easting) + half,
            northing: f64::from(self.northing) + half,
        })
    }
}

impl std::fmt::Display for GridSquare {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (east, north) = (self.easting / SQUARE, self.northing / SQUARE);
        // Both are below 7 and 13, so every index lies in the five by five letters.
        let (across, down) = (east + 10, 19 - north);
        let large = (down / 5) * 5 + across / 5;
        let small = (down % 5) * 5 + across % 5;
        let letter = |at: u32| LETTERS.get(at as usize).map_or('?', |letter| char::from(*letter));
        let side = self.side.max(1);
        let figures = (SQUARE / side).checked_ilog10().unwrap_or(0) as usize;
        write!(
            f,
            "{}{}{:0figures$}{:0figures$}",
            letter(large),
            letter(small),
            self.easting % SQUARE / side,
            self.northing % SQUARE / side,
        )
    }
}
