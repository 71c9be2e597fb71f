use std::collections::BTreeMap;

use proptest::prelude::*;
use wayside_picture::PixelRect;
use wayside_proto::RoadUserClass;

use super::*;
use crate::manifest::DetectionFormat;

const SIDE: usize = 52;
const STRIDE: f32 = 8.0;

fn layout(box_kind: BoxKind) -> DetectionLayout {
    let labels: BTreeMap<u32, RoadUserClass> = (0..).zip(RoadUserClass::ALL).collect();
    DetectionLayout {
        format: DetectionFormat::Ttfnet,
        strides: vec![8],
        score_min: 0.3,
        score_low: 0.1,
        nms_iou: 0.5,
        box_kind,
        found_by_height_px: Vec::new(),
        labels,
    }
}

/// A region of the input's own size, so that nothing is scaled.
fn own_size() -> LetterBox {
    let rect = PixelRect { x: 0, y: 0, width: 416, height: 416 };
    LetterBox::fit(rect, 416, 416).expect("a fit")
}

fn run(heat: &[f32], boxes: &[f32], kind: BoxKind) -> Vec<Detection> {
    let maps = Maps { heat, boxes, cells: (SIDE, SIDE) };
    decode(maps, &layout(kind), &own_size(), (416, 416))
}

fn empty() -> (Vec<f32>, Vec<f32>) {
    (vec![0.0; 6 * SIDE * SIDE], vec![1.0; DISTANCES * SIDE * SIDE])
}

/// Writes an object as training does: a bump of heat around the cell of its centre, and there the
/// distances to both boxes.
fn encode(
    heat: &mut [f32],
    boxes: &mut [f32],
    class: usize,
    cell: usize,
    score: f32,
    edges: [f32; 8],
) {
    let (row, column) = (cell / SIDE, cell % SIDE);
    for (r, c) in (0..SIDE).flat_map(|r| (0..SIDE).map(move |c| (r, c))) {
        let far = (r.abs_diff(row).pow(2) + c.abs_diff(column).pow(2)) as f32;
        let here = &mut heat[class * SIDE * SIDE + r * SIDE + c];
        *here = here.max(score * libm::expf(-far / 2.0));
    }
    let (x, y) = ((column as f32 + 0.5) * STRIDE, (row as f32 + 0.5) * STRIDE);
    for (index, edge) in edges.into_iter().enumerate() {
        let distance =
            if index % 4 < 2 { [x, y][index % 2] - edge } else { edge - [x, y][index % 2] };
        boxes[index * SIDE * SIDE + cell] = distance;
    }
}

/// Objects on a coarse grid of cells, so that no bump hides another: class, score in steps, edges in
/// eighths of a pixel away from the centre.
fn objects() -> impl Strategy<Value = BTreeMap<usize, (usize, u16, [u16; 8])>> {
    let object = (0_usize..6, 60_u16..=256, proptest::array::uniform8(8_u16..160));
    proptest::collection::btree_map(0_usize..36, object, 0..12)
}

proptest! {
    #[test]
    fn what_was_encoded_is_decoded(objects in objects(), amodal in any::<bool>()) {
        let (mut heat, mut boxes) = empty();
        let mut wanted = Vec::new();
        for (place, (class, score, away)) in objects {
            let cell = (4 + place / 6 * 8) * SIDE + 4 + place % 6 * 8;
            let (x, y) = ((cell % SIDE) as f32 * 8.0 + 4.0, (cell / SIDE) as f32 * 8.0 + 4.0);
            let away = away.map(|eighths| f32::from(eighths) / 8.0);
            let corner = |i: usize| {
                [x - away[i], y - away[i + 1], x + away[i + 2], y + away[i + 3]]
            };
            let edges: Vec<f32> = corner(0).into_iter().chain(corner(4)).collect();
            let edges: [f32; 8] = edges.try_into().expect("eight");
            let score = f32::from(score) / 256.0;
            encode(&mut heat, &mut boxes, class, cell, score, edges);
            let e = if amodal { corner(4) } else { corner(0) };
            wanted.push((RoadUserClass::ALL[class], score, e.map(|edge| edge.clamp(0.0, 416.0))));
        }
        let kind = if amodal { BoxKind::Amodal } else { BoxKind::Modal };
        let found = run(&heat, &boxes, kind);
        let mut found: Vec<_> = found
            .iter()
            .map(|d| (d.class, d.score, [d.box_px.x0, d.box_px.y0, d.box_px.x1, d.box_px.y1]))
            .collect();
        let order = |a: &(RoadUserClass, f32, [f32; 4]), b: &(RoadUserClass, f32, [f32; 4])| {
            a.2[0].total_cmp(&b.2[0]).then(a.2[1].total_cmp(&b.2[1]))
        };
        found.sort_by(order);
        wanted.sort_by(order);
        prop_assert_eq!(found, wanted);
    }

    /// Whatever a model says, at most 300 sound boxes come out, the best first.
    #[test]
    fn any_numbers_give_sound_boxes(seed in any::<u64>()) {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            match state >> 60 {
                0 => f32::NAN,
                1 => f32::INFINITY,
                2 => -1e30,
                _ => (state >> 40) as f32 / (1 << 24) as f32 * 1.6,
            }
        };
        let heat: Vec<f32> = (0..6 * SIDE * SIDE).map(|_| next()).collect();
        let boxes: Vec<f32> = (0..DISTANCES * SIDE * SIDE).map(|_| next() * 100.0).collect();
        let found = run(&heat, &boxes, BoxKind::Amodal);
        prop_assert!(found.len() <= FOUND_MAX);
        prop_assert!(found.windows(2).all(|pair| pair[0].score >= pair[1].score));
        for d in &found {
            let b = d.box_px;
            prop_assert!((0.1..=1.0).contains(&d.score), "{:?}", d);
            prop_assert!(0.0 <= b.x0 && b.x0 < b.x1 && b.x1 <= 416.0, "{:?}", d);
            prop_assert!(0.0 <= b.y0 && b.y0 < b.y1 && b.y1 <= 416.0, "{:?}", d);
        }
    }
}

