//! What is entered in a transaction counts only once that is committed.

fn page(sealed: vault::Sealed, pending: ledger::Pending) -> vault::Plain {
    sealed.open(&pending).unwrap()
}

fn main() {}
