//! Costs in a file: one JSON object, each cost by its name with its bits.

use crate::Fault;
use search::{Cost, Weights};
use std::collections::BTreeMap;
use std::path::Path;

/// Reads costs; those that are not named are as shipped.
///
/// # Errors
/// Where the file cannot be read, or names what is no cost.
pub fn read(path: &Path) -> Result<Weights, Fault> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    let named: BTreeMap<String, f32> = serde_json::from_str(&text).map_err(|error| {
        format!("{}: {error}; costs are {{\"letter-wrong\": 11.0, …}}, in bits", path.display())
    })?;
    named.into_iter().try_fold(Weights::default(), |weights, (name, bits)| {
        let cost = Cost::ALL.iter().find(|cost| cost.name() == name).ok_or_else(|| {
            let names: Vec<&str> = Cost::ALL.iter().map(|cost| cost.name()).collect();
            format!("{}: there is no cost “{name}”; there are {}", path.display(), names.join(", "))
        })?;
        Ok(weights.with(*cost, bits))
    })
}

/// Writes all costs.
///
/// # Errors
/// Where the file cannot be written.
pub fn write(path: &Path, weights: &Weights) -> Result<(), Fault> {
    // As it is printed a number has no digits that only its binary form brings.
    let bits = |cost: Cost| format!("{:.2}", weights.of(cost));
    let lines: Vec<String> =
        Cost::ALL.iter().map(|cost| format!("  \"{}\": {}", cost.name(), bits(*cost))).collect();
    std::fs::write(path, format!("{{\n{}\n}}\n", lines.join(",\n")))
        .map_err(|error| format!("{} cannot be written: {error}", path.display()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_a_wrong_name_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("costs.json");
        let weights = Weights::default().with(Cost::LetterWrong, 8.25).with(Cost::SoundsAlike, -1.5);
        write(&path, &weights).unwrap();
        assert_eq!(read(&path).unwrap(), weights);
        std::fs::write(&path, "{\"joined\": 1}").unwrap();
        assert_eq!(read(&path).unwrap(), Weights::default().with(Cost::Joined, 1.0));
        std::fs::write(&path, "{\"joint\": 1}").unwrap();
        let error = read(&path).unwrap_err().to_string();
        assert!(error.contains("no cost “joint”") && error.contains("joined"), "{error}");
        std::fs::write(&path, "[]").unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("in bits"));
    }
}
