//! Chooses the regions that add most, one by one, and then reconsiders each.

use wayside_picture::PixelRect;

use super::RegionOptions;
use super::places::Place;
use super::worth::worth;

/// Sides of regions grow by this factor.
const SIDE_FACTOR: f64 = 1.2;

/// The smallest side, in sides of the input: enlarging further shows nothing new.
const SIDE_MIN: f64 = 0.625;

/// Regions of a side lie this share of it apart.
const SHIFT: f64 = 0.125;

/// Distance that a box keeps from an inner edge of its region, pixels of the input: what touches
/// the edge would count as cut off.
const MARGIN_INPUT_PX: f64 = 8.0;

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
    places: &[Place],
    size_px: (u32, u32),
    options: RegionOptions,
) -> Vec<PixelRect> {
    let total: f64 = places.iter().map(|place| place.weight).sum();
    if total.is_nan() || total <= 0.0 {
        return Vec::new();
    }
    let rects = candidates(size_px, options.input_px);
    let looks: Vec<Candidate> =
        rects.into_iter().map(|rect| look(rect, places, size_px, options.input_px)).collect();
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
fn centred(look: &Candidate, places: &[Place], (width, height): (u32, u32)) -> PixelRect {
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for b in look.worth.iter().filter_map(|&(place, _)| places.get(place)).map(|p| p.box_px) {
        (low, high) =
            ([low[0].min(b[0]), low[1].min(b[1])], [high[0].max(b[2]), high[1].max(b[3])]);
    }
    let start = |low: f64, high: f64, extent: u32, limit: u32| {
        let start = (low + high - f64::from(extent)) / 2.0;
        (start.clamp(0.0, f64::from(limit - extent)) as u32) & !1
    };
    let PixelRect { width: w, height: h, .. } = look.rect;
    PixelRect {
        x: start(low[0], high[0], w, width),
        y: start(low[1], high[1], h, height),
        ..look.rect
    }
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

/// The whole picture, and squares of every size and place that fit into it. A square that is larger
/// than the picture is high is as wide as it can be: the rest of the input would stay empty.
fn candidates((width, height): (u32, u32), input_px: u32) -> Vec<PixelRect> {
    let longest = width.max(height);
    let mut rects = vec![PixelRect { x: 0, y: 0, width, height }];
    let mut side = f64::from(input_px) * SIDE_MIN;
    while side < f64::from(longest) * 0.95 {
        let even = |value: f64| (value as u32) & !1;
        let (w, h) = (even(side).min(width), even(side).min(height));
        let starts = |room: u32| {
            let steps = (f64::from(room) / (side * SHIFT)).ceil() as u32;
            (0..=steps).map(move |step| (room * step).checked_div(steps).unwrap_or(0) & !1)
        };
        for y in starts(height - h) {
            rects.extend(starts(width - w).map(|x| PixelRect { x, y, width: w, height: h }));
        }
        side *= SIDE_FACTOR;
    }
    rects
}

/// What a region is worth at each place that lies wholly inside it.
fn look(
    rect: PixelRect,
    places: &[Place],
    (width, height): (u32, u32),
    input_px: u32,
) -> Candidate {
    let scale = f64::from(input_px) / f64::from(rect.width.max(rect.height).max(1));
    let margin = MARGIN_INPUT_PX / scale;
    let (left, top) = (f64::from(rect.x), f64::from(rect.y));
    let (right, bottom) = (left + f64::from(rect.width), top + f64::from(rect.height));
    let inner = |is_inner: bool| if is_inner { margin } else { 0.0 };
    let holds = [
        left + inner(rect.x > 0),
        top + inner(rect.y > 0),
        right - inner(rect.x + rect.width < width),
        bottom - inner(rect.y + rect.height < height),
    ];
    let worth = places
        .iter()
        .enumerate()
        .filter(|(_, place)| {
            let b = &place.box_px;
            b[0] >= holds[0] && b[1] >= holds[1] && b[2] <= holds[2] && b[3] <= holds[3]
        })
        .map(|(index, place)| (index, worth(place.box_px[3] - place.box_px[1], scale)))
        .filter(|&(_, worth)| worth > 0.0)
        .collect();
    Candidate { rect, worth }
}
