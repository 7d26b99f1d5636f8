//! Only a proved token gives a session.

use law::access::Context;

fn forge(context: Context) -> desk::Session {
    desk::Session::new(context)
}

fn build(context: Context) -> desk::Session {
    desk::Session { context: std::sync::Arc::new(context) }
}

fn main() {}
