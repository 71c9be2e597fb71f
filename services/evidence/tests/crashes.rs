//! A process that dies between any two steps, and one that does not know yet that it has lost its site.

mod common;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use common::{FakeFootage, check, log, maker, run, scene, service, sources, store};
use wayside_evidence::{Advance, Hook, Job, Maker, Point, ServiceError};
use wayside_proto::EvidenceResult;

/// Dies when a point is reached for the n-th time.
fn dies_at(point: Point, nth: u64) -> Hook {
    let reached = AtomicU64::new(0);
    Arc::new(move |here, _| here == point && reached.fetch_add(1, Ordering::Relaxed) + 1 == nth)
}

#[test]
fn whoever_dies_between_two_steps_loses_nothing_and_doubles_nothing() {
    let scene = scene("road", 3);
    for point in Point::ALL {
        for nth in 1..=3 {
            let dir = tempfile::tempdir().expect("a directory");
            let bus = log(&dir.path().join("bus"));
            let store = store(&dir.path().join("store"));
            scene.append(&*bus);
            let footage = FakeFootage::good();
            let hook = Some(dies_at(point, nth));
            let mut first = service(&bus, &store, footage.clone(), scene.texts(), hook);
            // Fewer commits than violations may do; then nobody dies.
            let died = match run(&mut first, &bus, 3) {
                Err(ServiceError::Killed) => true,
                Ok(()) => false,
                Err(error) => panic!("{error}"),
            };
            drop(first);
            let fetched_before = footage.asked();
            let mut second = service(&bus, &store, footage.clone(), scene.texts(), None);
            run(&mut second, &bus, 3).unwrap_or_else(|error| panic!("{error}"));
            check(&bus, &store, &scene);
            let objects = store.list("road").expect("objects");
            assert_eq!(objects.len(), 6, "three packages, three marks: {objects:?}");
            if point >= Point::Stored && died {
                let again = footage.asked() - fetched_before;
                assert!(again + nth <= 3, "{point:?} {nth}: what was stored is adopted");
            }
            assert!(died || point >= Point::Publishing, "{point:?} {nth}");
        }
    }
}

#[test]
fn whoever_dies_again_and_again_gets_there() {
    let scene = scene("road", 4);
    let dir = tempfile::tempdir().expect("a directory");
    let (bus, store) = (log(&dir.path().join("bus")), store(&dir.path().join("store")));
    scene.append(&*bus);
    let mut deaths = 0;
    for point in Point::ALL.into_iter().cycle().take(60) {
        let footage = FakeFootage::good();
        let mut one = service(&bus, &store, footage, scene.texts(), Some(dies_at(point, 1)));
        match run(&mut one, &bus, 4) {
            Err(ServiceError::Killed) => deaths += 1,
            Ok(()) => break,
            Err(error) => panic!("{error}"),
        }
    }
    assert!(deaths >= 4, "{deaths}");
    let mut last = service(&bus, &store, FakeFootage::good(), scene.texts(), None);
    run(&mut last, &bus, 4).unwrap_or_else(|error| panic!("{error}"));
    check(&bus, &store, &scene);
}

/// One process stops for a while at a point; meanwhile another, which has its site now, does everything.
/// Then the first goes on.
fn overtaken_at(point: Point, same_violation: bool) {
    let scene = scene("road", 2);
    let dir = tempfile::tempdir().expect("a directory");
    let (bus, store) = (log(&dir.path().join("bus")), store(&dir.path().join("store")));
    scene.append(&*bus);
    let fast: Arc<OnceLock<Maker>> = Arc::new(OnceLock::new());
    assert!(fast.set(maker(&store, FakeFootage::good(), None)).is_ok());
    let of_fast = if same_violation { vec![0, 1] } else { vec![1] };
    let sources = sources(&bus, scene.texts());
    let done = Arc::new(Mutex::new(Vec::new()));
    let hook: Hook = {
        let (fast, sources, done) = (Arc::clone(&fast), Arc::clone(&sources), Arc::clone(&done));
        let violations = scene.violations.clone();
        Arc::new(move |here, _| {
            let mut done = done.lock().expect("the lock");
            if here == point && done.is_empty() {
                let fast = fast.get().expect("the other process");
                for number in &of_fast {
                    let mut job = Job::new(violations[*number].clone());
                    match fast.advance(&mut job, &*sources) {
                        Advance::Done(evidence) => done.push(*evidence),
                        other => panic!("{other:?}"),
                    }
                }
            }
            false
        })
    };
    let slow = maker(&store, FakeFootage::good(), Some(hook));
    let mut job = Job::new(scene.violations[0].clone());
    let Advance::Done(of_slow) = slow.advance(&mut job, &*sources) else { panic!("not done") };
    let mut all = done.lock().expect("the lock").clone();
    if same_violation {
        assert_eq!(all[0], *of_slow, "{point:?}: both say the same of one violation");
    } else {
        all.push(*of_slow);
    }
    let mut numbers: Vec<u64> = all
        .iter()
        .map(|evidence| match &evidence.result {
            EvidenceResult::Sealed(package) => package.chain_number,
            EvidenceResult::Failed { detail, .. } => panic!("{detail}"),
        })
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [0, 1], "{point:?}: each number once");
    // What both say stands on the bus as it would be published; then the chain is looked at whole.
    use wayside_bus::{Record, Topic};
    use wayside_proto::convert::Message;
    let records = all.iter().map(|evidence| Record {
        key: format!("{}/{}", evidence.site, evidence.violation),
        time: evidence.event_time.0,
        id: Some(evidence.violation.0.clone()),
        value: evidence.to_bytes().expect("bytes"),
    });
    bus.append(Topic::Evidence, records.collect()).expect("appended");
    check(&bus, &store, &scene);
}

#[test]
fn whoever_has_lost_its_site_cannot_fork_the_chain() {
    for point in [Point::Fetched, Point::Sealed, Point::Stored, Point::Marked] {
        overtaken_at(point, true);
        overtaken_at(point, false);
    }
}
