//! Live updates: nothing is lost on the way, and who is too slow is told.

#[path = "common/people.rs"]
mod people;
#[path = "common/place.rs"]
mod place;
#[path = "common/records.rs"]
mod records;

use std::sync::Arc;
use std::time::Duration;

use place::*;
use records::*;
use wayside_console::live::{BEHIND_MAX, Hub, RING_EVENTS_MAX};
use wayside_console::shapes::LiveSignal;
use wayside_console::state::Change;
use wayside_http::Clock;
use wayside_proto::EventTime;

fn now() -> EventTime {
    Clock::system().now()
}

#[test]
fn a_client_that_comes_back_gets_every_event_exactly_once() {
    let place = Place::new();
    let console = place.start();
    let snapshot = console.get("operator", "/api/v1/overview").json();
    let began = now();
    let many: Vec<_> = (0..300)
        .map(|number| violation("junction", number, began.plus_s(number as f64 / 1e3)))
        .collect();
    // Some happen between the snapshot and the first connection.
    place.outcomes(&many[..50]);
    wait(|| console.get("operator", "/api/v1/overview").json()["sites"][0]["violations_24h"] == 50);
    let mut last = snapshot["event_id"].as_str().expect("an id").to_owned();
    let (mut seen, mut appended) = (Vec::new(), 50);
    // The connection breaks in the middle, three times, while events go on.
    for stop in [80, 170, 230, 300] {
        let mut live = console.live("operator", "", Some(&last));
        while seen.len() < stop {
            if appended < many.len() && seen.len() + 10 > appended {
                let next = (appended + 40).min(many.len());
                place.outcomes(&many[appended..next]);
                appended = next;
            }
            let told = live.next_of("event");
            seen.push(told.data["id"].as_str().expect("an id").to_owned());
            last = told.id.expect("events have ids");
        }
    }
    let expected: Vec<String> = many.iter().map(|outcome| outcome.id.0.clone()).collect();
    assert_eq!(seen, expected, "each once, in order");
    // The query serves where no header can be sent.
    let mut live = console.live("operator", &format!("?last_event_id={last}"), None);
    place.outcome(&violation("junction", 999, now()));
    assert_eq!(live.next_of("event").data["track"], 999);
}

