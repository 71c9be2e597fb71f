//! Which vehicles have a passage, and when.

mod world;

use wayside_passages::{Refusal, Unmatchable};
use wayside_proto::{GapCause, MotorVehicleClass, PassageContent, RoadUserClass, SectionEnd};
use world::{World, at, state};

fn unmatchable(world: &mut World) -> Vec<(Unmatchable, u64)> {
    world.gates.take_counts().remove(0).2.unmatchable.into_iter().collect()
}

#[test]
fn a_vehicle_that_passes_has_one_passage() {
    let mut world = World::new();
    world.drive(8.0, 12.5, |t| -40.0 + 12.0 * t);
    world.finish();
    let told = world.vehicles();
    let [(passage, vehicle)] = told[..] else { panic!("{told:?}") };
    assert!(passage.time.since_s(at(40.0 / 12.0)).abs() < 1e-3);
    assert_eq!((passage.section.as_str(), passage.end), ("A1", SectionEnd::Entry));
    assert_eq!((vehicle.class, vehicle.lane.as_deref()), (MotorVehicleClass::Car, Some("Nin_2")));
    assert!((vehicle.speed_ms - 12.0).abs() < 0.01);
    assert_eq!((vehicle.looks, &vehicle.embedding[..]), (3, &[1.0, 7.0][..]));
    // 0.1 m at 12 m/s, and what a frame leaves open.
    assert!((16_000..25_000).contains(&vehicle.time_uncertainty_us), "{vehicle:?}");
    assert!(world.gaps().is_empty());
}

#[test]
fn marks_come_every_five_seconds_and_at_the_end() {
    let mut world = World::new();
    for k in 0..300 {
        world.frame(f64::from(k) * 0.1, vec![]);
    }
    world.finish();
    let times: Vec<f64> = world.said.iter().map(|said| said.time.since_s(at(0.0))).collect();
    assert_eq!(times, [0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 29.9]);
}

#[test]
fn one_that_stops_before_the_gate_has_none() {
    let mut world = World::new();
    world.drive(20.0, 10.0, |t| (-30.0 + 8.0 * t).min(-0.4));
    world.finish();
    assert!(world.vehicles().is_empty() && world.gaps().is_empty());
}

#[test]
fn one_that_stops_on_the_gate_and_goes_back_has_none() {
    let mut world = World::new();
    // Half a metre beyond: within what may still be jitter.
    world.drive(
        20.0,
        10.0,
        |t| if t < 10.0 { (-30.0 + 8.0 * t).min(0.5) } else { 0.5 - (t - 10.0) },
    );
    world.finish();
    assert!(world.vehicles().is_empty(), "{:?}", world.said);
}

#[test]
fn one_that_comes_the_wrong_way_has_none() {
    let mut world = World::new();
    world.drive(8.0, 10.0, |t| 40.0 - 12.0 * t);
    world.finish();
    assert!(world.vehicles().is_empty() && world.gaps().is_empty());
    assert_eq!(world.looks, 0);
}

#[test]
fn one_that_turns_back_and_passes_again_has_two() {
    let mut world = World::new();
    // 20 m beyond, back to 10 m before, and by again.
    world.drive(30.0, 10.0, |t| match t {
        t if t < 5.0 => -30.0 + 10.0 * t,
        t if t < 11.0 => 20.0 - 5.0 * (t - 5.0),
        t => -10.0 + 5.0 * (t - 11.0),
    });
    world.finish();
    assert_eq!(world.vehicles().len(), 2);
}

#[test]
fn jitter_over_the_line_is_one_passage() {
    let mut world = World::new();
    // It stands at the line for 10 s, now 15 cm before it, now 15 cm beyond, and drives on.
    world.drive(30.0, 10.0, |t| match t {
        t if t < 5.0 => -30.0 + 6.0 * t,
        // To and fro twice a second.
        t if t < 15.0 => 0.15 * (1.0 - 4.0 * ((2.0 * t).fract() - 0.5).abs()),
        t => 6.0 * (t - 15.0),
    });
    world.finish();
    let told = world.vehicles();
    let [(passage, vehicle)] = told[..] else { panic!("{told:?}") };
    // When it crossed is as open as it stood there.
    let time = passage.time.since_s(at(0.0));
    let half = f64::from(vehicle.time_uncertainty_us) / 1e6;
    assert!(time - half < 5.0 && half > 4.0, "{time} {half}");
}

#[test]
fn one_that_stands_on_the_gate_holds_nobody_up() {
    let mut world = World::new();
    world.drive(40.0, 10.0, |t| match t {
        t if t < 5.0 => -30.0 + 6.08 * t,
        t if t < 30.0 => 0.4,
        t => 0.4 + 6.0 * (t - 30.0),
    });
    world.finish();
    assert!(world.vehicles().is_empty());
    assert_eq!(unmatchable(&mut world), [(Unmatchable::Untimed, 1)]);
    let gaps = world.gaps();
    assert!(gaps[0].from < at(4.95) && gaps[0].to > at(9.9), "{gaps:?}");
    let marks: Vec<_> =
        world.said.iter().filter(|said| said.content == PassageContent::Mark).collect();
    assert!(marks.windows(2).all(|pair| pair[1].time.since_s(pair[0].time) < 11.0), "{marks:?}");
}

