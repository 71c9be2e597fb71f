//! Redaction of evidence on drawn streets of which is known who shows at each pixel.

mod attack;
mod refused;
mod signals;
mod world;

use proptest::prelude::*;
use wayside_picture::Detection;
use wayside_proto::{MotorVehicleClass, RoadUserClass};

use self::world::{Actor, World, settings};

/// An offending car that crosses the picture, and a second road user of the given kind.
fn street(other: Actor) -> World {
    let car = Actor { x: -40, y: 150, width: 110, height: 70, way: (90, 0), brightness: 190 };
    World { actors: vec![car, other], offending: 0, frames: 40, noise: 4 }
}

fn walker() -> Actor {
    Actor { x: 60, y: 40, width: 16, height: 44, way: (30, 6), brightness: 45 }
}

fn share((all, done): (u64, u64)) -> f64 {
    done as f64 / all as f64
}

#[test]
fn whoever_moves_is_hidden_without_being_detected_and_the_offending_vehicle_is_clear() {
    let world = street(walker());
    let mut plan =
        world.observe(MotorVehicleClass::Car, settings(), |_| Vec::new()).expect("a plan");
    let hidden = world.hide(&mut plan);
    assert_eq!(share(world.count(&hidden, 1)), 1.0);
    let clear = 1.0 - share(world.count(&hidden, 0));
    assert!(clear > 0.99, "{clear}");
    let totals = plan.totals();
    assert!(totals.share < 0.2 && totals.movers > 40 && totals.frames == 40, "{totals:?}");
}

#[test]
fn nobody_is_hidden_in_an_empty_street() {
    let mut world = street(walker());
    world.actors.pop();
    let mut plan =
        world.observe(MotorVehicleClass::Car, settings(), |_| Vec::new()).expect("a plan");
    let hidden = world.hide(&mut plan);
    let most = hidden.iter().map(|(_, _, hidden)| hidden.share).fold(0.0, f64::max);
    // The margin around the car where the car moves on between two frames.
    assert!(most < 0.03, "{most}");
}

#[test]
fn one_sighting_of_a_standing_person_hides_it_in_every_picture() {
    let person = Actor { way: (0, 0), ..walker() };
    let world = street(person);
    let sees = |frame| match frame {
        31 => vec![person.seen(frame, RoadUserClass::Person, 0.4)],
        _ => Vec::new(),
    };
    let mut plan = world.observe(MotorVehicleClass::Car, settings(), sees).expect("a plan");
    let hidden = world.hide(&mut plan);
    assert_eq!(share(world.count(&hidden, 1)), 1.0);
}

#[test]
fn a_person_before_the_offending_vehicle_is_hidden_also_where_the_detector_missed_it() {
    let person = Actor { x: 180, y: 170, width: 18, height: 56, way: (4, 0), brightness: 40 };
    let world = street(person);
    let sees = |frame: usize| match frame % 4 {
        0 => vec![person.seen(frame, RoadUserClass::Person, 0.5)],
        _ => Vec::new(),
    };
    let mut plan = world.observe(MotorVehicleClass::Car, settings(), sees).expect("a plan");
    let hidden = world.hide(&mut plan);
    assert_eq!(share(world.count(&hidden, 1)), 1.0);
}

#[test]
fn no_pixel_survives_and_none_outside_changes() {
    let world = street(walker());
    let mut plan =
        world.observe(MotorVehicleClass::Car, settings(), |_| Vec::new()).expect("a plan");
    for (before, after, hidden) in world.hide(&mut plan) {
        for at in 0..before.y.len() {
            let (x, y) = ((at % world::WIDTH) as u32, (at / world::WIDTH) as u32);
            if hidden.mask.hides(x, y) {
                assert_eq!(after.y[at] % 16, 0, "a colour of the palette at {x}, {y}");
            } else {
                assert_eq!(after.y[at], before.y[at]);
            }
        }
    }
}

#[test]
fn the_rider_of_an_offending_motorcycle_is_hidden_undetected() {
    let rider = Actor { x: 10, y: 120, width: 40, height: 90, way: (90, 0), brightness: 190 };
    let world = World { actors: vec![rider], offending: 0, frames: 40, noise: 3 };
    let class = MotorVehicleClass::Motorcycle;
    let mut plan = world.observe(class, settings(), |_| Vec::new()).expect("a plan");
    for (frame, (_, _, hidden)) in world.hide(&mut plan).iter().enumerate() {
        let b = rider.box_at(frame);
        let x = (b.x0 + b.x1) as u32 / 2;
        assert!(x as usize >= world::WIDTH || hidden.mask.hides(x, b.y0 as u32 + 20), "{frame}");
        assert!(!hidden.mask.hides(x, b.y1 as u32 - 10), "{frame}");
    }
}

#[test]
fn the_same_pictures_give_the_same_bytes() {
    let world = street(walker());
    let all = || {
        let see = |frame| vec![walker().seen(frame, RoadUserClass::Person, 0.3)];
        let mut plan = world.observe(MotorVehicleClass::Car, settings(), see).expect("a plan");
        world
            .hide(&mut plan)
            .into_iter()
            .map(|(_, after, hidden)| (after, hidden))
            .collect::<Vec<_>>()
    };
    assert!(all() == all());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn movers_of_any_size_way_and_shade_beside_the_vehicle_are_hidden(
        x in 0i32..300, y in 0i32..50, width in 8i32..80, height in 17i32..70,
        speed in 12i32..120, down in -10i32..5, dark in any::<bool>(), seen_every in 3usize..9,
    ) {
        let brightness = if dark { 40 } else { 200 };
        let other = Actor { x, y, width, height, way: (speed, down), brightness };
        let world = street(other);
        let sees = |frame: usize| -> Vec<Detection> {
            if frame.is_multiple_of(seen_every) {
                vec![other.seen(frame, RoadUserClass::Car, 0.3)]
            } else {
                Vec::new()
            }
        };
        match world.observe(MotorVehicleClass::Car, settings(), sees) {
            Ok(mut plan) => {
                let hidden = world.hide(&mut plan);
                let (all, done) = world.count(&hidden, 1);
                prop_assert!(done as f64 >= 0.999 * all as f64, "{done} of {all}");
            }
            Err(refused) => prop_assert!(false, "{refused}"),
        }
    }
}
