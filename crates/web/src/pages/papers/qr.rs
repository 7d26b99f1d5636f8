//! The code of a paper as a QR code, drawn as one path: no script, no style.

use components::{Markup, html};
use fast_qr::{ECL, QRBuilder};
use std::fmt::Write;

/// Modules of white around it, as ISO/IEC 18004 asks.
const QUIET: usize = 4;

/// The picture of a text; `None` where it is too long for one.
pub(super) fn picture(text: &str) -> Option<Markup> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let mut path = String::new();
    for y in 0..code.size {
        for x in (0..code.size).filter(|x| code[y][*x].value()) {
            // Writing into a text does not fail.
            let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    let side = code.size + 2 * QUIET;
    Some(html! {
        svg class="bluelamp-paper__qr" xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (side) " " (side) }
            width="120" height="120" role="img" aria-label="The code of this paper, for a scanner" {
            rect width=(side) height=(side) fill="#ffffff" {}
            path fill="#000000" d=(path) {}
        }
    })
}
