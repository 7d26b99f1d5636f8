//! Reads fixed and counted runs of octets, and never beyond the end.

use crate::error::Malformed;

/// A cursor over octets.
pub(crate) struct Octets<'a> {
    rest: &'a [u8],
    at: u64,
}

impl<'a> Octets<'a> {
    /// Starts at the first octet.
    pub fn new(octets: &'a [u8]) -> Self {
        Self { rest: octets, at: 0 }
    }

    /// Takes a run; `what` names it in the complaint.
    pub fn take(&mut self, count: usize, what: &str) -> Result<&'a [u8], Malformed> {
        let Some((run, rest)) = self.rest.split_at_checked(count) else {
            let left = self.rest.len();
            return Err(
                self.malformed(format!("{what} should be {count} octets long, but only {left} are left"))
            );
        };
        self.rest = rest;
        self.at = self.at.saturating_add(count as u64);
        Ok(run)
    }

    /// Takes a run of a length known at compile time.
    pub fn array<const N: usize>(&mut self, what: &str) -> Result<[u8; N], Malformed> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N, what)?);
        Ok(array)
    }

    /// Takes one octet.
    pub fn one(&mut self, what: &str) -> Result<u8, Malformed> {
        self.array::<1>(what).map(|[octet]| octet)
    }

    /// Takes a number of two octets.
    pub fn two(&mut self, what: &str) -> Result<u16, Malformed> {
        self.array(what).map(u16::from_be_bytes)
    }

    /// Takes a run whose length stands before it in four octets.
    pub fn counted(&mut self, what: &str) -> Result<&'a [u8], Malformed> {
        let length = self.array(what).map(u32::from_be_bytes)?;
        let Ok(length) = usize::try_from(length) else {
            return Err(self.malformed(format!("{what} is too long for this machine")));
        };
        self.take(length, what)
    }

    /// Checks that nothing is left over.
    pub fn end(&self) -> Result<(), Malformed> {
        match self.rest.len() {
            0 => Ok(()),
            left => Err(self.malformed(format!("{left} octets are left over"))),
        }
    }

    /// A complaint about the present place.
    pub fn malformed(&self, what: impl Into<String>) -> Malformed {
        Malformed { offset: self.at, what: what.into() }
    }
}
