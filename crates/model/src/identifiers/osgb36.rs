//! Between WGS 84 latitude and longitude and the National Grid (OSGB36), by the seven-parameter
//! Helmert transform and the transverse Mercator projection of Ordnance Survey, *A Guide to
//! Coordinate Systems in Great Britain*, annexes B and C.
//!
//! Accuracy: Ordnance Survey states about 5 m; on the published points of the tests the error is
//! below 5 m. Enough to find a building's neighbourhood, not to survey it: the exact transform
//! (OSTN15) needs a grid of shifts that is not part of this program.

/// A point of the National Grid in metres from its false origin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Metres east.
    pub easting: f64,
    /// Metres north.
    pub northing: f64,
}

/// An ellipsoid by its half axes in metres.
struct Ellipsoid {
    a: f64,
    b: f64,
}

const AIRY_1830: Ellipsoid = Ellipsoid { a: 6_377_563.396, b: 6_356_256.909 };
const WGS_84: Ellipsoid = Ellipsoid { a: 6_378_137.0, b: 6_356_752.314_245 };

/// Scale on the central meridian.
const F0: f64 = 0.999_601_271_7;
/// True origin, in degrees.
const LATITUDE_0: f64 = 49.0;
const LONGITUDE_0: f64 = -2.0;
/// The true origin in the grid, in metres.
const EASTING_0: f64 = 400_000.0;
const NORTHING_0: f64 = -100_000.0;

/// From WGS 84 to OSGB36: shifts in metres, rotations in seconds of arc, scale in parts per million.
const SHIFT: [f64; 3] = [-446.448, 125.157, -542.060];
const ROTATION: [f64; 3] = [-0.1502, -0.2470, -0.8421];
const SCALE: f64 = 20.4894;

/// Grid point of a latitude and longitude in degrees (WGS 84).
#[must_use]
pub fn from_wgs84(latitude: f64, longitude: f64) -> Point {
    let there = helmert(WGS_84.cartesian(latitude.to_radians(), longitude.to_radians()), 1.0);
    let (latitude, longitude) = AIRY_1830.geodetic(there);
    project(latitude, longitude)
}

/// Latitude and longitude in degrees (WGS 84) of a grid point.
#[must_use]
pub fn to_wgs84(point: Point) -> (f64, f64) {
    let (latitude, longitude) = unproject(point);
    let there = helmert(AIRY_1830.cartesian(latitude, longitude), -1.0);
    let (latitude, longitude) = WGS_84.geodetic(there);
    (latitude.to_degrees(), longitude.to_degrees())
}

/// With `sign` -1 the transform goes back; the parameters are so small that turning their signs
/// around is exact to a centimetre.
fn helmert([x, y, z]: [f64; 3], sign: f64) -> [f64; 3] {
    let [tx, ty, tz] = SHIFT.map(|metres| sign * metres);
    let [rx, ry, rz] = ROTATION.map(|seconds| sign * (seconds / 3600.0).to_radians());
    let s = 1.0 + sign * SCALE * 1e-6;
    [tx + s * x - rz * y + ry * z, ty + rz * x + s * y - rx * z, tz - ry * x + rx * y + s * z]
}

impl Ellipsoid {
    /// Square of the eccentricity.
    fn e2(&self) -> f64 {
        1.0 - (self.b * self.b) / (self.a * self.a)
    }

    fn cartesian(&self, latitude: f64, longitude: f64) -> [f64; 3] {
        let nu = self.a / (1.0 - self.e2() * latitude.sin().powi(2)).sqrt();
        [
            nu * latitude.cos() * longitude.cos(),
            nu * latitude.cos() * longitude.sin(),
            nu * (1.0 - self.e2()) * latitude.sin(),
        ]
    }

    fn geodetic(&self, [x, y, z]: [f64; 3]) -> (f64, f64) {
        let p = x.hypot(y);
        let mut latitude = z.atan2(p * (1.0 - self.e2()));
        // Each round gains three digits; six are beyond what a double holds.
        for _ in 0..6 {
            let nu = self.a / (1.0 - self.e2() * latitude.sin().powi(2)).sqrt();
            latitude = (z + self.e2() * nu * latitude.sin()).atan2(p);
        }
        (latitude, y.atan2(x))
    }
}

/// The values at a latitude that both directions of the projection need.
struct At {
    nu: f64,
    rho: f64,
    eta2: f64,
}

impl At {
    fn latitude(latitude: f64) -> Self {
        let e2 = AIRY_1830.e2();
        let w = 1.0 - e2 * latitude.sin().powi(2);
        let nu = AIRY_1830.a * F0 / w.sqrt();
        let rho = AIRY_1830.a * F0 * (1.0 - e2) / w.powf(1.5);
        Self { nu, rho, eta2: nu / rho - 1.0 }
    }
}

/// Length of the meridian from the true origin to a latitude, in metres.
fn meridian(latitude: f64) -> f64 {
    let n = (AIRY_1830.a - AIRY_1830.b) / (AIRY_1830.a + AIRY_1830.b);
    let (n2, n3) = (n * n, n * n * n);
    let (less, more) = (latitude - LATITUDE_0.to_radians(), latitude + LATITUDE_0.to_radians());
    let sum = (1.0 + n + 1.25 * (n2 + n3)) * less - (3.0 * (n + n2) + 2.625 * n3) * less.sin() * more.cos()
        + 1.875 * (n2 + n3) * (2.0 * less).sin() * (2.0 * more).cos()
        - 35.0 / 24.0 * n3 * (3.0 * less).sin() * (3.0 * more).cos();
    AIRY_1830.b * F0 * sum
}

