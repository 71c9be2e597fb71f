//! How fast streams are generated: `cargo run --release -p wayside-city --example rate`.

#![allow(clippy::disallowed_types, clippy::disallowed_methods, clippy::disallowed_macros)]

use std::sync::Arc;
use std::time::Instant;

use wayside_city::{City, CityOptions, Event, Junction, Message, Tape, TapePlayer, site_name};
use wayside_proto::convert::Message as _;
use wayside_proto::{Content, SiteId};

const SECONDS: u64 = 160;
const SITES: u32 = 25;

fn states(event: &Event) -> usize {
    match event {
        Event::Observation(observation) => match &observation.content {
            Content::Tracks { tracks, .. } => tracks.len(),
            Content::Gap(_) => 0,
        },
        _ => 0,
    }
}

fn main() {
    let options = CityOptions { cameras: 4 * SITES, ..CityOptions::default() };
    let Ok(city) = City::new(options) else { return };
    let began = Instant::now();
    let mut junctions: Vec<Junction> = (0..SITES).map(|site| city.junction(site)).collect();
    println!("warm-up: {:.1} ms a site", began.elapsed().as_secs_f64() * 1e3 / f64::from(SITES));

    let (mut count, mut observations, mut events) = (0, 0, Vec::new());
    let began = Instant::now();
    for junction in &mut junctions {
        for _ in 0..SECONDS * 5 {
            events.clear();
            junction.step(&mut events);
            count += events.iter().map(states).sum::<usize>();
            observations += events.iter().filter(|e| matches!(e, Event::Observation(_))).count();
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "generated: {:.2} million states/s, {:.1} states an observation",
        count as f64 / seconds / 1e6,
        count as f64 / observations as f64
    );

    let (mut count, mut bytes, mut observations) = (0, 0, 0);
    let began = Instant::now();
    for junction in &mut junctions {
        for _ in 0..SECONDS * 5 {
            events.clear();
            junction.step(&mut events);
            for event in &events {
                if let Event::Observation(observation) = event
                    && let Ok(value) = observation.to_bytes()
                {
                    count += states(event);
                    bytes += value.len();
                    observations += 1;
                }
            }
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "generated and encoded: {:.2} million states/s, {:.0} bytes an observation, {:.0} a state",
        count as f64 / seconds / 1e6,
        bytes as f64 / f64::from(observations),
        bytes as f64 / count as f64
    );

    let mut tape_events = Vec::new();
    let mut junction = city.junction(0);
    for _ in 0..SECONDS * 5 {
        junction.step(&mut tape_events);
    }
    let period_us = SECONDS as i64 * 1_000_000;
    let Ok(tape) = Tape::new(city.options().start, period_us, tape_events) else { return };
    let tape = Arc::new(tape);
    let (mut count, mut bytes, mut played) = (0, 0, Vec::new());
    let began = Instant::now();
    for site in 0..SITES {
        let (id, start) = (SiteId(site_name(site)), city.options().start);
        let mut player = TapePlayer::new(Arc::clone(&tape), id, "run", start, 4, i64::from(site));
        for tick in 1..=SECONDS as i64 * 5 {
            played.clear();
            if player.until(tick * 200_000, &mut played).is_err() {
                return;
            }
            for item in &played {
                if let Message::Observation { states, value, .. } = item {
                    count += states.unwrap_or(0) as usize;
                    bytes += value.len();
                }
            }
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "played from a tape: {:.2} million states/s, {:.0} MB/s, {:.1} MB of memory a tape",
        count as f64 / seconds / 1e6,
        bytes as f64 / seconds / 1e6,
        tape.bytes() as f64 / 1e6
    );
}
