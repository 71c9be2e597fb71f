//! How often rendered plates are read right, by width. Needs the model in a folder named by
//! `WAYSIDE_MODELS`; without it the tests say that they skip.
//!
//! `cargo test -p wayside-plates measure -- --ignored --nocapture` prints the table of the model's card.

use std::path::PathBuf;

use wayside_inference::manifest::Manifest;
use wayside_inference::store::Store;
use wayside_inference::{RunOptions, Runtime};

use super::PlateReader;
use super::render::{Dice, plate_text, vehicle};
use super::vote::{Ballot, Suggestion};
use crate::Purpose;

/// A suggestion of at least this confidence is called sure in the table.
const SURE: f32 = 0.6;

pub(super) fn reader() -> Option<PlateReader> {
    let manifest = Manifest::embedded().expect("a manifest");
    let model = manifest.model("ppocr-v4-rec").expect("the model");
    let dirs = std::env::var_os("WAYSIDE_MODELS").unwrap_or_default();
    let dirs: Vec<PathBuf> = std::env::split_paths(&dirs).collect();
    let store = Store::new(dirs, PathBuf::new());
    let Some(file) = store.present(model) else {
        eprintln!("skipped: WAYSIDE_MODELS names no folder with {}", model.file);
        return None;
    };
    store.verify(model, &file).unwrap_or_else(|error| panic!("{}", error.report()));
    let runtime = Runtime::load(None).unwrap_or_else(|error| panic!("{}", error.report()));
    Some(PlateReader::open(&runtime, model, &file, RunOptions::default()).expect("the reader"))
}

fn read(
    reader: &mut PlateReader,
    text: &str,
    width_px: f32,
    stills: u32,
    dice: &mut Dice,
) -> Vec<Suggestion> {
    let mut ballot = Ballot::default();
    for still in 0..stills {
        let picture = vehicle(text, width_px * (0.9 + 0.1 * still as f32), dice);
        reader.read_vehicle(&picture, &mut ballot).expect("read");
    }
    ballot.count()
}

fn is(suggestion: Option<&Suggestion>, text: &str) -> bool {
    suggestion.is_some_and(|found| found.plate.expose(Purpose::LeakTest) == text)
}

/// Wilson's interval of a share, 95%, in percent.
fn wilson(hits: u32, all: u32) -> (f64, f64) {
    let (n, z) = (f64::from(all), 1.96f64);
    let share = f64::from(hits) / n;
    let middle = share + z * z / (2.0 * n);
    let half = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let bound = |value: f64| 100.0 * value / (1.0 + z * z / n);
    (bound(middle - half), bound(middle + half))
}

#[test]
fn a_large_plate_is_read_and_a_vehicle_without_one_is_not() {
    let Some(mut reader) = reader() else { return };
    let mut right = 0;
    for seed in 0..6 {
        let mut dice = Dice::new(seed);
        let text = plate_text(&mut dice);
        right += u32::from(is(read(&mut reader, &text, 160.0, 1, &mut dice).first(), &text));
    }
    assert!(right >= 4, "{right} of 6");
    let nothing = read(&mut reader, "", 160.0, 1, &mut Dice::new(9));
    assert!(nothing.is_empty(), "{} readings of an empty plate", nothing.len());
}

#[test]
#[ignore = "takes minutes; prints the table of the model's card"]
fn measure() {
    let Some(mut reader) = reader() else { return };
    let all: u32 = std::env::var("PLATES").ok().and_then(|n| n.parse().ok()).unwrap_or(40);
    for stills in [1, 3] {
        println!(
            "stills | width px | first right | 95% | among three | none | sure (>= 0.6) | sure and wrong | ms"
        );
        for width in [60.0, 80.0, 100.0, 130.0, 160.0, 200.0] {
            let (mut first, mut among, mut none, mut sure, mut wrong) = (0, 0, 0, 0, 0);
            let mut shown = Vec::new();
            let start = std::time::Instant::now();
            for seed in 0..all {
                let mut dice = Dice::new(u64::from(seed) + 1000 * width as u64);
                let text = plate_text(&mut dice);
                let found = read(&mut reader, &text, width, stills, &mut dice);
                let right = is(found.first(), &text);
                first += u32::from(right);
                among += u32::from(found.iter().any(|found| is(Some(found), &text)));
                none += u32::from(found.is_empty());
                if found.first().is_some_and(|found| found.confidence >= SURE) {
                    sure += 1;
                    wrong += u32::from(!right);
                }
                if !right && shown.len() < 6 {
                    let said = found.first().map(|found| {
                        (found.plate.expose(Purpose::LeakTest).to_owned(), found.confidence)
                    });
                    shown.push((text, said));
                }
            }
            let (from, to) = wilson(first, all);
            let ms = start.elapsed().as_millis() / u128::from(all);
            println!(
                "{stills} | {width} | {first}/{all} | {from:.0} to {to:.0}% | {among} | {none} | {sure} | {wrong} | {ms}"
            );
            if std::env::var_os("SHOW").is_some() {
                println!("    {shown:?}");
            }
        }
    }
}
