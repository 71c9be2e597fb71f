//! A process may die between any two steps: what was begun is completed, each deletion has one receipt,
//! and nothing is counted twice (PV-2, BU-1).

mod common;

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use common::{Dying, World, days, violation, write};
use wayside_desk::{Desk, DeskOptions, Interrupt};
use wayside_retention::{Kept, Retention, RetentionError};

fn filled() -> World {
    let world = World::new();
    for number in 1..4 {
        world.admit("junction", number);
        world.reject();
    }
    world.admit("station", 4);
    world.reject();
    let (unknown, _) = violation("station", 5, world.began);
    world.store_package(&unknown, 0);
    world.store_package(&unknown, 1);
    world
}

fn is_done(world: &World, what: &str) {
    assert_eq!(world.objects(), Vec::<String>::new(), "{what}");
    let deleted: Vec<(String, u64)> = world.deleted().into_iter().collect();
    let expected = [
        ("cases/junction", 3),
        ("cases/station", 1),
        ("evidence/junction", 3),
        ("evidence/station", 3),
    ];
    assert_eq!(deleted, expected.map(|(what, count)| (what.to_owned(), count)), "{what}");
    assert_eq!(world.receipts().len(), 5, "{what}");
}

#[test]
fn a_death_between_any_two_calls_of_the_store_loses_nothing_and_doubles_nothing() {
    let whole = filled();
    let far = whole.began.plus_s(days(200.0));
    let counting = Dying { store: &whole.store, calls_left: Cell::new(10_000), after: false };
    whole.retention_with(&counting).run(far).expect("a run");
    is_done(&whole, "without a death");
    let calls = 10_000 - counting.calls_left.get();
    assert!(calls > 20, "{calls} calls");
    for after in [false, true] {
        for calls_left in 1..=calls {
            let world = filled();
            let dying = Dying { store: &world.store, calls_left: Cell::new(calls_left), after };
            let died = world.retention_with(&dying).run(far);
            assert!(died.is_err(), "call {calls_left} of {calls}");
            world.retention().run(far.plus_s(60.0)).expect("the next run");
            is_done(&world, &format!("call {calls_left} of {calls}, after {after}"));
        }
    }
}

#[test]
fn a_death_after_several_deaths() {
    let world = filled();
    let far = world.began.plus_s(days(200.0));
    let mut runs = 0;
    for calls_left in 4..200 {
        let dying = Dying { store: &world.store, calls_left: Cell::new(calls_left), after: true };
        runs += 1;
        if world.retention_with(&dying).run(far).is_ok() {
            break;
        }
    }
    assert!(runs > 5, "{runs} runs");
    is_done(&world, "after many deaths");
}

#[test]
fn a_death_within_the_desk() {
    for statements in 1..60 {
        let world = filled();
        let far = world.began.plus_s(days(200.0));
        let interrupt = Interrupt(Arc::new(AtomicI64::new(i64::MAX)));
        let options = DeskOptions {
            policy: world.desk.policy().clone(),
            interrupt: Some(interrupt.clone()),
            ..DeskOptions::default()
        };
        let desk = Desk::sqlite(&world.dir.path().join("desk.sqlite"), options).expect("a desk");
        interrupt.0.store(statements, std::sync::atomic::Ordering::Relaxed);
        let kept = Kept { desk: Some(&desk), ..world.retention().kept };
        let dying = Retention { kept, ..world.retention() };
        let ended = dying.run(far).is_ok();
        drop(desk);
        world.retention().run(far.plus_s(60.0)).expect("the next run");
        is_done(&world, &format!("{statements} statements"));
        if ended {
            assert!(statements > 10, "the desk was interrupted at all");
            return;
        }
    }
    panic!("a run has fewer than 60 statements");
}

#[test]
fn a_plan_that_was_changed_by_hand_deletes_nothing() {
    let mut said = String::new();
    for (name, text) in [
        ("plan", "{}"),
        (
            "plan",
            r#"{"class":"rejected","limit_us":0,"items":[{"case":null,"event_us":null,"packages":["station/../junction/x"]}]}"#,
        ),
        (
            "plan",
            r#"{"class":"rejected","limit_us":0,"items":[{"case":"x","event_us":null,"packages":[]}]}"#,
        ),
        ("order", r#"{"packages":["junction/chain/000000000000.json"],"receipts":[]}"#),
        ("order", r#"{"packages":[],"receipts":["{}"]}"#),
    ] {
        let world = filled();
        write(world.dir.path(), &format!("station/retention/{name}.json"), text);
        write(world.dir.path(), "junction/chain/000000000000.json", "{}");
        let before = world.objects();
        let error = world.retention().run(world.began.plus_s(days(200.0))).expect_err("refused");
        assert!(matches!(error, RetentionError::Damaged { .. }), "{error}");
        said += &format!("{error}\n").replace(world.store.place(), "STORE");
        assert_eq!(world.objects(), before);
        assert!(world.receipts().is_empty());
    }
    insta::assert_snapshot!(said);
}
