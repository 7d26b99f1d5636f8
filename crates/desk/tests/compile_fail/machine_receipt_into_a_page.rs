//! A machine's receipt shows nobody anything.

fn page(sealed: vault::Sealed, receipt: ledger::Receipt<ledger::Machine>) -> vault::Plain {
    sealed.open(&receipt).unwrap()
}

fn hits(withheld: search::Withheld<search::Hits>, receipt: ledger::Receipt<ledger::Machine>) -> search::Hits {
    withheld.release(&receipt).unwrap()
}

fn main() {}
