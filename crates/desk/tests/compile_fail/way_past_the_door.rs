//! What lies behind the door is private to the desk.

use vault::sqlite::SqliteStore;

fn vault(desk: &desk::Desk<SqliteStore>) -> &vault::Vault<SqliteStore> {
    &desk.vault
}

fn index(desk: &desk::Desk<SqliteStore>) -> &search::Index {
    &desk.index
}

fn main() {}
