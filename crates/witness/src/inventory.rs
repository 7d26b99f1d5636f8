//! What files an export has, and what files it should have (format page, section 5).

use crate::error::Unusable;
use crate::fault::{Faults, Kind};
use crate::tree::BUNDLE;
use crate::words::{shown, shown_run};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Leaves of one payload file, and rows of one versions file.
pub(crate) const BLOCK: u64 = 65_536;
const NUMBER_BASE: u64 = 1_000;

/// A series of numbered files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Series {
    /// `tile/L/…`.
    Tile(u8),
    /// `tile/entries/…`.
    Entries,
    /// `payloads/…`.
    Payloads,
    /// `versions/…`.
    Versions,
}

impl Series {
    fn folder(self) -> String {
        match self {
            Self::Tile(level) => format!("tile/{level}"),
            Self::Entries => "tile/entries".to_owned(),
            Self::Payloads => "payloads".to_owned(),
            Self::Versions => "versions".to_owned(),
        }
    }

    fn of(path: &str) -> Option<(Self, &str)> {
        let (first, rest) = path.split_once('/')?;
        match first {
            "payloads" => Some((Self::Payloads, rest)),
            "versions" => Some((Self::Versions, rest)),
            "tile" => Self::of_tile(rest),
            _ => None,
        }
    }

    fn of_tile(path: &str) -> Option<(Self, &str)> {
        let (level, rest) = path.split_once('/')?;
        match level {
            "entries" => Some((Self::Entries, rest)),
            _ => Some((Self::Tile(level.parse().ok()?), rest)),
        }
    }

    /// How many leaves one full file of this series stands for; none for versions.
    fn leaves(self) -> Option<u64> {
        match self {
            Self::Entries => Some(BUNDLE),
            Self::Payloads => Some(BLOCK),
            Self::Tile(level) => BUNDLE.checked_pow(u32::from(level).saturating_add(1)),
            Self::Versions => None,
        }
    }
}

/// One file of a series: its number, and the width of a partial tile or bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbered {
    /// The series.
    pub series: Series,
    /// The number, from 0.
    pub number: u64,
    /// How many hashes or entries, where it is not full.
    pub partial: Option<u64>,
}

impl Numbered {
    /// The path inside the export, with strokes.
    pub fn path(&self) -> String {
        let number = number_path(self.number);
        match self.partial {
            Some(width) => format!("{}/{number}.p/{width}", self.series.folder()),
            None => format!("{}/{number}", self.series.folder()),
        }
    }

    fn parse(path: &str) -> Option<Self> {
        let (series, rest) = Series::of(path)?;
        let (digits, partial) = match rest.split_once(".p/") {
            Some((digits, width)) => (digits, Some(width.parse().ok()?)),
            None => (rest, None),
        };
        let number = digits.split('/').try_fold(0_u64, |number, part| {
            let part = part.strip_prefix('x').unwrap_or(part).parse::<u64>().ok()?;
            number.checked_mul(NUMBER_BASE)?.checked_add(part)
        })?;
        let numbered = Self { series, number, partial };
        (numbered.path() == path).then_some(numbered)
    }
}

/// A number as tlog-tiles writes it in paths: `x001/x234/067`.
fn number_path(number: u64) -> String {
    let mut path = format!("{:03}", number % NUMBER_BASE);
    let mut rest = number / NUMBER_BASE;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % NUMBER_BASE);
        rest /= NUMBER_BASE;
    }
    path
}

/// The files that are there and belong to the log, by series and number.
#[derive(Debug, Default)]
pub(crate) struct Inventory {
    folder: PathBuf,
    present: BTreeMap<Series, Vec<u64>>,
    size: u64,
}

impl Inventory {
    /// Walks the export and compares it with what a log of `size` leaves must have. Links are not followed.
    pub fn take(folder: &Path, size: u64, faults: &mut Faults) -> Result<Self, Unusable> {
        let mut inventory = Self { folder: folder.to_owned(), present: BTreeMap::new(), size };
        for (path, plain) in walk(folder)? {
            inventory.sort_in(&path, plain, faults);
        }
        inventory.present.values_mut().for_each(|numbers| numbers.sort_unstable());
        inventory.name_missing(faults);
        Ok(inventory)
    }

