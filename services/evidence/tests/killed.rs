//! The same as `crashes`, with a process of its own that really dies: nothing is flushed, closed or
//! unlocked. This very program is started again and kills itself at a point.

mod common;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use common::{FakeFootage, check, log, run, scene, service, store};
use wayside_evidence::{Hook, Point};

const DIR: &str = "WAYSIDE_TEST_EVIDENCE_DIR";
const WHERE: &str = "WAYSIDE_TEST_EVIDENCE_POINT";

/// Not a test: what the other process does.
#[test]
#[ignore = "is started by the test below"]
fn dies_at_a_point() {
    let (Some(dir), Ok(place)) = (std::env::var_os(DIR), std::env::var(WHERE)) else { return };
    let (point, nth) = place.split_once('/').expect("a point and a number");
    let point = Point::ALL[point.parse::<usize>().expect("a point")];
    let nth: u64 = nth.parse().expect("a number");
    let reached = AtomicU64::new(0);
    let hook: Hook = Arc::new(move |here, _| {
        if here == point && reached.fetch_add(1, Ordering::Relaxed) + 1 == nth {
            std::process::abort();
        }
        false
    });
    let scene = scene("road", 3);
    let dir = PathBuf::from(dir);
    let (bus, store) = (log(&dir.join("bus")), store(&dir.join("store")));
    let mut one = service(&bus, &store, FakeFootage::good(), scene.texts(), Some(hook));
    run(&mut one, &bus, 3).unwrap_or_else(|error| panic!("{error}"));
}

/// Whether it died as it was to.
fn dies(dir: &Path, place: &str) -> bool {
    let this = std::env::current_exe().expect("this program");
    let status = Command::new(this)
        .args(["dies_at_a_point", "--exact", "--ignored"])
        .env(DIR, dir)
        .env(WHERE, place)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("a process");
    status.code().is_none()
}

#[test]
fn a_process_that_is_killed_anywhere_leaves_a_whole_chain() {
    let scene = scene("road", 3);
    for (number, point) in Point::ALL.into_iter().enumerate() {
        for nth in 1..=2 {
            let dir = tempfile::tempdir().expect("a directory");
            {
                let bus = log(&dir.path().join("bus"));
                scene.append(&*bus);
            }
            let died = dies(dir.path(), &format!("{number}/{nth}"));
            // One commit may publish two: then nobody comes to the second.
            assert!(died || (nth > 1 && point >= Point::Publishing), "{point:?} {nth}");
            let (bus, store) = (log(&dir.path().join("bus")), store(&dir.path().join("store")));
            let mut one = service(&bus, &store, FakeFootage::good(), scene.texts(), None);
            run(&mut one, &bus, 3).unwrap_or_else(|error| panic!("{error}"));
            check(&bus, &store, &scene);
            let objects = store.list("road").expect("objects");
            assert_eq!(objects.len(), 6, "{point:?} {nth}: {objects:?}");
        }
    }
}
