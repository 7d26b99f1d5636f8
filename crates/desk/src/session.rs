//! Who is at the door.

use law::access::Context;
use std::sync::Arc;

/// A person whose token was proved, for one purpose. Only the desk makes one.
#[derive(Debug, Clone)]
pub struct Session {
    pub(crate) context: Arc<Context>,
}
