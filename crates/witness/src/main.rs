//! bluelamp-verify.
fn main() {}
