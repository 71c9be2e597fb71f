//! Lamps of traffic signals stay clear although they change, and nobody passes them unhidden.

use wayside_proto::{BoxPx, MotorVehicleClass, RoadUserClass};
use wayside_redaction::evidence::Settings;

use crate::world::{Actor, WIDTH, World, settings};

/// A head whose lamp changes: it blinks as an actor that is there in some pictures only would.
const HEAD: BoxPx = BoxPx { x0: 300.0, y0: 40.0, x1: 316.0, y1: 72.0 };

/// A car on its way, and a light that travels up and down in the head's box.
fn world() -> World {
    let car = Actor { x: -40, y: 150, width: 110, height: 70, way: (90, 0), brightness: 190 };
    let lamp = Actor { x: 304, y: 44, width: 8, height: 10, way: (0, 4), brightness: 220 };
    World { actors: vec![car, lamp], offending: 0, frames: 40, noise: 2 }
}

fn with_signals(signals: Vec<BoxPx>) -> Settings {
    Settings { signals, ..settings() }
}

/// Share of the head's pixels that are hidden over all frames.
fn hidden_of_head(settings: Settings, passer: Option<Actor>) -> f64 {
    let mut world = world();
    world.actors.extend(passer);
    let sees = |frame: usize| match passer {
        Some(actor) if frame.is_multiple_of(3) => {
            vec![actor.seen(frame, RoadUserClass::Person, 0.6)]
        }
        _ => Vec::new(),
    };
    let mut plan = world.observe(MotorVehicleClass::Car, settings, sees).expect("a plan");
    let (mut all, mut done) = (0_u32, 0_u32);
    for (before, after, hidden) in world.hide(&mut plan) {
        for y in HEAD.y0 as u32..HEAD.y1 as u32 {
            for x in HEAD.x0 as u32..HEAD.x1 as u32 {
                let at = y as usize * WIDTH + x as usize;
                let hides = hidden.mask.hides(x, y);
                assert!(hides || after.y[at] == before.y[at]);
                all += 1;
                done += u32::from(hides);
            }
        }
    }
    f64::from(done) / f64::from(all)
}

#[test]
fn a_lamp_that_changes_is_hidden_unless_it_is_said_to_be_one() {
    assert!(hidden_of_head(settings(), None) > 0.1);
    assert_eq!(hidden_of_head(with_signals(vec![HEAD]), None), 0.0);
}

#[test]
fn a_person_who_passes_a_lamp_is_hidden_in_it() {
    let person = Actor { x: 260, y: 36, width: 16, height: 44, way: (25, 0), brightness: 45 };
    let mut world = world();
    world.actors.push(person);
    let sees = |frame: usize| match frame % 3 {
        0 => vec![person.seen(frame, RoadUserClass::Person, 0.6)],
        _ => Vec::new(),
    };
    let settings = with_signals(vec![HEAD]);
    let mut plan = world.observe(MotorVehicleClass::Car, settings, sees).expect("a plan");
    let hidden = world.hide(&mut plan);
    let (all, done) = world.count(&hidden, 2);
    assert_eq!(all, done);
    assert!(hidden_of_head(with_signals(vec![HEAD]), Some(person)) < 0.8);
}

#[test]
fn a_box_that_is_none_opens_nothing() {
    let odd = [
        BoxPx { x0: f32::NAN, ..HEAD },
        BoxPx { x0: HEAD.x1, x1: HEAD.x0, ..HEAD },
        BoxPx { x0: f32::NEG_INFINITY, x1: f32::INFINITY, ..HEAD },
        BoxPx { x0: 2000.0, x1: 2100.0, ..HEAD },
    ];
    assert_eq!(hidden_of_head(with_signals(odd.to_vec()), None), hidden_of_head(settings(), None));
}
