//! Memory of this process, as the system counts it.

use crate::Fault;

/// The most memory that this process has held so far, in MiB (`VmHWM`).
///
/// # Errors
/// Where the system does not say.
pub fn peak_mib() -> Result<f64, Fault> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|peak| peak.trim().strip_suffix(" kB")).ok_or("the system does not say VmHWM")?;
    Ok(kib.trim().parse::<f64>()? / 1024.0)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_peak_is_read() {
        assert!(super::peak_mib().unwrap() > 1.0);
    }
}
