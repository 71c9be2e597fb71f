//! What a watch says to people, word by word.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)] // Tests print and read files.

mod common;

use common::pictures::{Noise, blurred, darkened, grey, noisy, shifted, turned};
use wayside_picture::Picture;
use wayside_watch::{Reference, Watch, WatchConfig};

/// Patches of many sizes.
fn scene() -> Picture {
    let luma = (0..640 * 360u32).map(|i| {
        let (x, y) = (i % 640, i / 640);
        (40 + (x / 29 * 7 + y / 31 * 11 + x * y / 4000) % 17 * 11) as u8
    });
    grey(640, 360, luma.collect())
}

/// What is told while something lasts for 45 s and then is over.
fn told(change: impl Fn(&Picture) -> Picture, reference: bool) -> String {
    let scene = scene();
    let calibrated = Reference::from_picture(&scene).expect("a reference");
    let given = reference.then_some(&calibrated);
    let mut watch = Watch::new(WatchConfig::default(), 640, 360, given);
    let (mut lines, mut last) = (Vec::new(), scene.clone());
    let real = [1, 2].map(|seed| noisy(&scene, 1.0, &mut Noise(seed)));
    for second in 0..105i32 {
        let real = &real[second as usize % 2];
        let picture = if (30..75).contains(&second) { change(real) } else { real.clone() };
        // A flat picture of one level stands for a frozen one.
        let frozen = picture.y.iter().all(|sample| *sample == 0);
        let picture = if frozen { last.clone() } else { picture };
        last = picture.clone();
        for change in watch.see(common::START.plus_s(second.into()), &picture) {
            let sense = if change.entered { "begins" } else { "ends" };
            lines.push(format!("{second} s, {} {sense}: {}", change.condition, change.detail));
        }
    }
    lines.join("\n")
}

#[test]
fn what_is_wrong_and_what_to_do() {
    let scenes = [
        told(|picture| shifted(picture, 7.0, 0.0), true),
        told(|picture| shifted(picture, -3.0, 12.0), false),
        told(|picture| turned(picture, 3.0), true),
        told(|picture| blurred(picture, 9, |_, _| true), true),
        told(|picture| darkened(picture, 0.05), true),
        told(|_| grey(640, 360, vec![0; 640 * 360]), true),
    ];
    insta::assert_snapshot!(scenes.join("\n\n"));
}
