//! A body opens only with a receipt.

fn page(sealed: vault::Sealed) -> vault::Plain {
    sealed.open().unwrap()
}

fn main() {}
