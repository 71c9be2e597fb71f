//! Merges what was seen in overlapping regions into one box per object.
//!
//! Vehicles of any class compete with each other, since a van seen as a car and as a truck is one
//! vehicle; people compete with people and bicycles with bicycles.

use wayside_picture::{Detection, PixelRect};
use wayside_proto::{BoxPx, RoadUserClass};

/// What was seen in one region.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// The region, pixels of the picture.
    pub region: PixelRect,
    /// The longer side of the region in the model's input, pixels.
    pub input_px: u32,
    /// What was found, boxes in pixels of the picture.
    pub found: Vec<Detection>,
}

/// A box this close to an inner edge of its region is taken as cut off by it, pixels.
const EDGE_PX: f32 = 4.0;

/// Share of the smaller box inside the larger from which the smaller may be a part of it.
const PART_SHARE: f32 = 0.7;

/// Height in the model's input from which a model that saw nothing is taken at its word, pixels.
const SEEN_INPUT_PX_MIN: f32 = 24.0;

/// The most boxes of one look that take part, the best by score: bounds the time.
const FOUND_MAX: usize = 300;

struct Candidate {
    detection: Detection,
    look: usize,
    cut: bool,
}

/// One box per object, in order of score.
///
/// 1. Within a region, boxes that overlap by more than `nms_iou` become one.
/// 2. A box that an inner edge of its region cuts off goes where another region covers the place
///    beyond the edge at a scale at which it would have seen the object.
/// 3. Across regions, whole boxes win over cut ones, then the higher score; overlapping boxes
///    become one, whose class and score are those of the best. A box that lies in a larger one
///    goes if the region of the larger one saw no object of its own there: it is a part.
///
/// Ties are broken by position, so the order of regions does not matter beyond exact ties.
#[must_use]
pub fn merge(looks: &[Look], (width, height): (u32, u32), nms_iou: f32) -> Vec<Detection> {
    let single: Vec<Vec<Detection>> =
        looks.iter().map(|look| within(&look.found, nms_iou)).collect();
    let mut candidates = Vec::new();
    for (index, (look, found)) in looks.iter().zip(&single).enumerate() {
        for &detection in found {
            let cut = cut_edges(&detection.box_px, look.region, width, height);
            if cut.iter().any(|&cut| cut)
                && seen_beyond(&detection.box_px, cut, index, looks, (width, height))
            {
                continue;
            }
            let cut = cut.iter().any(|&cut| cut);
            candidates.push(Candidate { detection, look: index, cut });
        }
    }
    candidates.sort_by(|a, b| a.cut.cmp(&b.cut).then_with(|| order(&a.detection, &b.detection)));
    let mut kept: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        if absorb(&mut kept, &candidate, nms_iou) {
            continue;
        }
        kept.push(candidate);
    }
    let parts: Vec<bool> = kept
        .iter()
        .map(|small| kept.iter().any(|large| is_part(small, large, looks, &single)))
        .collect();
    let mut merged: Vec<Detection> = kept
        .iter()
        .zip(parts)
        .filter(|(_, part)| !part)
        .map(|(candidate, _)| candidate.detection)
        .collect();
    merged.sort_by(order);
    merged
}

/// Higher scores first, then by position and class: a total order.
fn order(a: &Detection, b: &Detection) -> std::cmp::Ordering {
    let edges = |d: &Detection| [d.box_px.x0, d.box_px.y0, d.box_px.x1, d.box_px.y1];
    b.score.total_cmp(&a.score).then_with(|| {
        let pairs = edges(a).into_iter().zip(edges(b));
        pairs.map(|(a, b)| a.total_cmp(&b)).find(|o| o.is_ne()).unwrap_or(a.class.cmp(&b.class))
    })
}

/// Whether two classes compete for the same object.
fn compete(a: RoadUserClass, b: RoadUserClass) -> bool {
    a == b || (a.motor_vehicle().is_some() && b.motor_vehicle().is_some())
}

/// Greedy suppression within one region.
fn within(found: &[Detection], nms_iou: f32) -> Vec<Detection> {
    let mut sorted = found.to_vec();
    sorted.sort_by(order);
    sorted.truncate(FOUND_MAX);
    let mut kept: Vec<Detection> = Vec::new();
    for detection in sorted {
        let taken = kept.iter().any(|other| {
            compete(other.class, detection.class) && other.box_px.iou(&detection.box_px) > nms_iou
        });
        if !taken {
            kept.push(detection);
        }
    }
    kept
}

