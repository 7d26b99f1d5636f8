//! What a machine opens can be sent nowhere.

fn send<T: serde::Serialize>(_: &T) {}

fn leak(working: &vault::Working) {
    send(working);
}

fn main() {}
