//! What follows from a declaration, as ordinary functions over [`crate::Kind`].