/// Which edges of its region cut the box off (left, top, right, bottom); the picture's own border
/// does not count.
fn cut_edges(b: &BoxPx, region: PixelRect, width: u32, height: u32) -> [bool; 4] {
    let r = region.to_box();
    [
        region.x > 0 && b.x0 < r.x0 + EDGE_PX,
        region.y > 0 && b.y0 < r.y0 + EDGE_PX,
        region.x + region.width < width && b.x1 > r.x1 - EDGE_PX,
        region.y + region.height < height && b.y1 > r.y1 - EDGE_PX,
    ]
}

/// Whether another region covers the box and what lies beyond its cut edges, at a scale at which it
/// would have seen it.
fn seen_beyond(
    b: &BoxPx,
    cut: [bool; 4],
    own: usize,
    looks: &[Look],
    (width, height): (u32, u32),
) -> bool {
    // Beyond means at least a quarter of the box's extent.
    let (dx, dy) = ((b.x1 - b.x0) / 4.0 + EDGE_PX, (b.y1 - b.y0) / 4.0 + EDGE_PX);
    let need = |cut: bool, by: f32| if cut { by } else { 0.0 };
    let wanted = BoxPx {
        x0: (b.x0 - need(cut[0], dx)).max(0.0),
        y0: (b.y0 - need(cut[1], dy)).max(0.0),
        x1: (b.x1 + need(cut[2], dx)).min(width as f32),
        y1: (b.y1 + need(cut[3], dy)).min(height as f32),
    };
    looks
        .iter()
        .enumerate()
        .any(|(index, look)| index != own && holds(look.region, &wanted) && is_visible(b, look))
}

fn holds(region: PixelRect, b: &BoxPx) -> bool {
    let r = region.to_box();
    r.x0 <= b.x0 && r.y0 <= b.y0 && b.x1 <= r.x1 && b.y1 <= r.y1
}

fn is_visible(b: &BoxPx, look: &Look) -> bool {
    let longer = look.region.width.max(look.region.height).max(1) as f32;
    (b.y1 - b.y0) * look.input_px as f32 / longer >= SEEN_INPUT_PX_MIN
}

/// Adds the candidate to a box that it overlaps; whether there was one.
fn absorb(kept: &mut [Candidate], candidate: &Candidate, nms_iou: f32) -> bool {
    let new = &candidate.detection;
    let best = kept
        .iter_mut()
        .filter(|other| compete(other.detection.class, new.class))
        .filter(|other| other.look != candidate.look)
        .map(|other| (other.detection.box_px.iou(&new.box_px), other))
        .filter(|(iou, other)| {
            // What a cut box shows is at most a part of the object.
            *iou > nms_iou
                || candidate.cut && share_inside(&new.box_px, &other.detection.box_px) > PART_SHARE
        })
        .max_by(|(a, _), (b, _)| a.total_cmp(b));
    let Some((_, other)) = best else { return false };
    if new.score > other.detection.score {
        other.detection.score = new.score;
        other.detection.class = new.class;
    }
    true
}

/// Share of `small` that lies inside `large`.
fn share_inside(small: &BoxPx, large: &BoxPx) -> f32 {
    let area = small.area();
    if area > 0.0 { small.intersection(large) / area } else { 0.0 }
}

/// Whether `small` is a part of `large`: inside it, seen in another region, and the region of
/// `large`, which could see the place, saw no object of its own there. A car before a bus stays,
/// because the region that saw the bus saw the car too.
fn is_part(
    small: &Candidate,
    large: &Candidate,
    looks: &[Look],
    single: &[Vec<Detection>],
) -> bool {
    let (s, l) = (&small.detection, &large.detection);
    if small.look == large.look
        || !compete(s.class, l.class)
        || s.box_px.area() >= l.box_px.area()
        || share_inside(&s.box_px, &l.box_px) <= PART_SHARE
    {
        return false;
    }
    let (Some(look), Some(found)) = (looks.get(large.look), single.get(large.look)) else {
        return false;
    };
    let own = found.iter().any(|d| compete(d.class, s.class) && d.box_px.iou(&s.box_px) > 0.5);
    !own && is_visible(&s.box_px, look)
}

#[cfg(test)]
mod tests;
