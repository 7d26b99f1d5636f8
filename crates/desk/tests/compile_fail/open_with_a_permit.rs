//! That it is allowed is not enough: it must be entered first.

fn page(sealed: vault::Sealed, permit: law::access::Permit) -> vault::Plain {
    sealed.open(&permit).unwrap()
}

fn main() {}