    /// The numbers of the files of a series that are there.
    pub fn numbers(&self, series: Series) -> &[u64] {
        self.present.get(&series).map_or(&[], Vec::as_slice)
    }

    /// Whether a file is there.
    pub fn has(&self, series: Series, number: u64) -> bool {
        self.numbers(series).binary_search(&number).is_ok()
    }

    /// Where a file of a series lies on the disk, and how many hashes or entries it should hold.
    pub fn place(&self, series: Series, number: u64) -> (PathBuf, u64) {
        let partial = self.partial(series, number);
        let path = Numbered { series, number, partial }.path();
        (self.folder.join(path), partial.unwrap_or(BUNDLE))
    }

    /// The path inside the export, for people.
    pub fn name(&self, series: Series, number: u64) -> String {
        Numbered { series, number, partial: self.partial(series, number) }.path()
    }

    fn sort_in(&mut self, path: &str, plain: bool, faults: &mut Faults) {
        if !plain {
            let what =
                format!("{} is neither a plain file nor a folder; an export has no others", shown(path));
            return faults.general(Kind::ExtraFile, what);
        }
        if path == "checkpoint" || path == "vkey" {
            return;
        }
        match Numbered::parse(path).filter(|file| self.belongs(*file)) {
            Some(file) => self.present.entry(file.series).or_default().push(file.number),
            None if is_of_a_file_manager(path) => faults.general(
                Kind::ExtraFile,
                format!(
                    "the file {} was left by the file manager of a computer and is no part of the log: delete it and \
                     check again",
                    shown(path)
                ),
            ),
            None => faults.general(
                Kind::ExtraFile,
                format!(
                    "the file {} does not belong to a log of {} entries: it is left over or was put there",
                    shown(path),
                    self.size
                ),
            ),
        }
    }

    fn belongs(&self, file: Numbered) -> bool {
        let within = match self.expected(file.series) {
            Some(count) => file.number < count,
            None => true,
        };
        within && file.partial == self.partial(file.series, file.number)
    }

    /// How many files a series must have; none for versions, whose number no checkpoint tells.
    fn expected(&self, series: Series) -> Option<u64> {
        match series {
            Series::Tile(level) => Some(self.width(level).div_ceil(BUNDLE)),
            Series::Entries => Some(self.size.div_ceil(BUNDLE)),
            Series::Payloads => Some(self.size.div_ceil(BLOCK)),
            Series::Versions => None,
        }
    }

    /// How many hashes a level of tiles lists in all.
    fn width(&self, level: u8) -> u64 {
        self.size.checked_shr(u32::from(level).saturating_mul(8)).unwrap_or(0)
    }

    fn partial(&self, series: Series, number: u64) -> Option<u64> {
        let width = match series {
            Series::Tile(level) => self.width(level),
            Series::Entries => self.size,
            Series::Payloads | Series::Versions => return None,
        };
        (number == width / BUNDLE).then_some(width % BUNDLE)
    }

    fn name_missing(&self, faults: &mut Faults) {
        let levels = (0..8).map(Series::Tile);
        for series in levels.chain([Series::Entries, Series::Payloads]) {
            let expected = self.expected(series).unwrap_or(0);
            gaps(self.numbers(series), expected)
                .for_each(|(from, end)| self.missing(series, from, end, faults));
        }
        let versions = self.numbers(Series::Versions);
        let end = versions.last().map_or(0, |last| last.saturating_add(1));
        for (from, end) in gaps(versions, end) {
            let what =
                format!("{} missing, though later ones are there", self.run(Series::Versions, from, end));
            faults.general(Kind::MissingFile, what);
        }
    }

    fn missing(&self, series: Series, from: u64, end: u64, faults: &mut Faults) {
        let leaves = series.leaves().unwrap_or(u64::MAX);
        let first = from.saturating_mul(leaves);
        let last = end.saturating_mul(leaves).min(self.size).saturating_sub(1);
        let what = format!(
            "{} missing: nothing there can be checked for {}",
            self.run(series, from, end),
            shown_run(first, last)
        );
        faults.at(first, Kind::MissingFile, what);
    }

    fn run(&self, series: Series, from: u64, end: u64) -> String {
        let last = end.saturating_sub(1);
        match from == last {
            true => format!("the file {} is", self.name(series, from)),
            false => format!("the files {} to {} are", self.name(series, from), self.name(series, last)),
        }
    }
}

