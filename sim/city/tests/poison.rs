//! Faults are seeded, counted, and lose nothing that is true.

use std::collections::BTreeMap;

use wayside_city::{City, CityOptions, Fault, Keyed, Message, Poison};
use wayside_proto::convert::{FrameProblem, Message as _};
use wayside_proto::{EventTime, Observation};

fn sound() -> Vec<Keyed> {
    let city = City::new(CityOptions { cameras: 8, ..CityOptions::default() }).expect("options");
    let mut messages = Vec::new();
    for site in 0..city.sites() {
        city.stream(site, &[]).until(60_000_000, &mut messages).expect("messages");
    }
    let keyed = messages.into_iter().filter_map(|message| match message {
        Message::Observation { key, time, value, .. } => Some(Keyed { key, time, value }),
        _ => None,
    });
    keyed.collect()
}

fn spoilt(sound: &[Keyed], share: f64, seed: u64) -> (Vec<Keyed>, BTreeMap<Fault, u64>) {
    let mut poison = Poison::new(seed, share);
    let mut out = Vec::new();
    for message in sound {
        poison.pass(message.clone(), &mut out);
    }
    poison.finish(&mut out);
    (out, poison.counts().clone())
}

fn decode(value: &[u8]) -> Result<Observation, FrameProblem> {
    Observation::from_bytes(value)
}

#[test]
fn nothing_is_spoilt_at_a_share_of_nothing() {
    let sound = sound();
    assert_eq!(spoilt(&sound, 0.0, 1), (sound, BTreeMap::new()));
}

#[test]
fn every_fault_comes_is_counted_and_can_be_told() {
    let sound = sound();
    let (out, counts) = spoilt(&sound, 0.2, 1);
    assert_eq!(counts.keys().copied().collect::<Vec<_>>(), Fault::ALL);
    let share = counts.values().sum::<u64>() as f64 / sound.len() as f64;
    assert!((0.15..0.25).contains(&share), "{share}");
    let extra: u64 = counts.iter().filter(|(f, _)| **f != Fault::Reordered).map(|(_, n)| n).sum();
    assert_eq!(out.len() as u64, sound.len() as u64 + extra);
    // What is true is all there.
    let mut left: BTreeMap<&[u8], i64> = BTreeMap::new();
    for message in &out {
        *left.entry(&message.value).or_default() += 1;
    }
    assert!(sound.iter().all(|message| left.contains_key(message.value.as_slice())));
    // What cannot be read is what was broken.
    let unreadable = out.iter().filter(|message| decode(&message.value).is_err()).count() as u64;
    let broken = [Fault::Random, Fault::Cut, Fault::Version, Fault::Huge];
    assert_eq!(unreadable, broken.iter().map(|fault| counts[fault]).sum::<u64>());
    let last = sound.iter().map(|message| message.time).max().expect("messages");
    let ahead = out.iter().filter(|message| message.time > last.plus_s(3e7)).count() as u64;
    assert_eq!(ahead, counts[&Fault::ClockAhead]);
    let largest = out.iter().map(|message| message.value.len()).max().expect("messages");
    assert!((300_000..1_000_000).contains(&largest), "{largest}");
}

#[test]
fn errors_say_what_is_wrong() {
    let sound = sound();
    let (out, _) = spoilt(&sound, 0.2, 1);
    let errors: Vec<String> = out
        .iter()
        .filter_map(|message| decode(&message.value).err())
        .map(|error| error.to_string())
        .collect();
    for part in ["content", "4097 tracks"] {
        assert!(errors.iter().any(|error| error.contains(part)), "{part}: {errors:#?}");
    }
}

#[test]
fn faults_do_not_depend_on_batches_or_other_keys() {
    let sound = sound();
    let whole = spoilt(&sound, 0.1, 7);
    assert_eq!(whole, spoilt(&sound, 0.1, 7));
    assert_ne!(whole, spoilt(&sound, 0.1, 8));
    let of = |messages: &[Keyed]| -> Vec<Keyed> {
        messages.iter().filter(|message| message.key == "city-0001/east").cloned().collect()
    };
    assert_eq!(of(&whole.0), spoilt(&of(&sound), 0.1, 7).0);
    assert!(whole.0.iter().all(|message| message.time > EventTime(0)));
}
