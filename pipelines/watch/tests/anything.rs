//! Any pictures of any size end in an answer, and twice in the same.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)] // Tests print and read files.

mod common;

use common::pictures::{Noise, grey};
use proptest::prelude::*;
use wayside_picture::{Picture, PixelRect};
use wayside_proto::EventTime;
use wayside_watch::{Change, Condition, Gate, GateConfig, Motion, Reference, Watch, WatchConfig};

/// Contents of many kinds: flat, noise, patches, stripes.
fn picture(width: u32, height: u32, kind: u8, seed: u64) -> Picture {
    let mut noise = Noise(seed);
    let luma = (0..width * height).map(|i| {
        let (x, y) = (i % width, i / width);
        match kind % 4 {
            0 => seed as u8,
            1 => noise.next() as u8,
            2 => (((x / 7 + seed as u32 % 5) * 31) ^ ((y / 5) * 17)) as u8,
            _ => {
                if ((x + seed as u32 % 9) / 3).is_multiple_of(2) {
                    255
                } else {
                    0
                }
            }
        }
    });
    grey(width, height, luma.collect())
}

#[derive(Debug, Clone)]
struct Step {
    after_us: i64,
    kind: u8,
    seed: u64,
    other_size: bool,
    accept: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let after = prop_oneof![Just(1_000_000i64), -2_000_000i64..30_000_000, any::<i64>()];
    (after, any::<u8>(), any::<u64>(), prop::bool::weighted(0.05), any::<bool>()).prop_map(
        |(after_us, kind, seed, other_size, accept)| Step {
            after_us,
            kind,
            seed,
            other_size,
            accept,
        },
    )
}

fn run(
    (width, height): (u32, u32),
    regions: &[PixelRect],
    referenced: bool,
    steps: &[Step],
) -> (Vec<Motion>, Vec<Change>, Vec<Condition>) {
    let first = picture(width, height, 2, 3);
    let reference = Reference::from_picture(&first).expect("it has a size");
    let mut gate = Gate::new(GateConfig::default(), width, height, regions);
    let given = referenced.then_some(&reference);
    let mut watch = Watch::new(WatchConfig::default(), width, height, given);
    let (mut motions, mut changes, mut time) = (Vec::new(), Vec::new(), EventTime(0));
    for step in steps {
        time = EventTime(time.0.saturating_add(step.after_us));
        let (w, h) = if step.other_size { (height, width) } else { (width, height) };
        let picture = picture(w, h, step.kind, step.seed);
        motions.push(gate.look(time, &picture));
        if step.accept {
            gate.accept(&picture);
        }
        changes.extend(watch.see(time, &picture));
    }
    let active = watch.active().collect();
    (motions, changes, active)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn every_picture_ends_in_an_answer_and_twice_in_the_same(
        half_w in prop_oneof![1u32..12, 1u32..200],
        half_h in prop_oneof![1u32..12, 1u32..120],
        rects in prop::collection::vec(any::<(u32, u32, u32, u32)>(), 0..3),
        referenced in any::<bool>(),
        steps in prop::collection::vec(step(), 0..30),
    ) {
        let size = (2 * half_w, 2 * half_h);
        let regions: Vec<PixelRect> = rects
            .iter()
            .map(|&(x, y, width, height)| PixelRect { x: x % 300, y: y % 300, width, height })
            .collect();
        let once = run(size, &regions, referenced, &steps);
        prop_assert_eq!(&once, &run(size, &regions, referenced, &steps));
        let mut active = std::collections::BTreeSet::new();
        for change in &once.1 {
            let changed = if change.entered {
                active.insert(change.condition)
            } else {
                active.remove(&change.condition)
            };
            prop_assert!(changed, "{:?} twice", change);
            prop_assert!(!change.detail.is_empty());
        }
        prop_assert_eq!(active.into_iter().collect::<Vec<_>>(), once.2);
    }
}
