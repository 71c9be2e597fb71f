//! Whatever a camera does, every frame that arrives and every instant is accounted for (EV-3).

mod world;

use proptest::prelude::*;
use wayside_proto::{Content, EventTime, GapCause, Observation};
use world::{Behaviour, T0, World};

/// Every instant from the first frame to the last observation is looked at, still, or in a gap.
fn check_cover(observations: &[Observation], untold_s_max: f64) -> Result<(), String> {
    let mut covered: Option<EventTime> = None;
    for observation in observations {
        let (from, to) = match &observation.content {
            Content::Tracks { .. } => (observation.time, observation.time),
            Content::Gap(gap) => (gap.from, gap.to),
        };
        if let Some(last) = covered {
            if to < last {
                return Err(format!("time runs backwards from {last} to {to}"));
            }
            if from.since_s(last) > untold_s_max {
                return Err(format!("nothing is said of the time from {last} to {from}"));
            }
        }
        covered = Some(to);
    }
    Ok(())
}

fn check(world: &World) -> Result<(), TestCaseError> {
    let frames = world.camera.frames();
    prop_assert!(frames.closes(), "{frames:?}");
    prop_assert_eq!(frames.under_way, 0);
    for health in &world.health {
        prop_assert!(health.frames.closes(), "{:?}", health);
    }
    let mut tracks = 0;
    let mut still = 0;
    for (index, observation) in world.observations.iter().enumerate() {
        prop_assert_eq!(observation.sequence, index as u64);
        match &observation.content {
            Content::Tracks { skipped_still: true, .. } => still += 1,
            Content::Tracks { .. } => tracks += 1,
            Content::Gap(_) => {}
        }
    }
    prop_assert_eq!((frames.looked, frames.still), (tracks, still));
    for cause in GapCause::ALL {
        let published = world.gaps().get(&cause).map_or(0, |gap| gap.0);
        prop_assert_eq!(frames.gap(cause), published, "{:?}", cause);
    }
    check_cover(&world.observations, world.untold_s_max()).map_err(TestCaseError::fail)
}

