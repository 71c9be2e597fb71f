//! No frame in which a road user moves is called still: simulated clips, whose truth is known.

#![allow(clippy::disallowed_methods, clippy::disallowed_macros)] // Tests print and read files.

mod common;

use common::truth::{Truth, User};
use wayside_picture::PixelRect;
use wayside_watch::{Gate, GateConfig};

/// Least height of a road user that must be noticed, pixels.
const HEIGHT_PX_MIN: f64 = 12.0;

/// Least speed, metres a second.
const SPEED_MS_MIN: f64 = 1.0;

/// Least visible share: nobody sees what is behind a lorry.
const VISIBLE_MIN: f64 = 0.3;

/// Share of the frames of forty regions in which somebody moves by the truth, and not enough to be seen yet.
const MISSED_SHARE_MAX: f64 = 0.001;

/// How far anybody may have gone unnoticed, pixels.
const MISSED_PX_MAX: f64 = 2.0;

/// What became of one gate.
#[derive(Clone, Debug, Default)]
struct Tally {
    frames: u32,
    still: u32,
    /// Frames without anybody near who moves.
    free: u32,
    free_still: u32,
    /// Frames with somebody who moves, and those called still, strictly by speed.
    busy: u32,
    missed: u32,
    /// Those called still though somebody had moved by so many pixels since the last look.
    missed_px_max: f64,
    missed_text: String,
}

struct Tile {
    rect: PixelRect,
    gate: Gate,
    /// Who was where in the frame last accepted.
    accepted: std::collections::BTreeMap<String, User>,
    tally: Tally,
}

fn run(path: &str, truth: &Truth, columns: u32, rows: u32) -> Vec<Tally> {
    let (w, h) = (1280 / columns, 720 / rows);
    let mut tiles: Vec<Tile> = (0..columns * rows)
        .map(|i| {
            let rect = PixelRect { x: i % columns * w, y: i / columns * h, width: w, height: h };
            let gate = Gate::new(GateConfig::default(), 1280, 720, &[rect]);
            Tile { rect, gate, accepted: Default::default(), tally: Tally::default() }
        })
        .collect();
    common::decode(path, |frame, time, picture| {
        let users = truth.at(frame);
        for tile in &mut tiles {
            let motion = tile.gate.look(time, picture);
            let tally = &mut tile.tally;
            let reach = PixelRect {
                x: tile.rect.x.saturating_sub(24),
                y: tile.rect.y.saturating_sub(24),
                width: tile.rect.width + 48,
                height: tile.rect.height + 48,
            };
            let near = |user: &User| {
                let (w, h) = user.inside(reach);
                w > 0.0 && h > 0.0 && user.speed_ms > 0.2
            };
            let free = !users.values().any(near);
            let counted = |user: &User| {
                user.height() > HEIGHT_PX_MIN
                    && user.speed_ms > SPEED_MS_MIN
                    && user.visible >= VISIBLE_MIN
                    && user.lies_in(tile.rect)
            };
            let busy = users.values().any(counted);
            tally.frames += 1;
            tally.free += u32::from(free);
            tally.busy += u32::from(busy);
            if motion.is_moving() {
                tile.gate.accept(picture);
                tile.accepted = users.iter().map(|(k, v)| ((*k).to_owned(), *v)).collect();
                continue;
            }
            tally.still += 1;
            tally.free_still += u32::from(free);
            tally.missed += u32::from(busy);
            for (track, user) in users.iter().filter(|(_, user)| counted(user)) {
                let by = tile.accepted.get(*track).map_or(999.0, |past| user.displacement(past));
                if by > tally.missed_px_max {
                    tally.missed_px_max = by;
                    tally.missed_text = format!(
                        "{path} frame {frame} track {track} by {by:.1} px, {user:?}, {:?}",
                        tile.rect
                    );
                }
            }
        }
        true
    });
    tiles.into_iter().map(|tile| tile.tally).collect()
}

fn sum(tallies: &[Tally]) -> Tally {
    let mut all = Tally::default();
    for tally in tallies {
        all.frames += tally.frames;
        all.still += tally.still;
        all.free += tally.free;
        all.free_still += tally.free_still;
        all.busy += tally.busy;
        all.missed += tally.missed;
        if tally.missed_px_max > all.missed_px_max {
            all.missed_px_max = tally.missed_px_max;
            all.missed_text.clone_from(&tally.missed_text);
        }
    }
    all
}

/// The road as one region, and forty regions of their own, which are free of movement for some time each.
fn check(path: &str, truth: &Truth) {
    let whole = sum(&run(path, truth, 1, 1));
    println!("{path}, the whole picture: {whole:?}");
    assert!(whole.busy > 600 && whole.missed == 0, "{}", whole.missed_text);
    let tiles = sum(&run(path, truth, 8, 5));
    println!("{path}, 8 x 5 regions: {tiles:?}");
    assert!(tiles.busy > 4000, "{} busy", tiles.busy);
    let missed_share = f64::from(tiles.missed) / f64::from(tiles.busy);
    assert!(missed_share <= MISSED_SHARE_MAX, "{} missed, {}", tiles.missed, tiles.missed_text);
    assert!(tiles.missed_px_max <= MISSED_PX_MAX, "{}", tiles.missed_text);
    assert!(tiles.free_still as f64 > 0.85 * tiles.free as f64, "{tiles:?}");
}

#[test]
fn the_example() {
    check(common::EXAMPLE, &Truth::of_example());
}

#[test]
fn the_simulated_junction() {
    let boxes = common::file("../shared/sim/sample/day_195-245.gt.csv");
    let camera = common::file("../shared/sim/sample/camera.json");
    if let (Some(boxes), Some(camera)) = (boxes, camera) {
        check(common::SIMULATED, &Truth::of_simulation(&boxes, &camera));
    }
}
