//! Identifiers that parse, canonicalise, check and print. What does not pass its check is kept as
//! *unverified* with a warning and never dropped: legacy data is dirty, and a wrong letter may be
//! the only trace of the right person.

/// The kinds of identifier that fields can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdentifierKind {
    /// Police National Computer identity of a person.
    PncId,
    /// Criminal Records Office number.
    Cro,
    /// Arrest/summons number.
    Asn,
    /// Vehicle registration mark.
    Vrm,
    /// Telephone number.
    Phone,
    /// Postcode.
    Postcode,
}
