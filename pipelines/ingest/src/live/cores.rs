//! How many detector threads make sense.

use std::collections::BTreeSet;
use std::path::Path;

/// Detector threads for the processor, where nobody says how many: one for each physical core, since
/// two hyperthreads of one core share what a model needs.
#[must_use]
pub fn detector_threads() -> usize {
    let usable = std::thread::available_parallelism().map_or(1, usize::from);
    physical_cores(Path::new("/sys/devices/system/cpu")).unwrap_or(usable).clamp(1, usable)
}

/// Cores by package and number, as Linux tells them; none elsewhere.
fn physical_cores(folder: &Path) -> Option<usize> {
    let mut cores = BTreeSet::new();
    for entry in std::fs::read_dir(folder).ok()?.filter_map(Result::ok) {
        let topology = entry.path().join("topology");
        let read = |name: &str| std::fs::read_to_string(topology.join(name)).ok();
        if let (Some(package), Some(core)) = (read("physical_package_id"), read("core_id")) {
            cores.insert((package.trim().to_owned(), core.trim().to_owned()));
        }
    }
    (!cores.is_empty()).then_some(cores.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyperthreads_count_once() {
        let folder = tempfile::tempdir().expect("a folder");
        for (cpu, core) in [(0, 0), (1, 1), (2, 0), (3, 1)] {
            let topology = folder.path().join(format!("cpu{cpu}/topology"));
            std::fs::create_dir_all(&topology).expect("made");
            std::fs::write(topology.join("core_id"), format!("{core}\n")).expect("written");
            std::fs::write(topology.join("physical_package_id"), "0\n").expect("written");
        }
        assert_eq!(physical_cores(folder.path()), Some(2));
        assert_eq!(physical_cores(&folder.path().join("cpu0")), None);
        assert!(detector_threads() >= 1);
    }
}
