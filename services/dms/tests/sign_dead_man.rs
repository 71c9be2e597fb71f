//! SG-1 over the real bus: whatever goes wrong, no sign shows what is over, what contradicts, or what nobody
//! stands behind.

mod common;

use std::time::Duration;

use common::{
    HOLD_S, SIGNS, TIMEOUT_S, World, counts, is_blank, is_blank_from, never_shows, shows, sign,
    until,
};
use wayside_dms::{DmsError, Service, Standing};
use wayside_signs::Refused;

const RED: &str = "RED LIGHT";

#[test]
fn a_violation_becomes_a_message_and_ends() {
    let world = World::new(SIGNS);
    let service = world.start("a");
    until(&service, "page", "heard", |state| state.state == Standing::Blank);
    let time = world.wall.now();
    world.happens("red_light", "Nin", time);
    shows(&service, "page", RED);
    let state = sign(&service, "page");
    assert_eq!((state.priority, state.pictogram), (Some(150), Some("red_light")));
    assert_eq!(sign(&service, "matrix").state, Standing::Blank, "not its business");
    is_blank_from(&service, "page", &world.wall, time.plus_s(HOLD_S));
    until(&service, "page", "blank by its end", |state| state.why == Some("expired"));
    // A violation that comes late is not warned of any more.
    world.happens("red_light", "Ein", world.wall.now().plus_s(-30.0));
    never_shows(&service, "page", RED, Duration::from_secs(1));
    counts(&service, "one that comes late", |totals| totals.late >= 1);
    assert_eq!(service.failure(), None);
}

#[test]
fn a_matrix_sign_has_markup_and_lamps() {
    let world = World::new(SIGNS);
    let service = world.start("a");
    world.happens("wrong_way", "Sin_1", world.wall.now());
    shows(&service, "matrix", "FALSCHFAHRER");
    let state = sign(&service, "matrix");
    assert_eq!(state.multi, "[jp3][jl3]FALSCHFAHRER[nl]ACHTUNG");
    assert_eq!(state.pages.len(), 1);
    assert_eq!(state.pages[0].rows.len(), 24);
    assert!(state.pages[0].rows.iter().any(|row| row.contains('#')));
}

/// The process that writes messages dies. It says no goodbye: on the bus a stop looks like `kill -9`.
#[test]
fn a_source_that_dies_takes_its_messages_along() {
    let world = World::new(SIGNS);
    let watch = world.watch();
    let source = world.start("a");
    world.happens("wrong_way", "Sin_1", world.wall.now());
    shows(&watch, "matrix", "FALSCHFAHRER");
    assert_eq!(sign(&watch, "matrix").source.as_deref(), Some("a"));
    drop(source);
    is_blank_from(&watch, "matrix", &world.wall, world.wall.now().plus_s(TIMEOUT_S));
    assert_eq!(sign(&watch, "matrix").state, Standing::NoSource);
    // It comes back within the minute that the message would have held: the message does not.
    let _again = world.start("a");
    until(&watch, "matrix", "heard", |state| state.state == Standing::Blank);
    never_shows(&watch, "matrix", "FALSCHFAHRER", Duration::from_secs(1));
}

#[test]
fn a_bus_that_is_read_again_from_the_start_shows_what_still_holds_and_nothing_else() {
    let world = World::new(SIGNS);
    let first = world.start("a");
    world.happens("red_light", "Nin", world.wall.now());
    world.happens("wrong_way", "Sin_1", world.wall.now());
    shows(&first, "page", RED);
    shows(&first, "matrix", "FALSCHFAHRER");
    is_blank(&first, "page");
    // A second place with the same signs reads all that was ever written.
    let second = world.watch();
    shows(&second, "matrix", "FALSCHFAHRER");
    never_shows(&second, "page", RED, Duration::from_secs(1));
    assert!(second.totals().refused.get("expired").is_some_and(|count| *count >= 1));
}

