//! What happens to cameras, made from real frames: when it is noticed, and that nothing else is.

// Tests print, read files, and run beside each other.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, clippy::disallowed_types)]

mod common;

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};

use common::pictures::{blurred, darkened, map, shifted, turned};
use wayside_picture::{Picture, Scaler};
use wayside_proto::EventTime;
use wayside_watch::{Change, Condition, Reference, ReferenceKind, Watch, WatchConfig};

/// What becomes of the picture of a second.
type Scene = Box<dyn Fn(usize, &Picture) -> Picture>;

/// A picture a second, 640 wide.
type Seconds = &'static [Picture];

const CLIPS: [&str; 4] = [common::EXAMPLE, common::SIMULATED, common::REAL[0], common::REAL[1]];

fn seconds(path: &'static str) -> Seconds {
    static KEPT: OnceLock<Mutex<BTreeMap<&str, Seconds>>> = OnceLock::new();
    let kept = KEPT.get_or_init(Mutex::default);
    let mut kept = kept.lock().expect("no test has panicked in here");
    kept.entry(path).or_insert_with(|| {
        let (mut pictures, mut scaler) = (Vec::new(), Scaler::new());
        common::decode(path, |_, time, picture| {
            if time.since_s(common::START) >= pictures.len() as f64 {
                let height = (640 * picture.height / picture.width + 1) & !1;
                let small = scaler.scale(picture, picture.rect(), 640, height).expect("scaled");
                pictures.push(small.clone());
            }
            true
        });
        pictures.leak()
    })
}

fn clips() -> impl Iterator<Item = (&'static str, Seconds)> {
    CLIPS.into_iter().map(|path| (path, seconds(path))).filter(|(_, seconds)| !seconds.is_empty())
}

fn time(second: usize) -> EventTime {
    common::START.plus_s(second as f64)
}

/// Shows a clip there and back for `length` seconds, each picture changed by `change`, to a watch
/// calibrated on its first one.
fn show(
    clip: &[Picture],
    length: usize,
    change: impl Fn(usize, &Picture) -> Picture,
) -> Vec<(f64, Change)> {
    let reference = Reference::from_picture(&clip[0]).expect("a reference");
    let (width, height) = (clip[0].width, clip[0].height);
    let mut watch = Watch::new(WatchConfig::default(), width, height, Some(&reference));
    assert_eq!(watch.reference_kind(), ReferenceKind::Calibration);
    let mut changes = Vec::new();
    for second in 0..length {
        let picture = change(second, &clip[there_and_back(second, clip.len())]);
        let seen = watch.see(time(second), &picture);
        changes.extend(seen.into_iter().map(|change| (second as f64, change)));
    }
    changes
}

fn there_and_back(second: usize, length: usize) -> usize {
    let period = 2 * (length - 1).max(1);
    let at = second % period;
    at.min(period - at)
}

/// When a condition begins, and when it ends; nothing else may.
#[track_caller]
fn only(name: &str, changes: &[(f64, Change)], condition: Condition) -> (f64, Option<f64>) {
    println!("{name}:");
    for (second, change) in changes {
        println!("  {second} s: {} {} ({})", change.condition, change.entered, change.detail);
        assert_eq!(change.condition, condition, "{name}: {change:?}");
    }
    assert!(changes.len() <= 2, "{name}: {changes:?}");
    let entered = changes.first().unwrap_or_else(|| panic!("{name}: nothing was noticed"));
    (entered.0, changes.get(1).map(|(second, _)| *second))
}

/// Every frame in full size, with the first as calibration and without.
#[test]
fn nothing_is_wrong_with_whole_clips() {
    for path in CLIPS {
        let mut watches: Vec<Watch> = Vec::new();
        let mut changes = Vec::new();
        common::decode(path, |_, time, picture| {
            if watches.is_empty() {
                let reference = Reference::from_picture(picture).expect("a reference");
                watches = [Some(&reference), None]
                    .map(|r| Watch::new(WatchConfig::default(), picture.width, picture.height, r))
                    .into();
            }
            changes.extend(watches.iter_mut().flat_map(|watch| watch.see(time, picture)));
            true
        });
        assert_eq!(changes, [], "{path}");
        let kinds: Vec<ReferenceKind> = watches.iter().map(Watch::reference_kind).collect();
        let skipped = kinds.is_empty();
        assert!(skipped || kinds == [ReferenceKind::Calibration, ReferenceKind::Learnt], "{path}");
    }
}