/// Grid point of a latitude and longitude on the Airy ellipsoid, in radians.
fn project(latitude: f64, longitude: f64) -> Point {
    let At { nu, rho, eta2 } = At::latitude(latitude);
    let (sin, cos) = latitude.sin_cos();
    let tan2 = latitude.tan().powi(2);
    let tan4 = tan2 * tan2;
    let l = longitude - LONGITUDE_0.to_radians();
    let two = nu / 2.0 * sin * cos;
    let three = nu / 24.0 * sin * cos.powi(3) * (5.0 - tan2 + 9.0 * eta2);
    let three_a = nu / 720.0 * sin * cos.powi(5) * (61.0 - 58.0 * tan2 + tan4);
    let four = nu * cos;
    let five = nu / 6.0 * cos.powi(3) * (nu / rho - tan2);
    let six = nu / 120.0 * cos.powi(5) * (5.0 - 18.0 * tan2 + tan4 + 14.0 * eta2 - 58.0 * tan2 * eta2);
    Point {
        easting: EASTING_0 + four * l + five * l.powi(3) + six * l.powi(5),
        northing: meridian(latitude) + NORTHING_0 + two * l.powi(2) + three * l.powi(4) + three_a * l.powi(6),
    }
}

/// Latitude and longitude on the Airy ellipsoid, in radians.
fn unproject(point: Point) -> (f64, f64) {
    let north = point.northing - NORTHING_0;
    let mut foot = north / (AIRY_1830.a * F0) + LATITUDE_0.to_radians();
    // Each round leaves a thousandth of the fault: six leave less than a micrometre.
    for _ in 0..6 {
        foot += (north - meridian(foot)) / (AIRY_1830.a * F0);
    }
    let At { nu, rho, eta2 } = At::latitude(foot);
    let (tan, sec) = (foot.tan(), 1.0 / foot.cos());
    let (tan2, tan4) = (tan.powi(2), tan.powi(4));
    let seven = tan / (2.0 * rho * nu);
    let eight = tan / (24.0 * rho * nu.powi(3)) * (5.0 + 3.0 * tan2 + eta2 - 9.0 * tan2 * eta2);
    let nine = tan / (720.0 * rho * nu.powi(5)) * (61.0 + 90.0 * tan2 + 45.0 * tan4);
    let ten = sec / nu;
    let eleven = sec / (6.0 * nu.powi(3)) * (nu / rho + 2.0 * tan2);
    let twelve = sec / (120.0 * nu.powi(5)) * (5.0 + 28.0 * tan2 + 24.0 * tan4);
    let twelve_a = sec / (5040.0 * nu.powi(7)) * (61.0 + 662.0 * tan2 + 1320.0 * tan4 + 720.0 * tan4 * tan2);
    let e = point.easting - EASTING_0;
    let latitude = foot - seven * e.powi(2) + eight * e.powi(4) - nine * e.powi(6);
    let longitude =
        LONGITUDE_0.to_radians() + ten * e - eleven * e.powi(3) + twelve * e.powi(5) - twelve_a * e.powi(7);
    (latitude, longitude)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn point(easting: f64, northing: f64) -> Point {
        Point { easting, northing }
    }

    fn apart(one: Point, other: Point) -> f64 {
        (one.easting - other.easting).hypot(one.northing - other.northing)
    }

    fn degrees(degrees: f64, minutes: f64, seconds: f64) -> f64 {
        degrees + minutes / 60.0 + seconds / 3600.0
    }

    /// The worked example of the Guide, annex C: the projection alone, without the transform.
    #[test]
    fn the_projection_is_that_of_the_worked_example() {
        let latitude = degrees(52.0, 39.0, 27.2531).to_radians();
        let longitude = degrees(1.0, 43.0, 4.5177).to_radians();
        let expected = point(651_409.903, 313_177.270);
        assert!(apart(project(latitude, longitude), expected) < 0.01);
        let (back, there) = unproject(expected);
        assert!((back - latitude).abs() < 1e-9 && (there - longitude).abs() < 1e-9);
    }

    /// Points that Ordnance Survey published to test OSTN15: ETRS89 degrees, National Grid.
    const PUBLISHED: &[(f64, f64, Point)] = &[
        (49.922_263_937_30, -6.299_777_520_14, point(91_492.146, 11_318.804)),
        (49.960_061_378_20, -5.203_046_099_98, point(170_370.718, 11_572.405)),
        (50.438_858_256_10, -4.108_645_635_61, point(250_359.811, 62_016.569)),
        (51.489_365_649_50, -0.119_925_571_80, point(530_624.974, 178_388.464)),
        (53.779_110_257_60, -3.040_454_906_91, point(331_534.564, 431_920.794)),
        (57.486_250_007_20, -4.219_263_985_55, point(267_056.768, 846_176.972)),
    ];

    #[test]
    fn published_points_are_met_within_the_stated_accuracy() {
        for (latitude, longitude, expected) in PUBLISHED {
            let fault = apart(from_wgs84(*latitude, *longitude), *expected);
            assert!(fault < 5.0, "{latitude} {longitude}: {fault:.2} m");
            let (north, east) = to_wgs84(*expected);
            let fault = apart(from_wgs84(north, east), *expected);
            assert!(fault < 0.05, "there and back: {fault:.3} m");
        }
    }
}
