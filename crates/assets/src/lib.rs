//! Styles, scripts and icons of the pages, inside the program.
//!
//! Each is named by what it is (`bluelamp.css`) and lies at a path that carries the hash of its
//! content (`/assets/bluelamp-3f2a….css`): what a path answers never changes, so it may be kept for a
//! year ([`CACHE_CONTROL`]). `scripts/ui.sh` builds them from `ui/`.

/// What answers with an asset say in `Cache-Control`: a year, for a changed file has another path.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// A file that pages link to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// What it is called in the code, such as `bluelamp.css`.
    pub name: &'static str,
    /// Where it lies, with the hash of its content.
    pub path: &'static str,
    /// Its media type, as in `Content-Type`.
    pub media_type: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
}

static ASSETS: &[Asset] = &include!(concat!(env!("OUT_DIR"), "/table.rs"));

/// Where [`path_of`] sends those who ask for what is not there: nothing lies there.
pub const NO_PATH: &str = "/assets/there-is-no-such-asset";

/// All assets.
pub fn all() -> &'static [Asset] {
    ASSETS
}

/// The asset of this name, such as `bluelamp.css`.
pub fn asset(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

/// The asset at this path, which is that of a request, such as `/assets/bluelamp-3f2a….css`.
pub fn at(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.path == path)
}

/// Where the asset of this name lies; [`NO_PATH`], which answers 404, where there is none.
pub fn path_of(name: &str) -> &'static str {
    asset(name).map_or(NO_PATH, |asset| asset.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pages_link_to_is_there() {
        for name in ["bluelamp.css", "bluelamp.js", "lamp.svg", "govuk-frontend.min.js"] {
            let found = asset(name).unwrap();
            assert!(!found.bytes.is_empty(), "{name} is empty");
            assert_eq!(at(found.path), Some(found));
            assert_eq!(path_of(name), found.path);
        }
        assert_eq!(path_of("nothing.css"), NO_PATH);
        assert_eq!(at(NO_PATH), None);
    }

    #[test]
    fn a_path_carries_a_hash_and_no_folder() {
        for asset in all() {
            let file = asset.path.strip_prefix("/assets/").unwrap();
            let stem = file.rsplit_once('.').unwrap().0;
            let hash = stem.rsplit_once('-').unwrap().1;
            assert_eq!(hash.len(), 16, "{file}");
            assert!(hash.chars().all(|digit| digit.is_ascii_hexdigit()), "{file}");
            assert!(!file.contains('/'), "{file}");
        }
    }

    #[test]
    fn the_first_view_stays_small() {
        let first = ["bluelamp.css", "bluelamp.js", "govuk-frontend.min.js", "lamp.svg"];
        let octets: usize = first.iter().filter_map(|name| asset(name)).map(|asset| asset.bytes.len()).sum();
        assert!(octets < 250_000, "the first view takes {octets} octets; import fewer styles");
    }

    #[test]
    fn nothing_is_crowned_or_set_in_the_governments_typeface() {
        for asset in all() {
            let text = String::from_utf8_lossy(asset.bytes).to_lowercase();
            for mark in ["gds transport", "@font-face", "url(data:", "govuk-crest", "govuk-icon"] {
                assert!(!text.contains(mark), "{} holds “{mark}”", asset.name);
            }
        }
    }
}
