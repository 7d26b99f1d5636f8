//! Only the decision makes a permit.

use law::access::{Context, Permit};
use std::sync::Arc;

fn forge(context: Arc<Context>) -> Permit {
    Permit {
        context,
        operation: "consultation",
        action: None,
        act: None,
        versions: Vec::new(),
        labels: String::new(),
        policy: String::new(),
    }
}

fn main() {}