#[test]
fn a_nudge_of_a_hundredth_of_the_width_is_noticed_and_its_end_too() {
    for (path, clip) in clips() {
        for (dx, dy, words) in [
            (6.4, 0.0, "6 px to the right"),
            (-6.4, 0.0, "6 px to the left"),
            (0.0, 6.4, "6 px down"),
            (0.0, -6.4, "6 px up"),
        ] {
            // Two clips in all directions, the others in one each way: time is short.
            if (path == common::SIMULATED || path == common::REAL[1]) && (dx < 0.0 || dy > 0.0) {
                continue;
            }
            let changes = show(clip, 66, |second, picture| {
                if (15..45).contains(&second) { shifted(picture, dx, dy) } else { picture.clone() }
            });
            let (begins, ends) = only(&format!("{path} {words}"), &changes, Condition::Moved);
            assert!((15.0..=45.0).contains(&begins), "{begins}");
            assert!(ends.is_some_and(|ends| (45.0..=65.0).contains(&ends)), "{ends:?}");
            assert!(changes[0].1.detail.contains(words), "{}", changes[0].1.detail);
        }
    }
}

#[test]
fn a_blow_a_turn_and_another_view_are_noticed() {
    for (path, clip) in clips() {
        let blow = show(clip, 45, |second, picture| {
            if second < 15 { picture.clone() } else { shifted(picture, 44.0, -23.0) }
        });
        let (begins, _) = only(&format!("{path} blow"), &blow, Condition::Moved);
        assert!(begins <= 45.0 && blow[0].1.detail.contains("44 px to the right and 23 px up"));
        let turn = show(
            clip,
            60,
            |second, picture| {
                if second < 15 { picture.clone() } else { turned(picture, 3.0) }
            },
        );
        let (begins, _) = only(&format!("{path} turn"), &turn, Condition::Moved);
        assert!(begins <= 45.0 && turn[0].1.detail.contains("turned or zoomed"));
        if path != common::EXAMPLE && path != common::REAL[0] {
            continue;
        }
        let other = show(clip, 90, |second, picture| {
            if second < 15 {
                return picture.clone();
            }
            let (width, luma) = (picture.width as usize, picture.y.clone());
            map(picture, |x, y, _| f32::from(luma[y * width + width - 1 - x]))
        });
        let (begins, _) = only(&format!("{path} mirrored"), &other, Condition::Moved);
        assert!(begins <= 85.0, "{begins}");
    }
}

#[test]
fn light_shadow_and_a_tenth_of_dirt_are_nothing() {
    for (path, clip) in clips() {
        let (width, height) = (clip[0].width as usize, clip[0].height as usize);
        let scenes: [(&str, Scene); 4] = [
            ("dusk", Box::new(|s, p| darkened(p, 1.0 - 0.01 * s as f32))),
            ("glare", Box::new(|s, p| map(p, |_, _, v| f32::from(v) * 1.15 + (s % 20) as f32))),
            (
                "a shadow",
                Box::new(move |s, p| {
                    let edge = s as f32 / 45.0 * width as f32;
                    let shade = |x| if (x as f32) < edge { 0.6 } else { 1.0 };
                    map(p, |x, _, v| f32::from(v) * shade(x))
                }),
            ),
            (
                "a leaf on the lens",
                Box::new(move |s, p| {
                    let on = s > 15;
                    blurred(p, 15, move |x, y| on && x < width / 3 && y < height / 3)
                }),
            ),
        ];
        for (name, scene) in scenes {
            assert_eq!(show(clip, 45, scene), [], "{path}: {name}");
        }
    }
}

