use proptest::prelude::*;

use super::*;

fn found(class: RoadUserClass, score: f32, [x0, y0, x1, y1]: [f32; 4]) -> Detection {
    Detection { class, score, box_px: BoxPx { x0, y0, x1, y1 } }
}

fn look(region: [u32; 4], found: Vec<Detection>) -> Look {
    let [x, y, width, height] = region;
    Look { region: PixelRect { x, y, width, height }, input_px: 416, found }
}

use RoadUserClass::{Bicycle, Bus, Car, Motorcycle, Person, Truck};

#[test]
fn a_van_seen_as_two_classes_is_one_vehicle() {
    let a = found(Car, 0.6, [10.0, 10.0, 110.0, 60.0]);
    let b = found(Truck, 0.8, [12.0, 8.0, 112.0, 62.0]);
    assert_eq!(merge(&[look([0, 0, 416, 416], vec![a, b])], (416, 416), 0.5), [b]);
}

#[test]
fn a_rider_and_the_bicycle_are_two() {
    let rider = found(Person, 0.6, [10.0, 10.0, 40.0, 80.0]);
    let bicycle = found(Bicycle, 0.5, [8.0, 20.0, 42.0, 84.0]);
    let merged = merge(&[look([0, 0, 416, 416], vec![bicycle, rider])], (416, 416), 0.5);
    assert_eq!(merged, [rider, bicycle]);
}

#[test]
fn the_same_vehicle_in_two_regions_is_one_with_the_better_class() {
    let coarse = found(Truck, 0.5, [300.0, 100.0, 380.0, 150.0]);
    let fine = found(Car, 0.9, [302.0, 101.0, 381.0, 152.0]);
    let looks = [look([0, 0, 800, 600], vec![coarse]), look([200, 0, 416, 416], vec![fine])];
    assert_eq!(merge(&looks, (800, 600), 0.5), [fine]);
}

#[test]
fn a_half_gives_way_to_the_whole() {
    // The left region sees the front half of a bus up to its right edge at 416.
    let half = found(Car, 0.95, [330.0, 100.0, 415.0, 180.0]);
    let whole = found(Bus, 0.7, [330.0, 98.0, 520.0, 182.0]);
    let looks = [look([0, 0, 416, 416], vec![half]), look([300, 0, 416, 416], vec![whole])];
    let merged = merge(&looks, (800, 416), 0.5);
    assert_eq!(merged, [whole], "the class of a half does not count");
}

#[test]
fn a_half_goes_where_another_region_saw_nothing_of_the_kind() {
    let half = found(Car, 0.4, [380.0, 100.0, 416.0, 150.0]);
    let looks = [look([0, 0, 416, 416], vec![half]), look([300, 0, 416, 416], vec![])];
    assert_eq!(merge(&looks, (800, 416), 0.5), []);
    // Nobody else looks beyond the edge: half a vehicle is better than none.
    assert_eq!(merge(&looks[..1], (800, 416), 0.5), [half]);
    // The other region looks so coarsely that its silence says nothing.
    let coarse = Look { input_px: 60, ..looks[1].clone() };
    assert_eq!(merge(&[looks[0].clone(), coarse], (800, 416), 0.5), [half]);
}

#[test]
fn the_border_of_the_picture_cuts_nothing_off() {
    let at_border = found(Car, 0.4, [380.0, 100.0, 416.0, 150.0]);
    let looks = [look([0, 0, 416, 416], vec![at_border]), look([100, 0, 316, 416], vec![])];
    assert_eq!(merge(&looks, (416, 416), 0.5), [at_border]);
}

#[test]
fn a_part_goes_and_a_car_before_a_bus_stays() {
    let bus = found(Bus, 0.6, [100.0, 100.0, 300.0, 220.0]);
    let car = found(Car, 0.8, [120.0, 160.0, 200.0, 219.0]);
    let fine = look([50, 50, 300, 300], vec![car]);
    let saw_only_the_bus = look([0, 0, 500, 416], vec![bus]);
    assert_eq!(merge(&[saw_only_the_bus, fine.clone()], (800, 416), 0.5), [bus]);
    let saw_both = look([0, 0, 500, 416], vec![bus, found(Car, 0.3, [121.0, 158.0, 201.0, 218.0])]);
    assert_eq!(merge(&[saw_both, fine], (800, 416), 0.5), [car, bus]);
}

#[test]
fn nothing_gives_nothing() {
    assert_eq!(merge(&[], (100, 100), 0.5), []);
    assert_eq!(merge(&[look([0, 0, 100, 100], vec![])], (100, 100), 0.5), []);
}

fn any_class() -> impl Strategy<Value = RoadUserClass> {
    prop::sample::select(vec![Car, Truck, Bus, Motorcycle, Bicycle, Person])
}

prop_compose! {
    fn any_look()(
        x in 0u32..400, y in 0u32..300, side in 100u32..600,
        boxes in prop::collection::vec(
            (any_class(), 0.1f32..1.0, 0f32..1.0, 0f32..1.0, 4f32..200.0, 4f32..120.0), 0..12),
    ) -> Look {
        let region = PixelRect { x, y, width: side.min(800 - x), height: side.min(600 - y) };
        let r = region.to_box();
        let found = boxes.into_iter().map(|(class, score, u, v, w, h)| {
            let (x0, y0) = (r.x0 + u * (r.x1 - r.x0 - 2.0), r.y0 + v * (r.y1 - r.y0 - 2.0));
            found(class, score, [x0, y0, (x0 + w).min(r.x1), (y0 + h).min(r.y1)])
        }).collect();
        Look { region, input_px: 416, found }
    }
}

proptest! {
    #[test]
    fn merging_invents_nothing_and_leaves_no_duplicates(
        looks in prop::collection::vec(any_look(), 0..5),
    ) {
        let merged = merge(&looks, (800, 600), 0.5);
        prop_assert!(merged.is_sorted_by(|a, b| a.score >= b.score));
        for (index, a) in merged.iter().enumerate() {
            let seen = looks.iter().flat_map(|look| &look.found);
            prop_assert!(seen.clone().any(|d| d.box_px == a.box_px), "{a:?} was not seen");
            prop_assert!(seen.clone().any(|d| d.score == a.score && d.class == a.class));
            for b in &merged[index + 1..] {
                prop_assert!(!compete(a.class, b.class) || a.box_px.iou(&b.box_px) <= 0.5);
            }
        }
    }

    #[test]
    fn the_order_of_regions_does_not_matter(
        mut looks in prop::collection::vec(any_look(), 0..5), turn in 0usize..5,
    ) {
        let merged = merge(&looks, (800, 600), 0.5);
        let turn = turn.min(looks.len());
        looks.rotate_left(turn);
        prop_assert_eq!(merge(&looks, (800, 600), 0.5), merged);
    }

    #[test]
    fn a_vehicle_alone_in_the_middle_of_a_region_is_kept(
        class in any_class(), score in 0.1f32..1.0, region in any_look(),
    ) {
        let r = region.region.to_box();
        let (x, y) = ((r.x0 + r.x1) / 2.0, (r.y0 + r.y1) / 2.0);
        let only = found(class, score, [x - 20.0, y - 10.0, x + 20.0, y + 10.0]);
        let alone = Look { found: vec![only], ..region };
        prop_assert_eq!(merge(&[alone], (800, 600), 0.5), vec![only]);
    }
}
