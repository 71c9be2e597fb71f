//! Every way in which there is no package is recorded, and keeps nobody else waiting.

mod common;

use common::{
    FakeFootage, append_violations, check, clip, evidence, log, records, run, scene, sealed,
    service, store,
};
use wayside_bus::{Record, Topic};
use wayside_evidence::FootageError;
use wayside_proto::convert::Message;
use wayside_proto::{
    DeadLetter, EvidenceFailure, EvidenceResult, Moment, TrackId, Verdict, VoidCause,
};

fn failure(result: &EvidenceResult) -> (EvidenceFailure, &str) {
    match result {
        EvidenceResult::Failed { cause, detail } => (*cause, detail),
        EvidenceResult::Sealed(package) => panic!("sealed: {package:?}"),
    }
}

#[test]
fn each_failure_of_the_worker_is_recorded_and_nothing_is_sealed() {
    for cause in [
        EvidenceFailure::WorkerGone,
        EvidenceFailure::RingMovedOn,
        EvidenceFailure::NotRedactable,
        EvidenceFailure::NoPictures,
    ] {
        let scene = scene("road", 1);
        let dir = tempfile::tempdir().expect("a directory");
        let (bus, store) = (log(&dir.path().join("bus")), store(&dir.path().join("store")));
        scene.append(&*bus);
        let said = format!("because of {}", cause.as_str());
        let footage = {
            let said = said.clone();
            FakeFootage::new(move |_, _| Err(FootageError::lasting(cause, said.clone())))
        };
        let mut one = service(&bus, &store, footage.clone(), scene.texts(), None);
        run(&mut one, &bus, 1).unwrap_or_else(|error| panic!("{error}"));
        let published = evidence(&bus);
        assert_eq!(failure(&published[0].result), (cause, said.as_str()));
        assert_eq!(footage.asked(), 1, "what lasts is not asked for again");
        assert!(store.list("road").expect("objects").is_empty());
        assert_eq!(one.totals().failed.get(&cause), Some(&1));
    }
}

#[test]
fn what_passes_is_tried_again_and_given_up_in_time() {
    let scene = scene("road", 1);
    let dir = tempfile::tempdir().expect("a directory");
    let (bus, store) = (log(&dir.path().join("bus")), store(&dir.path().join("store")));
    scene.append(&*bus);
    let gone = || FootageError::passing(EvidenceFailure::WorkerGone, "the worker does not answer");
    // Twice in vain, then it answers.
    let footage = FakeFootage::new(
        move |request, before| if before < 1 { Err(gone()) } else { Ok(clip(request)) },
    );
    let mut one = service(&bus, &store, footage.clone(), scene.texts(), None);
    run(&mut one, &bus, 1).unwrap_or_else(|error| panic!("{error}"));
    check(&bus, &store, &scene);
    assert_eq!(footage.asked(), 2);
    drop(one);
    // Always in vain.
    let dir = tempfile::tempdir().expect("a directory");
    let bus = log(&dir.path().join("bus"));
    scene.append(&*bus);
    let footage = FakeFootage::new(move |_, _| Err(gone()));
    let mut one = service(&bus, &store, footage.clone(), scene.texts(), None);
    run(&mut one, &bus, 1).unwrap_or_else(|error| panic!("{error}"));
    // The store has it from before: it is adopted without asking the worker at all.
    assert_eq!(footage.asked(), 0);
    assert_eq!(sealed(&evidence(&bus)[0]).chain_number, 0);
    drop(one);
    let dir = tempfile::tempdir().expect("a directory");
    let (bus, store) = (log(&dir.path().join("bus")), common::store(&dir.path().join("store")));
    scene.append(&*bus);
    let mut one = service(&bus, &store, footage.clone(), scene.texts(), None);
    run(&mut one, &bus, 1).unwrap_or_else(|error| panic!("{error}"));
    let published = evidence(&bus);
    assert_eq!(failure(&published[0].result).0, EvidenceFailure::WorkerGone);
    assert!(footage.asked() >= 2 && one.totals().retries >= 1);
    assert!(store.list("road").expect("objects").is_empty());
}

#[test]
fn a_violation_that_cannot_be_settled_keeps_no_other_camera_waiting() {
    let (bad, good) = (scene("bad", 3), scene("good", 3));
    let dir = tempfile::tempdir().expect("a directory");
    let (bus, store) = (log(&dir.path().join("bus")), store(&dir.path().join("store")));
    bad.append(&*bus);
    good.append(&*bus);
    let footage = FakeFootage::new(|request, _| {
        if request.site.as_str() == "bad" {
            return Err(FootageError::passing(EvidenceFailure::WorkerGone, "no answer"));
        }
        Ok(clip(request))
    });
    let texts = bad.texts().into_iter().chain(good.texts()).collect();
    let mut one = service(&bus, &store, footage, texts, None);
    run(&mut one, &bus, 6).unwrap_or_else(|error| panic!("{error}"));
    let order: Vec<String> = evidence(&bus).iter().map(|it| it.site.0.clone()).collect();
    assert_eq!(order.iter().filter(|site| *site == "good").count(), 3);
    assert_eq!(order[..3], ["good", "good", "good"], "although the bad ones came first");
}

