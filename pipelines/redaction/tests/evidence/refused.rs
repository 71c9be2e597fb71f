//! Clips that cannot be redacted are refused, and say why.

use wayside_picture::{Matrix, Picture};
use wayside_proto::{BoxPx, MotorVehicleClass, RoadUserClass};
use wayside_redaction::evidence::{FrameSightings, Look, NotRedactable, Observer};

use crate::world::{Actor, HEIGHT, WIDTH, World, settings, time};

fn car() -> Actor {
    Actor { x: 20, y: 150, width: 110, height: 70, way: (60, 0), brightness: 190 }
}

fn alone(frames: usize) -> World {
    World { actors: vec![car()], offending: 0, frames, noise: 2 }
}

fn refused(world: &World) -> NotRedactable {
    world.observe(MotorVehicleClass::Car, settings(), |_| Vec::new()).expect_err("refused")
}

#[test]
fn too_few_pictures() {
    insta::assert_snapshot!(refused(&alone(9)), @"the clip has 9 pictures; the static background cannot be told from fewer than 16");
}

#[test]
fn no_offending_vehicle() {
    let world = alone(20);
    let (width, height) = (WIDTH as u32, HEIGHT as u32);
    let nan = BoxPx { x0: f32::NAN, y0: 0.0, x1: 9.0, y1: 9.0 };
    let path = [wayside_proto::SubjectAt { time: time(0), box_px: nan }];
    let mut observer = Observer::new(width, height, MotorVehicleClass::Car, &path, settings());
    for frame in 0..20 {
        let (road_users, faces) = (Look::Saw(Vec::new()), Look::Saw(Vec::new()));
        let seen = FrameSightings { time: time(frame), road_users, faces, outline: None };
        observer.observe(&world.picture(frame), seen).expect("taken");
    }
    insta::assert_snapshot!(observer.finish().expect_err("refused"), @"the offending vehicle's track has no box in the clip's pictures: what may stay clear cannot be told");
}

#[test]
fn an_offending_vehicle_that_is_too_small() {
    let mut world = alone(20);
    world.actors[0].height = 12;
    insta::assert_snapshot!(refused(&world), @"the offending vehicle is at most 12 pixels high; below 16 it cannot be told from others around it");
}

#[test]
fn an_offending_vehicle_behind_another() {
    let mut world = alone(20);
    world.actors.push(Actor { x: 10, y: 170, width: 160, height: 70, ..car() });
    let front = world.actors[1];
    let sees = |frame| vec![front.seen(frame, RoadUserClass::Bus, 0.8)];
    let refused = world.observe(MotorVehicleClass::Car, settings(), sees).expect_err("refused");
    insta::assert_snapshot!(refused, @"other road users cover 71% of the offending vehicle on average; at most 60% is allowed");
}

#[test]
fn a_camera_that_moves() {
    let world = alone(24);
    let mut plan =
        world.observe(MotorVehicleClass::Car, settings(), |_| Vec::new()).expect("a plan");
    for frame in 0..8 {
        plan.apply(frame, &mut world.picture(frame)).expect("hidden");
    }
    let mut turned = Picture::filled(WIDTH as u32, HEIGHT as u32, [200, 128, 128], Matrix::Bt709)
        .expect("a picture");
    let before = turned.clone();
    let refused = plan.apply(8, &mut turned).expect_err("refused");
    assert_eq!(turned, before);
    insta::assert_snapshot!(refused, @"the picture at 1970-01-01T00:16:40.640000Z differs from the background in 97% of its area: the camera moved, or the light changed at once");
}

#[test]
fn pictures_out_of_order_or_of_another_size() {
    let world = alone(20);
    let mut plan =
        world.observe(MotorVehicleClass::Car, settings(), |_| Vec::new()).expect("a plan");
    let order = plan.apply(3, &mut world.picture(3)).expect_err("refused");
    insta::assert_snapshot!(order, @"picture 3 at 1970-01-01T00:16:40.240000Z is out of order: pictures must come in order of time, the same in both passes");
    let mut small = Picture::filled(64, 64, [90, 128, 128], Matrix::Bt709).expect("a picture");
    let size = plan.apply(0, &mut small).expect_err("refused");
    insta::assert_snapshot!(size, @"the picture at 1970-01-01T00:16:40.000000Z has 64x64 pixels, not 480x320 as the clip");
}

#[test]
fn a_clip_that_is_too_long() {
    let world = alone(20);
    let limited = wayside_redaction::evidence::Settings { frames_max: 18, ..settings() };
    let refused =
        world.observe(MotorVehicleClass::Car, limited, |_| Vec::new()).expect_err("refused");
    insta::assert_snapshot!(refused, @"the clip has more than 18 pictures; ask for a shorter clip");
}

#[test]
fn a_clip_that_nobody_looked_at_is_no_empty_street() {
    let world = alone(20);
    let observed = |looked: &dyn Fn(usize) -> bool| {
        let (width, height) = (WIDTH as u32, HEIGHT as u32);
        let class = MotorVehicleClass::Car;
        let mut observer = Observer::new(width, height, class, &world.subject(), settings());
        for frame in 0..20 {
            let road_users = if looked(frame) { Look::Saw(Vec::new()) } else { Look::NotLooked };
            let (faces, outline) = (Look::NotLooked, None);
            let seen = FrameSightings { time: time(frame), road_users, faces, outline };
            observer.observe(&world.picture(frame), seen).expect("taken");
        }
        observer.finish().map(|_| ())
    };
    assert_eq!(observed(&|frame| frame % 4 == 0), Ok(()));
    let refused = observed(&|_| false).expect_err("nobody looked");
    insta::assert_snapshot!(refused, @"no detector looked for road users within 0.40 s of the picture at 1970-01-01T00:16:40.000000Z: who is there is not known");
    // The detector fell out in the middle.
    let refused = observed(&|frame| !(4..16).contains(&frame)).expect_err("a gap");
    insta::assert_snapshot!(refused, @"no detector looked for road users within 0.40 s of the picture at 1970-01-01T00:16:40.720000Z: who is there is not known");
}