/// What the file managers of common systems leave in any folder that they show.
fn is_of_a_file_manager(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    [".DS_Store", "Thumbs.db", "desktop.ini", ".directory"].contains(&name) || name.starts_with("._")
}

/// The runs (first, end) that are missing from ascending numbers below `expected`.
fn gaps(present: &[u64], expected: u64) -> impl Iterator<Item = (u64, u64)> {
    let starts = std::iter::once(0).chain(present.iter().map(|number| number.saturating_add(1)));
    let ends = present.iter().copied().chain(std::iter::once(expected));
    starts.zip(ends).filter(|(start, end)| start < end)
}

/// Every file below a folder: its path with strokes, and whether it is a plain file.
fn walk(folder: &Path) -> Result<Vec<(String, bool)>, Unusable> {
    let mut files = Vec::new();
    let mut open = vec![(folder.to_owned(), String::new())];
    while let Some((path, name)) = open.pop() {
        for entry in fs::read_dir(&path).map_err(|error| Unusable::file(&path, error))? {
            let entry = entry.map_err(|error| Unusable::file(&path, error))?;
            let kind = entry.file_type().map_err(|error| Unusable::file(&entry.path(), error))?;
            let name = format!("{name}{}", entry.file_name().to_string_lossy());
            match kind.is_dir() {
                true => open.push((entry.path(), format!("{name}/"))),
                false => files.push((name, kind.is_file())),
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tlog_tiles::Tile;

    #[test]
    fn numbers_are_written_as_tlog_tiles_writes_them() {
        assert_eq!(number_path(0), "000");
        assert_eq!(number_path(1_234_067), "x001/x234/067");
        assert_eq!(number_path(1_000), "x001/000");
        for wrong in [
            "tile/0/1000",
            "tile/00/001",
            "tile/0/x000/001",
            "tile/0/001.p/",
            "tile/0/001.p/07",
            "tile/0/+01",
        ] {
            assert_eq!(Numbered::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_tiles_expected_are_those_of_the_reference() {
        for size in [1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000] {
            let inventory = Inventory { size, ..Inventory::default() };
            let reference = Tile::new_tiles(8, 0, size);
            let expected: u64 = (0..8).filter_map(|level| inventory.expected(Series::Tile(level))).sum();
            assert_eq!(expected, reference.len() as u64, "{size} leaves");
            for tile in reference {
                let path = tile.path().replacen("tile/8/", "tile/", 1);
                let file = Numbered::parse(&path).unwrap();
                assert!(inventory.belongs(file), "{path} of {size} leaves");
            }
        }
    }

    #[test]
    fn gaps_are_runs() {
        assert_eq!(gaps(&[0, 1, 4], 7).collect::<Vec<_>>(), [(2, 4), (5, 7)]);
        assert_eq!(gaps(&[], 2).collect::<Vec<_>>(), [(0, 2)]);
        assert_eq!(gaps(&[0, 1], 2).count(), 0);
    }

    #[test]
    fn what_a_file_manager_left_is_named_as_such() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("tile")).unwrap();
        for name in ["tile/.DS_Store", "Thumbs.db", "left-over"] {
            fs::write(folder.path().join(name), b"").unwrap();
        }
        let mut faults = Faults::default();
        Inventory::take(folder.path(), 0, &mut faults).unwrap();
        let (faults, count) = faults.finish();
        let said = |name: &str| faults.iter().any(|f| f.what.contains(name) && f.what.contains("delete it"));
        assert_eq!(count, 3);
        assert!(said(".DS_Store") && said("Thumbs.db") && !said("left-over"));
    }

    proptest! {
        #[test]
        fn a_path_reads_back(number: u64, level in 0_u8..8, partial in proptest::option::of(1_u64..256)) {
            for series in [Series::Tile(level), Series::Entries, Series::Payloads] {
                let file = Numbered { series, number, partial };
                prop_assert_eq!(Numbered::parse(&file.path()), Some(file));
            }
        }

        #[test]
        fn no_path_makes_it_panic(path in "(tile/|payloads/|versions/)?[0-9x./p]{0,40}") {
            let _ = Numbered::parse(&path);
        }
    }
}
