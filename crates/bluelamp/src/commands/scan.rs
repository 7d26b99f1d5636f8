//! `bluelamp scan`: looks for texts in every file of a folder.

use crate::arguments::Arguments;
use crate::output::{self, Complaint, grouped};
use desk::erasure::{Patterns, scan};
use serde_json::json;
use std::io::BufRead;
use std::path::Path;

pub fn run(arguments: &Arguments, folder: &Path, tokens: &[String]) -> Result<(), Complaint> {
    let patterns = Patterns {
        plaintext: all_tokens(tokens)?,
        ciphertext: Vec::new(),
        keys: Vec::new(),
        wrapped: Vec::new(),
        names: Vec::new(),
    };
    let places = scan(folder, &patterns).map_err(|error| Complaint::new(error.to_string(), ""))?;
    let found: u64 = places.iter().map(|place| place.plaintext).sum();
    if arguments.json {
        let rows: Vec<_> = places
            .iter()
            .map(|p| json!({ "place": p.place, "files": p.files, "octets": p.octets, "found": p.plaintext }))
            .collect();
        return output::json(&json!({ "found": found, "places": rows }));
    }
    for place in &places {
        output::line(&format!(
            "  {:<14} {:>6} in {} file(s), {} octets",
            place.place,
            grouped(place.plaintext),
            grouped(place.files),
            grouped(place.octets)
        ))?;
    }
    output::line(&format!("{} found in all", grouped(found)))
}

fn all_tokens(tokens: &[String]) -> Result<Vec<Vec<u8>>, Complaint> {
    let mut all = Vec::new();
    for token in tokens {
        if token != "-" {
            all.push(token.clone().into_bytes());
            continue;
        }
        for line in std::io::stdin().lock().lines() {
            all.push(line?.into_bytes());
        }
    }
    all.retain(|token| !token.is_empty());
    match all.is_empty() {
        true => Err(Complaint::new("there is nothing to look for", "Name a text with --token.")),
        false => Ok(all),
    }
}
