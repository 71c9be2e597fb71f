//! The process itself, out of `/proc/self`. What cannot be read is unknown.

use std::fs;
use std::time::Duration;

/// Ticks a second in `/proc/self/stat`: 100 on every Linux that Wayside runs on (`USER_HZ`).
const TICKS_PER_S: u64 = 100;

/// What the system says of the process.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Process {
    pub(crate) cpu: Option<Duration>,
    pub(crate) resident_bytes: Option<u64>,
    pub(crate) resident_peak_bytes: Option<u64>,
    pub(crate) threads: Option<u64>,
    pub(crate) open_files: Option<u64>,
    pub(crate) open_files_max: Option<u64>,
}

pub(crate) fn read() -> Process {
    let text = |name: &str| fs::read_to_string(format!("/proc/self/{name}")).unwrap_or_default();
    let status = text("status");
    Process {
        cpu: cpu(&text("stat")),
        resident_bytes: status_field(&status, "VmRSS").map(|kib| kib * 1024),
        resident_peak_bytes: status_field(&status, "VmHWM").map(|kib| kib * 1024),
        threads: status_field(&status, "Threads"),
        // One of them is the folder itself, open while it is counted.
        open_files: fs::read_dir("/proc/self/fd")
            .ok()
            .map(|entries| (entries.count() as u64).saturating_sub(1)),
        open_files_max: open_files_max(&text("limits")),
    }
}

/// User and system time. The program's name, second field, may hold blanks and brackets.
fn cpu(stat: &str) -> Option<Duration> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_ascii_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u64>().ok();
    let total = ticks()?.checked_add(ticks()?)?;
    Some(Duration::from_millis(total.checked_mul(1000 / TICKS_PER_S)?))
}

/// A field's number; sizes are in KiB.
fn status_field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

fn open_files_max(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_ascii_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found() {
        let stat = "7 (a ) b) S 1 7 7 0 -1 4194560 900 0 0 0 250 50 0 0 20 0 9 0 100 0 0";
        assert_eq!(cpu(stat), Some(Duration::from_secs(3)));
        let status = "Name:\tx\nVmHWM:\t  200 kB\nVmRSS:\t  100 kB\nThreads:\t9\n";
        assert_eq!(status_field(status, "VmRSS"), Some(100));
        assert_eq!(status_field(status, "Threads"), Some(9));
        let limits = "Limit  Soft Limit  Hard Limit  Units\nMax open files  1024  4096  files\n";
        assert_eq!(open_files_max(limits), Some(1024));
    }

    #[test]
    fn other_text_is_unknown() {
        for text in ["", ")", "1 (x) S 1", "VmRSS:", "VmRSS: many kB", "Max open files unlimited"] {
            assert_eq!(cpu(text), None, "{text}");
            assert_eq!(status_field(text, "VmRSS"), None, "{text}");
            assert_eq!(open_files_max(text), None, "{text}");
        }
    }

    #[test]
    fn this_process_has_memory_threads_and_files() {
        let now = read();
        assert!(now.resident_bytes.is_some_and(|bytes| bytes > 1 << 20), "{now:?}");
        assert!(now.resident_peak_bytes >= now.resident_bytes, "{now:?}");
        assert!(now.threads >= Some(1) && now.open_files >= Some(3), "{now:?}");
        assert!(now.open_files_max > now.open_files && now.cpu.is_some(), "{now:?}");
    }
}
