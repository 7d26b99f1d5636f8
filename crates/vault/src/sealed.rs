//! What a body is while it is closed, open, or in the hands of a machine job.

use crate::error::VaultError;
use crate::version::{VersionRow, body_of, columns_agree};
use ledger::{Machine, Opening, Receipt, Show};
use model::{Body, VersionRef};
use sealing::SecretKey;
use std::ops::Deref;

/// A closed body: its plain structure can be read, what it says cannot.
pub struct Sealed {
    pub(crate) row: VersionRow,
    pub(crate) key: Option<SecretKey>,
}

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sealed({})", self.row.version.version)
    }
}

impl Sealed {
    /// Which version.
    #[must_use]
    pub fn version(&self) -> VersionRef {
        self.row.version
    }

    /// Its plain structure.
    #[must_use]
    pub fn row(&self) -> &VersionRow {
        &self.row
    }

    /// Opens with a receipt that covers exactly this version.
    ///
    /// # Errors
    /// [`VaultError::NotCovered`] for another's receipt; a seal that does not open; altered plain
    /// columns.
    pub fn open(self, receipt: &Receipt<Show>) -> Result<Plain, VaultError> {
        if !receipt.covers(&self.row.version) {
            return Err(VaultError::NotCovered(self.row.version.version));
        }
        let body = body_of(&self.unseal()?)?;
        Ok(Plain { row: self.row, body })
    }

    /// Opens for a machine job.
    ///
    /// # Errors
    /// As [`Sealed::open`].
    pub fn work(self, receipt: &Receipt<Machine>) -> Result<Working, VaultError> {
        if !receipt.covers(&self.row.version) {
            return Err(VaultError::NotCovered(self.row.version.version));
        }
        let opening = self.unseal()?;
        Ok(Working { row: self.row, opening })
    }

    pub(crate) fn unseal(&self) -> Result<Opening, VaultError> {
        let version = self.row.version.version;
        let key = self.key.as_ref().ok_or(VaultError::KeyGone(version))?;
        let octets = key.open_at(0, &self.row.identity(), &self.row.sealed);
        let octets = octets.map_err(|source| VaultError::Seal { version, source })?;
        let opening = Opening::decode(&octets)?;
        if columns_agree(&self.row, &opening) { Ok(opening) } else { Err(VaultError::PlainAltered(version)) }
    }
}

/// An open body. It prints nothing of itself and is wiped when dropped.
pub struct Plain {
    row: VersionRow,
    body: Body,
}

impl Plain {
    /// Its plain structure.
    #[must_use]
    pub fn row(&self) -> &VersionRow {
        &self.row
    }

    /// The body, read as the kind's present shape.
    #[must_use]
    pub fn present_shape(&self) -> Body {
        match model::kinds::by_number(self.row.version.kind) {
            Some(kind) => kind.upcast(self.row.shape, self.body.clone()),
            None => self.body.clone(),
        }
    }
}

impl Deref for Plain {
    type Target = Body;
    fn deref(&self) -> &Body {
        &self.body
    }
}

impl std::fmt::Debug for Plain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Plain({}, …)", self.row.version.version)
    }
}

impl Drop for Plain {
    fn drop(&mut self) {
        self.body.wipe();
    }
}

/// What the index files of a body.
#[derive(Debug)]
pub struct Filing {
    /// Its document.
    pub document: model::derived::index::IndexDocument,
    /// The day or month that it speaks of, as far as known.
    pub about: Option<model::PartialDate>,
    /// The unit that it is of.
    pub unit: Option<String>,
}

/// What a machine job may learn of a body: whether something holds, what the index keeps, what an
/// erasure's scan looks for.
pub trait Learned {}

impl Learned for bool {}
impl Learned for Filing {}
impl Learned for model::derived::erasure::Sought {}

/// A body in the hands of a machine job (index, linkage, drift, export of commitments). It has
/// neither `Serialize` nor a way to become [`Plain`]:
///
/// ```compile_fail
/// fn page(working: vault::Working) -> String {
///     serde_json::to_string(&working).unwrap()
/// }
/// ```
pub struct Working {
    row: VersionRow,
    opening: Opening,
}

impl Working {
    /// Its plain structure.
    #[must_use]
    pub fn row(&self) -> &VersionRow {
        &self.row
    }

    /// The opening, for commitments.
    #[must_use]
    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// Lets a machine job look at the body in the kind's present shape, and learn only what such a
    /// job may: never the body, nor a text to show.
    ///
    /// ```compile_fail
    /// fn page(working: &vault::Working) -> String {
    ///     working.look(|body| format!("{body:?}")).unwrap()
    /// }
    /// ```
    ///
    /// # Errors
    /// [`VaultError::Decode`].
    pub fn look<T: Learned>(&self, job: impl FnOnce(&Body) -> T) -> Result<T, VaultError> {
        let body = body_of(&self.opening)?;
        let mut body = match model::kinds::by_number(self.row.version.kind) {
            Some(kind) => kind.upcast(self.row.shape, body),
            None => body,
        };
        let result = job(&body);
        body.wipe();
        Ok(result)
    }
}

impl Working {
    /// The body in the kind's present shape, for the next version of the same record, which a machine
    /// job seals again: a further outcome of a crime that another file brings. Nobody is shown it.
    ///
    /// # Errors
    /// [`VaultError::Decode`].
    pub fn for_next_version(self) -> Result<Body, VaultError> {
        let body = body_of(&self.opening)?;
        Ok(match model::kinds::by_number(self.row.version.kind) {
            Some(kind) => kind.upcast(self.row.shape, body),
            None => body,
        })
    }
}

impl std::fmt::Debug for Working {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Working({}, …)", self.row.version.version)
    }
}