#[test]
fn blur_and_dirt_are_noticed_and_their_end_too() {
    for (path, clip) in clips() {
        let height = clip[0].height as usize;
        let focus = show(clip, 90, |second, picture| {
            if (15..60).contains(&second) {
                blurred(picture, 6, |_, _| true)
            } else {
                picture.clone()
            }
        });
        let (begins, ends) = only(&format!("{path} focus"), &focus, Condition::Blurred);
        assert!(begins <= 60.0 && ends.is_some(), "{begins} {ends:?}");
        let dirt = show(clip, 52, |second, picture| {
            let dirty = blurred(picture, 12, |_, y| second >= 15 && y >= height / 2);
            map(&dirty, |_, y, v| {
                if second >= 15 && y >= height / 2 {
                    60.0 + f32::from(v) / 3.0
                } else {
                    f32::from(v)
                }
            })
        });
        let (begins, _) = only(&format!("{path} dirt"), &dirt, Condition::Blurred);
        assert!(begins <= 60.0, "{begins}");
    }
}

#[test]
fn darkness_is_noticed_and_hides_the_rest() {
    for (path, clip) in clips() {
        let night = show(clip, 90, |second, picture| match second {
            15..30 => darkened(picture, 0.06),
            30..60 => shifted(&darkened(picture, 0.06), 20.0, 0.0),
            _ => picture.clone(),
        });
        let (begins, ends) = only(&format!("{path} night"), &night, Condition::Dark);
        assert!(begins <= 27.0 && ends.is_some_and(|ends| ends <= 75.0), "{begins} {ends:?}");
    }
}

#[test]
fn a_frozen_picture_is_noticed_and_its_end_too() {
    for (path, clip) in clips() {
        let frozen = show(clip, 80, |second, picture| match second {
            10..55 => clip[there_and_back(10, clip.len())].clone(),
            _ => picture.clone(),
        });
        let (begins, ends) = only(&format!("{path} frozen"), &frozen, Condition::Frozen);
        assert!((40.0..=43.0).contains(&begins), "{begins}");
        assert!(ends.is_some_and(|ends| ends <= 60.0), "{ends:?}");
    }
}

#[test]
fn a_learnt_reference_serves_after_it_is_learnt() {
    let (_, clip) = clips().next().expect("the example is there");
    let (width, height) = (clip[0].width, clip[0].height);
    let mut watch = Watch::new(WatchConfig::default(), width, height, None);
    let (mut learnt, mut moved) = (None, None);
    for (second, picture) in clip.iter().enumerate() {
        if watch.reference_kind() == ReferenceKind::Learnt && learnt.is_none() {
            learnt = Some(second);
        }
        let nudged = if second >= 40 { shifted(picture, 0.0, 6.4) } else { picture.clone() };
        for change in watch.see(time(second), &nudged) {
            assert_eq!(change.condition, Condition::Moved);
            moved.get_or_insert((second, change.detail));
        }
    }
    assert!(learnt.is_some_and(|learnt| (20..=30).contains(&learnt)), "{learnt:?}");
    let (second, detail) = moved.expect("noticed");
    assert!(second <= 70, "{second}");
    assert!(detail.contains("6 px down since the watch began"), "{detail}");
    let bytes = watch.reference().expect("learnt").to_bytes();
    assert_eq!(Reference::from_bytes(&bytes).as_ref(), Ok(watch.reference().expect("learnt")));
}

#[test]
fn others_raise_and_clear_what_they_find() {
    let mut watch = Watch::new(WatchConfig::default(), 640, 360, None);
    let raised = watch.set(Condition::Clock, "the clock is 3 s off", time(1)).expect("raised");
    assert!(raised.entered && raised.detail == "the clock is 3 s off");
    assert_eq!(watch.set(Condition::Clock, "again", time(2)), None);
    assert!(watch.set(Condition::Size, "1280x720 instead of 640x360", time(3)).is_some());
    assert_eq!(watch.active().collect::<Vec<_>>(), [Condition::Clock, Condition::Size]);
    let cleared = watch.clear(Condition::Clock, time(4)).expect("cleared");
    assert!(!cleared.entered && cleared.time == time(4));
    assert_eq!(watch.clear(Condition::Clock, time(5)), None);
    assert_eq!(watch.active().collect::<Vec<_>>(), [Condition::Size]);
}