#[test]
fn people_and_two_wheelers_are_never_looked_at() {
    for class in [RoadUserClass::Person, RoadUserClass::Bicycle, RoadUserClass::Motorcycle] {
        let mut world = World::new();
        for k in 0..80 {
            let t = f64::from(k) * 0.1;
            let mut walker = state(3, -30.0 + 6.0 * t, 6.0, 0.1);
            walker.class = class;
            world.frame(t, vec![walker]);
        }
        world.finish();
        assert_eq!((world.looks, world.vehicles().len(), world.gaps().len()), (0, 0, 0));
    }
}

#[test]
fn a_person_in_the_box_of_a_car_keeps_it_from_being_looked_at() {
    let mut world = World::new();
    for k in 0..80 {
        let t = f64::from(k) * 0.1;
        let car = state(3, -30.0 + 8.0 * t, 8.0, 0.1);
        let mut walker = state(4, -20.0, 0.0, 0.1);
        walker.class = RoadUserClass::Person;
        walker.box_px = car.box_px;
        world.frame(t, vec![car, walker]);
    }
    world.finish();
    assert_eq!((world.looks, world.vehicles().len()), (0, 0));
    let counts = world.gates.take_counts().remove(0).2;
    assert!(counts.refused[&Refusal::Person] > 10);
    assert_eq!(counts.unmatchable[&Unmatchable::Unseen], 1);
}

#[test]
fn one_that_nobody_could_look_at_leaves_a_gap_where_it_passed() {
    let mut world = World::new();
    world.model = false;
    world.drive(8.0, 10.0, |t| -30.0 + 10.0 * t);
    world.finish();
    assert!(world.vehicles().is_empty());
    let gaps = world.gaps();
    let [gap] = gaps[..] else { panic!("{gaps:?}") };
    assert!(gap.from < at(3.0) && gap.to > at(3.0) && gap.to.since_s(gap.from) < 0.1, "{gap:?}");
    assert_eq!(gap.cause, GapCause::StoodDown);
    assert_eq!(unmatchable(&mut world), [(Unmatchable::Unseen, 1)]);
}

#[test]
fn still_frames_have_no_looks() {
    let mut world = World::new();
    for k in 0..80 {
        let t = f64::from(k) * 0.1;
        world.still(t, vec![state(3, -30.0 + 8.0 * t, 8.0, 0.1)]);
    }
    world.finish();
    assert_eq!(world.looks, 0);
    assert_eq!(unmatchable(&mut world), [(Unmatchable::Unseen, 1)]);
}

#[test]
fn small_cut_off_and_hidden_boxes_are_refused() {
    let mut world = World::new();
    for k in 0..80 {
        let t = f64::from(k) * 0.1;
        let mut small = state(1, -30.0 + 8.0 * t, 8.0, 0.1);
        small.box_px =
            small.box_px.map(|b| wayside_proto::BoxPx { x1: b.x0 + 20.0, y1: b.y0 + 20.0, ..b });
        let mut cut = state(2, -45.0 + 8.0 * t, 8.0, 0.1);
        cut.box_px = cut.box_px.map(|b| wayside_proto::BoxPx { x0: 0.5, ..b });
        let behind = state(3, -38.0 + 8.0 * t, 8.0, 0.1);
        let mut before = state(4, 3.0, 0.0, 0.1);
        before.box_px =
            behind.box_px.map(|b| wayside_proto::BoxPx { y0: b.y0 + 20.0, y1: b.y1 + 20.0, ..b });
        world.frame(t, vec![small, cut, behind, before]);
    }
    world.finish();
    assert_eq!(world.looks, 0);
    let counts = world.gates.take_counts().remove(0).2;
    let causes: Vec<Refusal> = counts.refused.keys().copied().collect();
    assert_eq!(causes, [Refusal::TooSmall, Refusal::Border, Refusal::Hidden]);
    assert_eq!(counts.unmatchable[&Unmatchable::Unseen], 3);
}

#[test]
fn a_track_that_is_lost_at_the_gate_leaves_a_gap() {
    let mut world = World::new();
    for k in 0..60 {
        let t = f64::from(k) * 0.1;
        let there = (t < 3.5).then(|| state(1, -30.0 + 8.0 * t, 8.0, 0.1));
        world.frame(t, there.into_iter().collect());
    }
    world.finish();
    let gaps = world.gaps();
    let [gap] = gaps[..] else { panic!("{gaps:?}") };
    // It would have crossed at 3.75 s.
    assert!(gap.from <= at(3.4) && gap.to >= at(3.75), "{gap:?}");
    assert_eq!(unmatchable(&mut world), [(Unmatchable::Lost, 1)]);
}