#[test]
fn ids_of_another_run_or_of_nothing_begin_anew() {
    let place = Place::new();
    let console = place.start();
    let present = console.get("operator", "/api/v1/overview").json()["event_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let (epoch, number) = present.rsplit_once('-').expect("an id");
    let ahead = format!("{epoch}-{}", number.parse::<u64>().expect("a number") + 5);
    for id in ["abc-7", "", "-", "nonsense", &ahead, "abc-99999999999999999999999"] {
        let mut live = console.live("operator", "", Some(id));
        let first = live.next().expect("an event");
        assert_eq!(
            (first.event.as_str(), first.id.as_deref()),
            ("reset", Some(present.as_str())),
            "{id:?}"
        );
        assert_eq!(first.data["missed"], serde_json::Value::Null);
    }
    // What is known goes on without a word.
    let mut live = console.live("operator", "", Some(&present));
    assert_eq!(live.next().expect("an event").event, "clock");
}

#[test]
fn tracks_are_the_newest_only_and_the_clock_tells_the_lag() {
    let place = Place::new();
    let console = place.start();
    let mut live = console.live("operator", "?site=junction", None);
    assert_eq!(
        live.next_of("clock").data["lag_ms"],
        serde_json::Value::Null,
        "nothing was seen yet"
    );
    let began = now();
    // A hundred frames in half a second.
    for number in 0..100 {
        let at = began.plus_s(number as f64 / 200.0);
        place.observe(&observation("junction", number, at, vec![car(number, 224.8, 235.0)]));
        std::thread::sleep(Duration::from_millis(5));
    }
    let mut times = Vec::new();
    loop {
        let told = live.next().expect("an event");
        if told.event == "tracks" {
            assert_eq!(told.id, None, "tracks are not numbered");
            times.push(told.data["time"].as_str().expect("a time").to_owned());
            if told.data["tracks"][0]["id"] == 99 {
                break;
            }
        }
    }
    let most = 5.0 * now().since_s(began) + 5.0;
    assert!((times.len() as f64) <= most, "{} of 100 frames: at most five a second", times.len());
    assert!(times.is_sorted());
    let clock = live.next_of("clock").data;
    let since_ms = now().since_s(began) * 1e3;
    assert!(clock["lag_ms"].as_f64().is_some_and(|lag| (0.0..=since_ms).contains(&lag)), "{clock}");
    // Who wants none gets none.
    let mut quiet = console.live("operator", "?tracks=false", None);
    place.observe(&observation("junction", 200, now(), vec![car(1, 224.8, 235.0)]));
    for _ in 0..3 {
        assert_ne!(quiet.next().expect("an event").event, "tracks");
    }
    assert_eq!(console.get("operator", "/api/v1/live?site=nowhere").status, 404);
}

fn change(number: u64) -> Change {
    Change::Signals(LiveSignal {
        site: "junction".to_owned(),
        group: number.to_string(),
        time: "2026-06-01T12:00:00.000000Z".to_owned(),
        state: "red".to_owned(),
    })
}

/// A clock that a test turns.
fn clock() -> (Clock, Arc<std::sync::atomic::AtomicI64>) {
    let micros = Arc::new(std::sync::atomic::AtomicI64::new(1_000_000));
    let read = Arc::clone(&micros);
    (Clock::from_fn(move || EventTime(read.load(std::sync::atomic::Ordering::Relaxed))), micros)
}

/// What a client gets without waiting, as text.
fn drain(client: &mut wayside_console::live::Client) -> String {
    let mut all = String::new();
    while let Some(bytes) = client.ready() {
        all += std::str::from_utf8(&bytes).expect("text");
    }
    all
}

#[test]
fn a_slow_client_is_told_what_it_missed_and_goes_on_with_the_newest() {
    let (clock, micros) = clock();
    let hub = Arc::new(Hub::new(clock.now()));
    let mut client = hub.join(None, clock.clone());
    assert_eq!(drain(&mut client), "retry: 1000\n\n");
    // A burst is no slowness: however many events, they are two seconds young.
    let burst: Vec<Change> = (0..2_000).map(change).collect();
    hub.publish(&burst, clock.now());
    assert!(client.is_behind());
    let told = drain(&mut client);
    assert_eq!(told.matches("event: signals").count(), 2_000);
    assert_eq!(told.matches("event: missed").count(), 0);
    // Slow over time, but with few: it may be behind.
    hub.publish(&burst[..BEHIND_MAX as usize], clock.now());
    micros.fetch_add(60_000_000, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(drain(&mut client).matches("event: signals").count(), BEHIND_MAX as usize);
    // Slow, with many.
    hub.publish(&burst[..BEHIND_MAX as usize + 10], clock.now());
    micros.fetch_add(3_000_000, std::sync::atomic::Ordering::Relaxed);
    let told = drain(&mut client);
    assert!(told.starts_with("event: missed\nid: f4240-2522\n"), "{told}");
    assert!(
        told.contains(r#"data: {"count":266,"topics":[{"topic":"signals","count":266}]}"#),
        "{told}"
    );
    hub.publish(&burst[..1], clock.now());
    assert_eq!(drain(&mut client).matches("event: signals").count(), 1);
    assert_eq!(hub.missed(), 266);
    drop(client);
    assert_eq!(hub.clients(), 0);
}

#[test]
fn the_ring_has_bounds_and_a_client_beyond_it_begins_anew() {
    let (clock, _) = clock();
    let hub = Arc::new(Hub::with_limits(clock.now(), 100, 1 << 20));
    let first = hub.last_id();
    let mut sleeper = hub.join(None, clock.clone());
    assert_eq!(drain(&mut sleeper), "retry: 1000\n\n");
    let many: Vec<Change> = (0..350).map(change).collect();
    hub.publish(&many, clock.now());
    // It comes back with an id that the ring has left behind.
    let mut back = hub.join(Some(&first), clock.clone());
    let told = drain(&mut back);
    assert!(told.contains("event: reset\nid: f4240-350\ndata: {\"missed\":350}\n"), "{told}");
    // One that never left is told what it missed, by name.
    let told = drain(&mut sleeper);
    assert!(told.contains(r#"{"count":350,"topics":[{"topic":"signals","count":350}]}"#), "{told}");
    // The edge: the oldest that is kept is the next one.
    let mut edge = hub.join(Some("f4240-250"), clock.clone());
    assert_eq!(drain(&mut edge).matches("event: signals").count(), 100);
    let mut beyond = hub.join(Some("f4240-249"), clock.clone());
    assert!(drain(&mut beyond).contains("event: reset"));
    // Bytes bound it as well.
    let hub = Arc::new(Hub::with_limits(clock.now(), RING_EVENTS_MAX, 10_000));
    hub.publish(&many, clock.now());
    assert!((1..=10_000).contains(&hub.bytes()), "{}", hub.bytes());
}

/// 200 clients, a thousand events a second: everybody gets everything, and memory stays where it was.
fn load(clients: usize, seconds: u64) {
    let place = Place::new();
    let console = Arc::new(place.start());
    let total = 1_000 * seconds;
    let readers: Vec<_> = (0..clients)
        .map(|_| {
            let mut live = console.live("operator", "?tracks=false", None);
            std::thread::spawn(move || {
                // A bit each: what clients keep must not look like memory of the server.
                let mut told_of = vec![0_u64; (total / 64 + 1) as usize];
                let (mut seen, mut missed) = (0, 0);
                while seen + missed < total {
                    let told = live.next().expect("an event");
                    match told.event.as_str() {
                        "event" => {
                            let track = told.data["track"].as_u64().expect("a track");
                            let (word, bit) =
                                (&mut told_of[(track / 64) as usize], 1 << (track % 64));
                            assert!(*word & bit == 0, "{track} twice");
                            *word |= bit;
                            seen += 1;
                        }
                        "missed" => missed += told.data["count"].as_u64().expect("a count"),
                        _ => {}
                    }
                }
                (seen, missed)
            })
        })
        .collect();
    wait(|| console.service.shared().hub().clients() == clients);
    let before = resident_kb();
    let began = std::time::Instant::now();
    for hundredth in 0..10 * seconds {
        let at = now();
        let some: Vec<_> =
            (0..100).map(|number| violation("junction", hundredth * 100 + number, at)).collect();
        place.outcomes(&some);
        let due = Duration::from_millis(100 * (hundredth + 1));
        std::thread::sleep(due.saturating_sub(began.elapsed()));
    }
    let published = began.elapsed();
    let results: Vec<(u64, u64)> =
        readers.into_iter().map(|reader| reader.join().expect("a client")).collect();
    let (took, after) = (began.elapsed(), resident_kb());
    let missed: u64 = results.iter().map(|(_, missed)| missed).sum();
    println!(
        "{clients} clients, {total} events in {:.1} s, all told after {:.1} s; {missed} missed; ring {} KiB; memory {} MiB before, {} MiB after",
        published.as_secs_f64(),
        took.as_secs_f64(),
        console.service.shared().hub().bytes() / 1024,
        before / 1024,
        after / 1024
    );
    assert!(
        results.iter().all(|(seen, missed)| seen + missed == total),
        "nothing is lost without a word"
    );
    // The readers' threads are in this process, too.
    assert!(after < before + 96 * 1024, "{before} KiB before, {after} KiB after");
}

/// What this process holds in memory.
fn resident_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("a status");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

#[test]
fn two_hundred_clients_and_a_thousand_events_a_second() {
    load(200, 3);
}

/// The long form: `cargo test --workspace --test console_live -- --ignored soak_`.
#[test]
#[ignore = "a minute of load"]
fn soak_two_hundred_clients_for_a_minute() {
    load(200, 60);
}

#[test]
fn a_client_that_does_not_read_holds_nobody_up() {
    let place = Place::new();
    let console = place.start();
    // It asks and never reads. Nothing but its socket holds bytes for it.
    let deaf = console.send("GET", "operator", "/api/v1/live", &[], false);
    wait(|| console.service.shared().hub().clients() == 1);
    let mut live = console.live("operator", "?tracks=false", None);
    let began = now();
    for hundred in 0..50_u64 {
        let some: Vec<_> =
            (0..400).map(|number| violation("junction", hundred * 400 + number, began)).collect();
        place.outcomes(&some);
        let mut told = 0;
        while told < 400 {
            let next = live.next().expect("an event");
            told += match next.event.as_str() {
                "event" => 1,
                // Where the machine stalls for seconds, whoever reads is slow as well, and told so.
                "missed" => next.data["count"].as_u64().expect("a count"),
                _ => 0,
            };
        }
    }
    assert!(console.service.shared().hub().bytes() <= 16 << 20);
    assert_eq!(console.service.shared().hub().clients(), 2);
    drop(deaf);
    // Whoever has gone is noticed with the next bytes.
    wait(|| console.service.shared().hub().clients() == 1);
}

#[test]
fn a_console_that_stops_ends_its_streams_at_once() {
    let place = Place::new();
    let console = place.start();
    let mut live = console.live("operator", "", None);
    live.next_of("clock");
    let began = std::time::Instant::now();
    drop(console);
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    while live.next().is_some() {}
}

#[test]
fn a_stream_ends_with_its_session() {
    let place = Place::new();
    let console = place.start();
    let mut live = console.live("operator", "", None);
    live.next_of("clock");
    place.people.disable("operator");
    while live.next().is_some() {}
    assert_eq!(console.get("operator", "/api/v1/overview").status, 401);
}
