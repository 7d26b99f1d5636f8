//! Only the ledger makes a receipt, and nobody copies one.

use ledger::{Machine, Receipt, Show};

fn forge(of_a_machine: &Receipt<Machine>) -> Receipt<Show> {
    Receipt::new(of_a_machine.entry(), Vec::new())
}

fn copy(receipt: &Receipt<Show>) -> Receipt<Show> {
    receipt.clone()
}

fn main() {}
