//! What goes when, by class, and what stays.

mod common;

use common::{World, actor, days, violation, write};
use wayside_cases::retention::RetentionClass;
use wayside_cases::{Decision, Role};
use wayside_retention::{Deleted, Forecast};

#[test]
fn each_class_goes_at_its_time_and_the_rest_stays() {
    let world = World::new();
    // One case after the other, so that each decision meets the one that is meant.
    world.admit("junction", 1);
    world.reject();
    world.admit("junction", 2);
    let paid = world.approve();
    world.pay(&paid);
    world.admit("station", 3);
    world.approve();
    world.admit("station", 4);
    let stays = |after_days: f64| {
        world.retention().run(world.began.plus_s(days(after_days))).expect("a run");
        let packages = world.objects();
        (1..5).filter(|n| packages.iter().any(|uri| uri.contains(&format!("{n:032x}")))).collect()
    };
    let found: Vec<Vec<u32>> = [0.0, 89.0, 91.0, 179.0, 181.0].map(stays).to_vec();
    assert_eq!(
        found,
        [
            vec![2, 3, 4], // The rejected one went at once.
            vec![2, 3, 4],
            vec![3, 4], // The paid one after 90 days.
            vec![3, 4],
            vec![3], // The undecided one after 180; the one that is not paid stays.
        ]
    );
    let deleted: Vec<(String, u64)> = world.deleted().into_iter().collect();
    let expected = [
        ("cases/junction", 2),
        ("cases/station", 1),
        ("evidence/junction", 2),
        ("evidence/station", 1),
    ];
    assert_eq!(deleted, expected.map(|(what, count)| (what.to_owned(), count)));
    let policies: Vec<String> =
        world.receipts().into_iter().map(|receipt| receipt.deletion.policy).collect();
    assert_eq!(policies, ["rejected", "rejected", "closed", "closed", "undecided", "undecided"]);
    assert_eq!(world.objects().len(), 1, "no plan and no order is left: {:?}", world.objects());
}

#[test]
fn what_the_desk_does_not_know_goes_by_its_age_with_all_its_attempts() {
    let world = World::new();
    let (unknown, _) = violation("junction", 7, world.began);
    world.store_package(&unknown, 0);
    world.store_package(&unknown, 1);
    // What is no package is none of retention's business.
    write(world.dir.path(), "junction/chain/000000000000.json", "{}");
    write(world.dir.path(), "junction/readme.txt", "by hand");
    let early = world.retention().run(world.began.plus_s(days(179.0))).expect("a run");
    assert!(early.is_empty() && world.objects().len() == 4);
    let late = world.retention().run(world.began.plus_s(days(181.0))).expect("a run");
    let deleted: Vec<_> = late.into_iter().collect();
    let place = ("junction".into(), "undecided".to_owned());
    assert_eq!(deleted, [(place, Deleted { packages: 2, cases: 0 })]);
    assert_eq!(world.objects(), ["junction/chain/000000000000.json", "junction/readme.txt"]);
    assert_eq!(world.receipts()[0].deletion.span, None, "nobody knows when it happened");
}

#[test]
fn a_known_case_keeps_its_package() {
    let world = World::new();
    let (outcome, evidence) = violation("junction", 1, world.began);
    world.admit("junction", 1);
    world.reject();
    let senior = actor("senior-1", Role::Senior);
    let right = Decision::Approve;
    world.desk.add_known(&senior, &outcome, &evidence, right, world.began).expect("added");
    let far = world.began.plus_s(days(400.0));
    world.retention().run(far).expect("a run");
    assert_eq!(world.objects().len(), 1, "{:?}", world.objects());
    assert_eq!(world.deleted().into_iter().collect::<Vec<_>>(), [("cases/junction".to_owned(), 1)]);
    // When it is given out no more, it goes by its age.
    world.desk.end_known(&senior, &outcome.id, far).expect("ended");
    world.retention().run(far.plus_s(1.0)).expect("a run");
    assert_eq!(world.objects(), Vec::<String>::new());
}

#[test]
fn a_forecast_names_the_day() {
    let world = World::new();
    world.admit("junction", 1);
    world.reject();
    world.admit("junction", 2);
    let paid = world.approve();
    world.pay(&paid);
    let forecast = world.retention().kept.forecast(world.began, 100).expect("a forecast");
    let told: Vec<(RetentionClass, u32, u64)> =
        forecast.iter().map(|Forecast { due, in_days }| (due.class, *in_days, due.bytes)).collect();
    assert_eq!(told, [(RetentionClass::Rejected, 0, 9), (RetentionClass::Closed, 90, 9)]);
    assert_eq!(world.objects().len(), 2, "a forecast deletes nothing");
}

#[test]
fn without_a_desk_packages_go_by_their_age() {
    let world = World::new();
    let (outcome, _) = violation("junction", 1, world.began);
    world.store_package(&outcome, 0);
    world.without_desk().run(world.began.plus_s(days(181.0))).expect("a run");
    assert_eq!(world.objects(), Vec::<String>::new());
    assert_eq!(world.deleted()["evidence/junction"], 1);
}

#[test]
fn more_than_one_plan_of_a_class() {
    let world = World::new();
    for number in 0..1_100 {
        world.store_package(&violation("junction", number, world.began).0, 0);
    }
    let far = world.began.plus_s(days(181.0));
    let done = world.without_desk().run(far).expect("a run");
    assert_eq!(done.values().map(|deleted| deleted.packages).sum::<u64>(), 1_100);
    assert_eq!(world.receipts().len(), 2, "a receipt for each thousand");
    assert_eq!(world.deleted()["evidence/junction"], 1_100);
    assert!(world.objects().is_empty());
}

#[test]
fn packages_of_other_junctions_in_the_same_store_stay() {
    let world = World::new();
    for site in ["junction", "station"] {
        world.store_package(&violation(site, 1, world.began).0, 0);
    }
    let ours = std::collections::BTreeSet::from(["junction".into()]);
    let retention = world.without_desk();
    let kept = wayside_retention::Kept { sites: Some(&ours), ..retention.kept };
    let retention = wayside_retention::Retention { kept, ..world.without_desk() };
    retention.run(world.began.plus_s(days(181.0))).expect("a run");
    let left = world.objects();
    assert!(left.len() == 1 && left[0].starts_with("station/"), "{left:?}");
}