#[test]
fn of_equal_neighbours_the_first_counts() {
    let (mut heat, mut boxes) = empty();
    boxes.fill(10.0);
    for cell in [0, 1, SIDE, SIDE + 1, 20 * SIDE + 7, 21 * SIDE + 6] {
        heat[cell] = 0.5;
    }
    let corners: Vec<(f32, f32)> = run(&heat, &boxes, BoxKind::Modal)
        .iter()
        .map(|d| (d.box_px.x1 - 10.0, d.box_px.y1 - 10.0))
        .collect();
    assert_eq!(corners, [(4.0, 4.0), (60.0, 164.0)]);
}

#[test]
fn classes_do_not_hide_each_other_and_the_weak_are_left_out() {
    let (mut heat, mut boxes) = empty();
    boxes.fill(10.0);
    let cell = 10 * SIDE + 10;
    heat[cell] = 0.5;
    heat[SIDE * SIDE + cell] = 0.75;
    heat[2 * SIDE * SIDE + cell] = 0.09;
    heat[5 * SIDE * SIDE + cell + 1] = f32::NAN;
    let found = run(&heat, &boxes, BoxKind::Modal);
    let classes: Vec<_> = found.iter().map(|d| (d.class, d.score)).collect();
    assert_eq!(classes, [(RoadUserClass::Truck, 0.75), (RoadUserClass::Car, 0.5)]);
}

#[test]
fn at_most_three_hundred_the_best() {
    let (mut heat, mut boxes) = empty();
    boxes.fill(3.0);
    let mut count = 0;
    for cell in
        (0..SIDE * SIDE).filter(|c| (c / SIDE).is_multiple_of(2) && (c % SIDE).is_multiple_of(2))
    {
        heat[cell] = if count < 350 { 0.25 } else { 0.5 };
        count += 1;
    }
    let found = run(&heat, &boxes, BoxKind::Modal);
    assert_eq!((count, found.len()), (676, 300));
    assert!(found.iter().all(|d| d.score == 0.5));
}

/// A car cut off by the region's edge: what is visible ends there, the whole car does not.
#[test]
fn amodal_boxes_reach_beyond_the_region_and_end_with_the_picture() {
    let (mut heat, mut boxes) = empty();
    let cell = 10 * SIDE;
    heat[cell] = 0.5;
    boxes.fill(30.0);
    let rect = PixelRect { x: 416, y: 0, width: 416, height: 416 };
    let fitted = LetterBox::fit(rect, 416, 416).expect("a fit");
    let maps = Maps { heat: &heat, boxes: &boxes, cells: (SIDE, SIDE) };
    let left = |kind, size| decode(maps, &layout(kind), &fitted, size)[0].box_px.x0;
    assert_eq!(left(BoxKind::Modal, (1280, 720)), 416.0);
    assert_eq!(left(BoxKind::Amodal, (1280, 720)), 390.0);
    boxes.fill(1000.0);
    let maps = Maps { heat: &heat, boxes: &boxes, cells: (SIDE, SIDE) };
    let whole = decode(maps, &layout(BoxKind::Amodal), &fitted, (1280, 720))[0].box_px;
    assert_eq!((whole.x0, whole.y0, whole.x1, whole.y1), (0.0, 0.0, 1280.0, 720.0));
}