#[test]
fn what_cannot_be_read_goes_to_the_dead_letters_and_voids_are_passed() {
    let scene = scene("road", 1);
    let dir = tempfile::tempdir().expect("a directory");
    let (bus, store) = (log(&dir.path().join("bus")), store(&dir.path().join("store")));
    let poison =
        Record { key: "road".to_owned(), time: 7, id: None, value: b"no message".to_vec() };
    bus.append(Topic::Violations, vec![poison]).expect("appended");
    let mut void = scene.violations[0].clone();
    void.verdict = Verdict::Void { cause: VoidCause::Gap, detail: "frames are missing".to_owned() };
    void.id.0 = "0".repeat(32);
    append_violations(&*bus, &[void]);
    scene.append(&*bus);
    let mut one = service(&bus, &store, FakeFootage::good(), scene.texts(), None);
    run(&mut one, &bus, 1).unwrap_or_else(|error| panic!("{error}"));
    check(&bus, &store, &scene);
    let letters = records(&bus, Topic::DeadLetter);
    assert_eq!(letters.len(), 1);
    let letter = DeadLetter::from_bytes(&letters[0].value).expect("a letter");
    assert_eq!(
        (letter.topic.as_str(), letter.consumer.as_str()),
        (Topic::Violations.name(), "evidence")
    );
    assert_eq!((one.totals().voids, one.totals().dead_letters), (1, 1));
}

#[test]
fn a_track_that_is_not_there_and_a_junction_nobody_knows_are_told() {
    let scene = scene("road", 1);
    let dir = tempfile::tempdir().expect("a directory");
    let (bus, store) = (log(&dir.path().join("bus")), store(&dir.path().join("store")));
    let mut scene_with_ghosts = common::scene("road", 1);
    let ghost = &mut scene_with_ghosts.violations[0];
    ghost.track = TrackId(99);
    ghost.id.0 = "1".repeat(32);
    let mut stranger = scene.violations[0].clone();
    stranger.site.0 = "elsewhere".to_owned();
    stranger.id.0 = "2".repeat(32);
    scene_with_ghosts.violations.push(stranger);
    scene_with_ghosts.append(&*bus);
    let mut one = service(&bus, &store, FakeFootage::good(), scene.texts(), None);
    run(&mut one, &bus, 2).unwrap_or_else(|error| panic!("{error}"));
    let mut told: Vec<String> = evidence(&bus)
        .iter()
        .map(|evidence| {
            let (cause, detail) = failure(&evidence.result);
            format!("{}: {detail}", cause.as_str())
        })
        .collect();
    told.sort_unstable();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_store_that_refuses_for_too_long_is_recorded() {
    let scene = scene("road", 1);
    let dir = tempfile::tempdir().expect("a directory");
    let (bus, store) = (log(&dir.path().join("bus")), store(&dir.path().join("store")));
    scene.append(&*bus);
    // A file where the site's folder would be.
    std::fs::write(dir.path().join("store/road"), b"in the way").expect("a file");
    let mut one = service(&bus, &store, FakeFootage::good(), scene.texts(), None);
    run(&mut one, &bus, 1).unwrap_or_else(|error| panic!("{error}"));
    let published = evidence(&bus);
    assert_eq!(failure(&published[0].result).0, EvidenceFailure::NotStored);
    assert!(one.totals().retries > 0);
}

#[test]
fn what_lies_where_a_package_would_be_is_neither_adopted_nor_overwritten() {
    let scene = scene("road", 1);
    let dir = tempfile::tempdir().expect("a directory");
    let (bus, store) = (log(&dir.path().join("bus")), store(&dir.path().join("store")));
    scene.append(&*bus);
    let uri = format!("road/{}.wayside", scene.violations[0].id);
    store.put_new(&uri, b"no package".to_vec()).expect("stored");
    let mut one = service(&bus, &store, FakeFootage::good(), scene.texts(), None);
    run(&mut one, &bus, 1).unwrap_or_else(|error| panic!("{error}"));
    check(&bus, &store, &scene);
    assert_eq!(store.get(&uri, 100).expect("the store"), Some(b"no package".to_vec()));
    let published = evidence(&bus);
    assert!(sealed(&published[0]).uri.ends_with(".1.wayside"));
}

#[test]
fn the_stills_show_the_vehicle_before_at_and_beyond_the_line() {
    let scene = scene("road", 1);
    let outcome = &scene.violations[0];
    let window = wayside_evidence::Window::default();
    let request =
        wayside_evidence::case::request(outcome, &scene.observations, window).expect("a request");
    let at: Vec<f64> =
        request.moments.iter().map(|(_, time)| time.since_s(outcome.event_time)).collect();
    assert!(request.moments.iter().map(|(moment, _)| *moment).eq(Moment::ALL));
    // 10 m/s, a frame every 0.1 s, 5 m before and beyond.
    assert!(
        (at[0] + 0.5).abs() < 0.11 && at[1].abs() < 0.06 && (at[2] - 0.5).abs() < 0.11,
        "{at:?}"
    );
    assert!(request.to_bytes().is_ok());
    assert!((90..=101).contains(&request.subject.len()), "{}", request.subject.len());
    assert_eq!(request.to.since_s(request.from), 10.0);
    // A vehicle that stands is shown two seconds before and after.
    let mut standing = scene.observations.clone();
    for observation in &mut standing {
        let wayside_proto::Content::Tracks { tracks, .. } = &mut observation.content else {
            continue;
        };
        tracks.iter_mut().for_each(|track| track.front_m = [0.0, 0.0]);
    }
    let request = wayside_evidence::case::request(outcome, &standing, window).expect("a request");
    let at: Vec<f64> =
        request.moments.iter().map(|(_, time)| time.since_s(outcome.event_time)).collect();
    assert!((at[0] + 2.0).abs() < 0.11 && (at[2] - 2.0).abs() < 0.11, "{at:?}");
}
