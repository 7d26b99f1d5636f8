//! Memory and processor time of this process, as the system counts them.

use crate::Fault;
use std::time::Duration;

/// The most memory that this process has held so far, in MiB (`VmHWM`).
///
/// # Errors
/// Where the system does not say.
pub fn peak_mib() -> Result<f64, Fault> {
    mib_of("/proc/self/status", "VmHWM:")
}

/// The memory that this process holds now, in MiB (`VmRSS`).
///
/// # Errors
/// Where the system does not say.
pub fn memory_mib() -> Result<f64, Fault> {
    mib_of("/proc/self/status", "VmRSS:")
}

/// The memory of a process in MiB, what it shares with others divided among them (`Pss`).
///
/// # Errors
/// Where the system does not say, or the process has ended.
pub fn share_mib(process: u32) -> Result<f64, Fault> {
    mib_of(&format!("/proc/{process}/smaps_rollup"), "Pss:")
}

fn mib_of(file: &str, name: &str) -> Result<f64, Fault> {
    let text = std::fs::read_to_string(file)?;
    let found = text.lines().find_map(|line| line.strip_prefix(name));
    let kib = found.and_then(|found| found.trim().strip_suffix(" kB"));
    Ok(kib.ok_or_else(|| format!("the system does not say {name}"))?.trim().parse::<f64>()? / 1024.0)
}

/// Processor time of this process so far, in all its threads. The system counts it in hundredths of
/// a second.
///
/// # Errors
/// Where the system does not say.
pub fn processor_time() -> Result<Duration, Fault> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name of the program stands in parentheses and may hold spaces.
    let (_, rest) = stat.rsplit_once(')').ok_or("the system does not say the processor time")?;
    let ticks = |field: Option<&str>| field.and_then(|ticks| ticks.parse::<u64>().ok());
    let mut fields = rest.split_whitespace().skip(11);
    let (user, system) = (ticks(fields.next()), ticks(fields.next()));
    let ticks = user.zip(system).map(|(user, system)| user + system);
    Ok(Duration::from_millis(ticks.ok_or("the system does not say the processor time")? * 10))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_peak_is_read() {
        assert!(super::peak_mib().unwrap() > 1.0);
    }

    #[test]
    fn processor_time_goes_on() {
        let before = super::processor_time().unwrap();
        let began = std::time::Instant::now();
        while super::processor_time().unwrap() == before && began.elapsed().as_secs() < 10 {}
        assert!(super::processor_time().unwrap() > before);
    }
}
