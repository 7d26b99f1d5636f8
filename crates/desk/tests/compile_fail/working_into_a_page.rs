//! What a machine opens never becomes what a page shows.

fn page(working: vault::Working) -> vault::Plain {
    working.into()
}

fn main() {}