fn behaviour() -> impl Strategy<Value = Behaviour> {
    prop_oneof![
        3 => Just(Behaviour::Good),
        1 => Just(Behaviour::Away),
        1 => Just(Behaviour::Hung),
        1 => Just(Behaviour::Garbage),
        1 => (0.0..0.6).prop_map(Behaviour::Lossy),
        1 => prop_oneof![Just(3_600_000_000_i64), Just(-3_600_000_000), -300_000_i64..300_000].prop_map(Behaviour::Clock),
        1 => Just(Behaviour::Still),
        1 => Just(Behaviour::Refuses),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn every_frame_and_every_instant_is_accounted_for(
        seed in any::<u64>(),
        fps in 1_u64..26,
        detect_ms in 5_u64..400,
        days in proptest::collection::vec((0.2_f64..15.0, behaviour()), 1..7),
    ) {
        let mut world = World::new(seed, fps, detect_ms * 1_000, None);
        for (seconds, behaviour) in days {
            world.pass(seconds, behaviour);
        }
        world.stop();
        check(&world)?;
    }
}

/// Seconds from the camera's return to the first frame that was looked at.
fn back_after(world: &World, returned_s: f64) -> f64 {
    let returned = EventTime(T0).plus_s(returned_s);
    let seen = world.observations.iter().find(|observation| {
        observation.time > returned && matches!(observation.content, Content::Tracks { .. })
    });
    seen.map_or(f64::INFINITY, |observation| observation.time.since_s(returned))
}

#[test]
fn a_camera_that_returns_is_seen_within_three_seconds() {
    let cases = [
        (Behaviour::Away, GapCause::Lost),
        (Behaviour::Hung, GapCause::Stalled),
        (Behaviour::Garbage, GapCause::Undecodable),
    ];
    for (behaviour, cause) in cases {
        for seed in 0..10 {
            for away_s in [3.0, 10.0, 100.0] {
                let mut world = World::new(seed, 10, 20_000, None);
                world.pass(20.0, Behaviour::Good);
                world.pass(away_s, behaviour);
                world.pass(10.0, Behaviour::Good);
                let returned_s = 20.0 + away_s;
                let back_s = back_after(&world, returned_s);
                assert!(back_s <= 3.0, "{behaviour:?} for {away_s} s: back after {back_s} s");
                let gap_s = world.gaps().get(&cause).map_or(0.0, |gap| gap.1);
                assert!(gap_s > away_s * 0.6 - 1.0, "{behaviour:?}: {:?}", world.gaps());
                world.stop();
                check(&world).expect("closes");
            }
        }
    }
}

#[test]
fn attempts_on_an_absent_camera_back_off() {
    let mut world = World::new(1, 10, 20_000, None);
    world.pass(300.0, Behaviour::Away);
    let attempts = &world.attempts;
    assert!((10..30).contains(&attempts.len()), "{attempts:?}");
    let last = attempts.windows(2).map(|pair| pair[1] - pair[0]).max().expect("attempts");
    assert!((10_000_000..31_000_000).contains(&last), "{last}");
}

#[test]
fn overload_drops_newer_frames_for_newest_and_says_so() {
    let mut world = World::new(1, 20, 100_000, None);
    world.pass(30.0, Behaviour::Good);
    world.stop();
    check(&world).expect("closes");
    let frames = world.camera.frames();
    assert!(frames.looked >= 270, "{frames:?}");
    assert!(frames.overload >= 250, "{frames:?}");
}

#[test]
fn a_still_scene_is_looked_at_now_and_then() {
    let mut world = World::new(1, 10, 20_000, None);
    world.pass(5.0, Behaviour::Good);
    world.pass(60.0, Behaviour::Still);
    let frames = world.camera.frames();
    assert!(frames.still > 500, "{frames:?}");
    assert!(frames.looked < 120, "{frames:?}");
}

#[test]
fn a_scene_that_comes_to_rest_ends_an_overload() {
    let mut world = World::new(1, 20, 300_000, None);
    world.pass(5.0, Behaviour::Good);
    let busy = world.camera.frames();
    assert!(busy.overload > 50, "{busy:?}");
    world.pass(20.0, Behaviour::Still);
    let rest = world.camera.frames();
    assert!(rest.overload - busy.overload < 40, "{busy:?} {rest:?}");
    assert!(rest.still > 340, "{rest:?}");
}

#[test]
fn packets_that_are_lost_are_not_called_undecodable() {
    for seed in 0..10 {
        let mut world = World::new(seed, 10, 20_000, None);
        world.pass(10.0, Behaviour::Good);
        world.pass(30.0, Behaviour::Lossy(0.98));
        world.pass(10.0, Behaviour::Good);
        world.stop();
        check(&world).expect("closes");
        let gaps = world.gaps();
        assert!(gaps[&GapCause::Lost].1 > 20.0, "{gaps:?}");
        assert_eq!(gaps.get(&GapCause::Undecodable), None, "{gaps:?}");
    }
}

#[test]
fn a_clock_that_jumps_stands_the_camera_down_and_is_forgiven() {
    let mut world = World::new(1, 10, 20_000, None);
    world.pass(20.0, Behaviour::Good);
    world.pass(10.0, Behaviour::Clock(3_600_000_000));
    let down = |world: &World| world.health.last().map(|h| h.stood_down.len());
    assert_eq!(down(&world), Some(1), "{:?}", world.health.last());
    world.pass(25.0, Behaviour::Good);
    assert_eq!(down(&world), Some(0));
    let gap = world.gaps()[&GapCause::StoodDown];
    assert!((15.0..25.0).contains(&gap.1), "{gap:?}");
    let last = world.observations.last().expect("observations").time;
    assert!(last.since_s(EventTime(T0)) < 56.0, "{last}");
    world.stop();
    check(&world).expect("closes");
}

#[test]
fn the_time_since_an_earlier_run_is_a_gap() {
    let before = EventTime(T0 - 60_000_000);
    let mut world = World::new(1, 10, 20_000, Some(before));
    world.pass(3.0, Behaviour::Good);
    let Some(Content::Gap(gap)) = world.observations.first().map(|o| o.content.clone()) else {
        panic!("no gap first")
    };
    assert_eq!((gap.from, gap.cause), (before, GapCause::Lost));
    assert!(gap.to.since_s(before) > 59.0);
}
