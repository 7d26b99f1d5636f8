//! Only a proved token gives a session.

use law::access::Context;

fn forge(context: Context) -> desk::Session {
    desk::Session::new(context)
}

fn main() {}
