//! Two tracks of one road user: the younger ends.

use wayside_proto::TrackId;
use wayside_site::geometry::{Polygon, Vec2, direction};

use crate::cuboid::Cuboid;
use crate::prior;
use crate::track::Track;

/// Footprints that share more than this of the smaller one cannot belong to two road users.
const SHARED: f64 = 0.5;
/// For longer than this, seconds.
const DOUBLED_S_MAX: f64 = 0.4;
/// Points of a footprint that are looked at, each way.
const GRID: usize = 5;

/// Counts for how long tracks have lain on older ones, and names those that end.
pub(crate) fn ended(tracks: &mut [Track], dt_s: f64) -> Vec<TrackId> {
    let places: Vec<_> = tracks
        .iter()
        .map(|track| {
            (
                track.id,
                track.class,
                track.confirmed,
                track.filter().map(crate::filter::Filter::cuboid),
            )
        })
        .collect();
    let mut ended = Vec::new();
    for (index, track) in tracks.iter_mut().enumerate() {
        let Some(cuboid) = places[index].3 else { continue };
        let doubled = places[..index].iter().any(|(_, class, confirmed, other)| {
            prior::confusion_cost(*class, track.class).is_some()
                && (*confirmed || !track.confirmed)
                && other.is_some_and(|other| shared(&cuboid, &other) > SHARED)
        });
        track.doubled_s = if doubled { track.doubled_s + dt_s } else { 0.0 };
        if track.doubled_s > DOUBLED_S_MAX {
            ended.push(track.id);
        }
    }
    ended
}

/// Share of the smaller footprint that lies on the other.
fn shared(a: &Cuboid, b: &Cuboid) -> f64 {
    let (small, large) =
        if a.length_m * a.width_m <= b.length_m * b.width_m { (a, b) } else { (b, a) };
    let reach = (small.length_m + large.length_m) / 2.0;
    if (small.centre_m - large.centre_m).norm() > reach {
        return 0.0;
    }
    let front = large.centre_m + direction(large.heading_rad) * (large.length_m / 2.0);
    let area = Polygon::footprint(front, large.heading_rad, large.length_m, large.width_m);
    let ahead = direction(small.heading_rad);
    let left = Vec2::new(-ahead.y, ahead.x);
    let at = |index: usize| (index as f64 + 0.5) / GRID as f64 - 0.5;
    let inside = (0..GRID * GRID)
        .filter(|&cell| {
            let along = ahead * (at(cell % GRID) * small.length_m);
            let across = left * (at(cell / GRID) * small.width_m);
            area.contains(small.centre_m + along + across)
        })
        .count();
    inside as f64 / (GRID * GRID) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn footprints_share_what_they_share() {
        let a = Cuboid {
            centre_m: Vec2::new(0.0, 0.0),
            heading_rad: 0.0,
            length_m: 5.0,
            width_m: 2.0,
            height_m: 1.5,
        };
        let beside = Cuboid { centre_m: Vec2::new(0.0, 2.1), ..a };
        let half = Cuboid { centre_m: Vec2::new(3.0, 0.0), ..a };
        assert_eq!(shared(&a, &a), 1.0);
        assert_eq!(shared(&a, &beside), 0.0);
        assert!((shared(&a, &half) - 0.4).abs() < 1e-9);
    }
}