#[test]
fn an_expired_message_that_is_delivered_again_is_not_shown() {
    let world = World::new(SIGNS);
    let service = world.start("a");
    let message = world.text("b", "queue", 200, HOLD_S);
    world.says(&message, false);
    shows(&service, "page", "queue");
    world.says(&message, false);
    let refused = |why: Refused, times: u64| {
        counts(&service, why.as_str(), |totals| totals.refused.get(why.as_str()) == Some(&times));
    };
    refused(Refused::Duplicate, 1);
    is_blank_from(&service, "page", &world.wall, message.time.plus_s(HOLD_S));
    world.says(&world.alive("b"), false);
    for _ in 0..5 {
        world.says(&message, false);
    }
    never_shows(&service, "page", "queue", Duration::from_secs(1));
    refused(Refused::Expired, 5);
    refused(Refused::Duplicate, 1);
}

#[test]
fn two_sources_at_once_agree_everywhere() {
    let world = World::new(SIGNS);
    let (here, there) = (world.start("a"), world.watch());
    let calm = world.text("b", "calm", 20, 60.0);
    let urgent = world.text("c", "urgent", 250, HOLD_S);
    let end = urgent.time.plus_s(HOLD_S);
    world.says(&urgent, true);
    world.says(&calm, true);
    for service in [&here, &there] {
        shows(service, "page", "urgent");
    }
    world.says(&world.alive("b"), false);
    // While the urgent one holds, nothing else is shown.
    while world.wall.now().plus_s(1.0) < end {
        for service in [&here, &there] {
            let state = sign(service, "page");
            let calm = state.text.iter().any(|line| line == "calm");
            assert!(!calm || world.wall.now() >= end, "{state:#?}");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    world.says(&world.alive("b"), false);
    for service in [&here, &there] {
        shows(service, "page", "calm");
    }
    // Each lives while it says so; `b` has fallen silent.
    for service in [&here, &there] {
        is_blank(service, "page");
    }
}

#[test]
fn a_clock_that_jumps_blanks_every_sign() {
    for seconds in [-3_600.0, 3_600.0] {
        let world = World::new(SIGNS);
        let service = world.start("a");
        world.happens("wrong_way", "Sin_1", world.wall.now());
        shows(&service, "matrix", "FALSCHFAHRER");
        world.wall.jump(seconds);
        // At the first look.
        let state = sign(&service, "matrix");
        assert_ne!(state.state, Standing::Showing, "after a jump of {seconds} s: {state:#?}");
        never_shows(&service, "matrix", "FALSCHFAHRER", Duration::from_secs(1));
        // By the new clock, life goes on.
        world.happens("wrong_way", "Sin_2", world.wall.now());
        shows(&service, "matrix", "FALSCHFAHRER");
    }
}

#[test]
fn markup_that_a_sign_cannot_show_is_not_shown() {
    let world = World::new(SIGNS);
    let service = world.start("a");
    for (number, multi) in ["[fl]HELLO[/fl]", "[g1]", "HELLO[nl]A[nl]B[nl]C"].iter().enumerate() {
        let mut message = world.text("b", &format!("slot{number}"), 200, 60.0);
        message.sign = "matrix".into();
        if let wayside_proto::SignContent::Text(text) = &mut message.content {
            text.multi = (*multi).to_owned();
        }
        world.says(&message, false);
    }
    never_shows(&service, "matrix", "slot0", Duration::from_millis(800));
    counts(&service, "markup", |totals| totals.refused.get("markup") == Some(&3));
}

#[test]
fn what_keeps_it_from_starting_is_said() {
    let start = |signs: &str| {
        let world = World::new(signs);
        let started = Service::start(
            std::sync::Arc::clone(&world.bus),
            &[world.file(), world.file()],
            world.options("a"),
        );
        let folder = world.dir.path().display().to_string();
        started.map(|_| ()).expect_err("refused").to_string().replace(&folder, "FOLDER")
    };
    let sign = "[[sign]]\nid = \"s\"\nkind = \"matrix\"\ncolumns = 16\nrows = 3\n\
                snmp = { address = \"127.0.0.1:161\", community_file = \"none\" }\n";
    let world = World::new(sign);
    let secret =
        Service::start(std::sync::Arc::clone(&world.bus), &[world.file()], world.options("a"));
    let folder = world.dir.path().display().to_string();
    let secret = secret.map(|_| ()).expect_err("refused");
    assert!(matches!(secret, DmsError::Secret { .. }));
    insta::assert_snapshot!(
        [start(SIGNS), start(""), secret.to_string().replace(&folder, "FOLDER")].join("\n")
    );
}
