//! Code lists as dated reference data, with their source and how sure it is.
