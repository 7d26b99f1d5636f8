//! Typed identities. Each is a UUIDv7 made outside (time and randomness are injected), so that
//! two kinds of identity cannot be mixed up.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The 16 octets of the identity.
            #[must_use]
            pub fn octets(self) -> [u8; 16] {
                *self.0.as_bytes()
            }

            /// The identity with these 16 octets.
            #[must_use]
            pub fn from_octets(octets: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(octets))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id! {
    /// A controller: each chief officer is a separate one (DPA 2018 s.30, Sch.7), so it leads
    /// every key of the store.
    ForceId
}
id! {
    /// A record: a nominal, a stop, a crime, a link …; stays the same through all its versions.
    RecordId
}
id! {
    /// One version of a record. A change never rewrites a version; it adds one.
    VersionId
}
id! {
    /// A person with an account, or a machine job. All zero is the system itself.
    ActorId
}

impl ActorId {
    /// The system itself, which acts in machine jobs.
    pub const SYSTEM: Self = Self(Uuid::nil());
}

/// Exactly one version of one record of one kind: what a receipt covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct VersionRef {
    /// The record.
    pub record: RecordId,
    /// The version of it.
    pub version: VersionId,
    /// Number of the record's kind ([`crate::Kind::number`]).
    pub kind: u16,
}
