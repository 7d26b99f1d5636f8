//! What a machine opens neither prints its content nor becomes what a page shows.

fn page(working: vault::Working) -> vault::Plain {
    working.into()
}

fn text(working: &vault::Working) -> String {
    format!("{working}")
}

fn main() {}