#[test]
fn a_track_that_begins_behind_the_gate_leaves_a_gap() {
    let mut world = World::new();
    for k in 0..60 {
        let t = f64::from(k) * 0.1;
        let there = (t > 3.95).then(|| state(1, -30.0 + 8.0 * t, 8.0, 0.1));
        world.frame(t, there.into_iter().collect());
    }
    world.finish();
    assert!(world.vehicles().is_empty());
    let gaps = world.gaps();
    let [gap] = gaps[..] else { panic!("{gaps:?}") };
    assert!(gap.from <= at(3.75) && gap.to >= at(3.75), "{gap:?}");
    assert_eq!(unmatchable(&mut world), [(Unmatchable::Late, 1)]);
}

#[test]
fn a_track_that_begins_right_before_the_gate_is_not_late() {
    let mut world = World::new();
    for k in 0..60 {
        let t = f64::from(k) * 0.1;
        let there = (t > 2.75).then(|| state(1, -30.0 + 8.0 * t, 8.0, 0.1));
        world.frame(t, there.into_iter().collect());
    }
    world.finish();
    assert_eq!((world.vehicles().len(), world.gaps().len()), (1, 0));
}

#[test]
fn a_track_that_another_takes_over_leaves_none() {
    let mut world = World::new();
    for k in 0..90 {
        let t = f64::from(k) * 0.1;
        let track = if t < 3.3 { 1 } else { 2 };
        world.frame(t, vec![state(track, -30.0 + 8.0 * t, 8.0, 0.1)]);
    }
    world.finish();
    assert_eq!((world.vehicles().len(), world.gaps().len()), (1, 0));
}

#[test]
fn long_gaps_are_told_as_they_grow_and_short_ones_not() {
    let mut world = World::new();
    world.frame(0.0, vec![]);
    world.gap(0.0, 0.5, GapCause::Overload);
    world.frame(0.5, vec![]);
    world.gap(0.5, 5.5, GapCause::Stalled);
    world.gap(5.5, 10.5, GapCause::Stalled);
    world.gap(10.5, 10.8, GapCause::Stalled);
    world.frame(10.9, vec![]);
    world.finish();
    let spans: Vec<(f64, f64, GapCause)> = world
        .gaps()
        .iter()
        .map(|gap| (gap.from.since_s(at(0.0)), gap.to.since_s(at(0.0)), gap.cause))
        .collect();
    let stalled = GapCause::Stalled;
    assert_eq!(spans, [(0.5, 5.5, stalled), (5.5, 10.5, stalled), (10.5, 10.9, stalled)]);
}

#[test]
fn many_dropped_frames_in_a_row_are_one_gap() {
    let mut world = World::new();
    world.frame(0.0, vec![]);
    for k in 1..30 {
        let t = f64::from(k) * 0.1;
        world.gap(t, t, GapCause::Overload);
    }
    world.frame(3.0, vec![]);
    world.finish();
    let gaps = world.gaps();
    assert_eq!(gaps.first().map(|gap| gap.from), Some(at(0.0)));
    assert_eq!(gaps.last().map(|gap| gap.to), Some(at(3.0)));
    assert!(gaps.len() <= 4 && gaps.windows(2).all(|pair| pair[0].to == pair[1].from), "{gaps:?}");
    assert_eq!(gaps.iter().map(|gap| gap.frames).sum::<u32>(), 29);
}

#[test]
fn a_crossing_within_a_gap_is_no_passage() {
    let mut world = World::new();
    for k in 0..80 {
        let t = f64::from(k) * 0.1;
        if (3.0..4.5).contains(&t) {
            world.gap(t, t, GapCause::Lost);
        } else {
            world.frame(t, vec![state(1, -30.0 + 8.0 * t, 8.0, 0.1)]);
        }
    }
    world.finish();
    assert!(world.vehicles().is_empty());
    let gaps = world.gaps();
    assert!(gaps.iter().any(|gap| gap.from <= at(3.75) && gap.to >= at(3.75)), "{gaps:?}");
}

#[test]
fn a_lane_that_does_not_count_has_no_passages() {
    let mut world = World::new();
    for k in 0..80 {
        let t = f64::from(k) * 0.1;
        let mut beside = state(1, -30.0 + 8.0 * t, 8.0, 0.1);
        // The lane of the other direction, though driven this way.
        beside.front_m[0] = 223.0;
        world.frame(t, vec![beside]);
    }
    world.finish();
    assert_eq!((world.vehicles().len(), world.looks, world.gaps().len()), (0, 0, 0));
}

#[test]
fn a_passage_waits_for_looks_behind_the_gate_but_not_for_ever() {
    let mut world = World::new();
    // It stands right behind the gate, too far beyond to be unsure and with too few looks.
    world.drive(20.0, 10.0, |t| (-4.0 + 4.0 * t).min(2.0));
    let before_end = world.vehicles().len();
    world.finish();
    assert_eq!((before_end, world.vehicles().len()), (1, 1));
    let told = world.vehicles();
    assert!(told[0].1.looks < 3);
}

#[test]
fn a_camera_without_gates_says_nothing() {
    let gates: wayside_passages::Gates<world::Seen> =
        wayside_passages::Gates::new(&world::site(), "nobody");
    assert!(gates.is_empty());
    let world = World::new();
    assert_eq!(world.gates.ends().count(), 1);
    assert!(world.said.iter().all(|said| said.content == PassageContent::Mark));
}
