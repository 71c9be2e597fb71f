//! Chooses the regions that add most, one by one, and then reconsiders each.

use wayside_picture::PixelRect;

use super::RegionOptions;
use super::places::Place;
use super::window::Window;
use super::worth::worth;

/// Times that each region is reconsidered after all were chosen.
const ROUNDS: usize = 2;

/// A region that could be looked at, and what it is worth at each place.
struct Candidate {
    rect: PixelRect,
    /// Number of the place, and worth there; only where it is above zero.
    worth: Vec<(usize, f64)>,
}

/// The regions, the most useful first; none without places.
pub(super) fn choose(
    windows: &[Window],
    places: &[Place],
    size_px: (u32, u32),
    options: RegionOptions<'_>,
) -> Vec<PixelRect> {
    let total: f64 = places.iter().map(|place| place.weight).sum();
    if total.is_nan() || total <= 0.0 {
        return Vec::new();
    }
    let looks: Vec<Candidate> =
        windows.iter().map(|window| look(window, places, options.found_by_height_px)).collect();
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < options.count_max {
        let Some((index, gain)) = best(&looks, places, &chosen) else { break };
        if gain < options.gain_min * total {
            break;
        }
        chosen.push(index);
    }
    for _ in 0..ROUNDS {
        for position in 0..chosen.len() {
            let mut others = chosen.clone();
            others.remove(position);
            if let Some((index, _)) = best(&looks, places, &others) {
                chosen[position] = index;
            }
        }
    }
    let rects = chosen.iter().filter_map(|&index| looks.get(index));
    rects.map(|look| centred(look, places, size_px)).collect()
}

/// The region moved so that what it holds lies in its middle: road users are not all as large as
/// those that were placed in thought.
fn centred(look: &Candidate, places: &[Place], size_px: (u32, u32)) -> PixelRect {
    let held = look.worth.iter().filter_map(|&(place, _)| places.get(place));
    centred_on(look.rect, held, size_px)
}

/// The region moved so that these places lie in its middle.
pub(super) fn centred_on<'a>(
    rect: PixelRect,
    held: impl Iterator<Item = &'a Place>,
    (width, height): (u32, u32),
) -> PixelRect {
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for b in held.map(|place| place.box_px) {
        (low, high) =
            ([low[0].min(b[0]), low[1].min(b[1])], [high[0].max(b[2]), high[1].max(b[3])]);
    }
    let start = |low: f64, high: f64, extent: u32, limit: u32| {
        let start = (low + high - f64::from(extent)) / 2.0;
        (start.clamp(0.0, f64::from(limit - extent)) as u32) & !1
    };
    let PixelRect { width: w, height: h, .. } = rect;
    PixelRect { x: start(low[0], high[0], w, width), y: start(low[1], high[1], h, height), ..rect }
}

/// The region that adds most to those chosen, and how much; the first of equals.
fn best(looks: &[Candidate], places: &[Place], chosen: &[usize]) -> Option<(usize, f64)> {
    let mut have = vec![0.0_f64; places.len()];
    for &(place, worth) in
        chosen.iter().filter_map(|&index| looks.get(index)).flat_map(|l| &l.worth)
    {
        have[place] = have[place].max(worth);
    }
    let mut best: Option<(usize, f64)> = None;
    for (index, look) in looks.iter().enumerate() {
        let gain: f64 = look
            .worth
            .iter()
            .map(|&(place, worth)| (worth - have[place]).max(0.0) * places[place].weight)
            .sum();
        if best.is_none_or(|(_, most)| gain > most) {
            best = Some((index, gain));
        }
    }
    best.filter(|&(_, gain)| gain > 0.0)
}

/// What a region is worth at each place that lies wholly inside it.
fn look(window: &Window, places: &[Place], found: &[[f64; 2]]) -> Candidate {
    let worth = places
        .iter()
        .enumerate()
        .filter(|(_, place)| window.holds(place))
        .map(|(index, place)| (index, worth(found, place.height_px(), window.scale)))
        .filter(|&(_, worth)| worth > 0.0)
        .collect();
    Candidate { rect: window.rect, worth }
}
