//! Through the thread that redacts, with pictures that are as restless as can be.

use std::time::{Duration, Instant};

use wayside_picture::Matrix;
use wayside_proto::{
    BoxPx, ClockSource, Gap, GapCause, Observation, RoadUserClass, RunId, StandDown,
};

use super::*;
use wayside_live::Observed;
use wayside_picture::Picture;
use wayside_proto::Content;

const SIZE: (usize, usize) = (640, 480);
const TIME: EventTime = EventTime(1_780_297_200_000_000);
const PERSON: BoxPx = BoxPx { x0: 96.0, y0: 96.0, x1: 160.0, y1: 256.0 };
const CAR: BoxPx = BoxPx { x0: 320.0, y0: 160.0, x1: 448.0, y1: 304.0 };

fn name() -> CameraName {
    ("junction".to_owned(), "north".to_owned())
}

/// Squares of four pixels, 160 levels apart in turn; a brighter mover where `x` says.
fn picture(mover: Option<usize>) -> Picture {
    let mut y = Vec::with_capacity(SIZE.0 * SIZE.1);
    for row in 0..SIZE.1 {
        for column in 0..SIZE.0 {
            let dark = (row / 4 + column / 4) % 2 == 0;
            let moves = mover.is_some_and(|x| (x..x + 48).contains(&column) && row >= 400);
            y.push(match (dark, moves) {
                (true, false) => 40,
                (false, false) => 200,
                (true, true) => 120,
                (false, true) => 235,
            });
        }
    }
    let chroma = vec![128; SIZE.0 * SIZE.1 / 4];
    Picture::new(SIZE.0 as u32, SIZE.1 as u32, y, chroma.clone(), chroma, Matrix::Bt709)
        .expect("ok")
}

fn observed(time: EventTime, road_users: Option<Vec<(RoadUserClass, BoxPx)>>) -> Observed {
    let observation = Observation {
        site: SiteId::from("junction"),
        camera: CameraId::from("north"),
        run: RunId::from("r1"),
        sequence: 0,
        time,
        clock_source: ClockSource::Arrival,
        clock_uncertainty_us: 0,
        content: Content::Tracks { tracks: Vec::new(), skipped_still: false },
    };
    Observed { observation, arrived_us: None, road_users }
}

fn known() -> Option<Vec<(RoadUserClass, BoxPx)>> {
    Some(vec![(RoadUserClass::Person, PERSON), (RoadUserClass::Car, CAR)])
}

struct World {
    pictures: LivePictures,
    viewing: Viewing,
    time: EventTime,
}

impl World {
    fn new() -> Self {
        let pictures = LivePictures::start(WorkerClock::start()).expect("a thread");
        let viewing = pictures.add(&name());
        Self { pictures, viewing, time: TIME }
    }

    fn ask(&self) -> Result<LivePicture, NoPicture> {
        self.pictures.newest(&SiteId::from("junction"), &CameraId::from("north"))
    }

    /// A frame that is looked at, in which these are known to be.
    fn frame(&mut self, picture: &Picture, known: Option<Vec<(RoadUserClass, BoxPx)>>) {
        self.time = self.time.plus_s(0.04);
        self.viewing.tick();
        self.viewing.offer(self.time, picture);
        self.viewing.observe(&mut observed(self.time, known));
    }

    /// Frames as a camera brings them, until there is a picture of one later than `after`.
    fn watch(&mut self, after: EventTime, frame: impl Fn() -> Picture) -> LivePicture {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            self.frame(&frame(), known());
            match self.ask() {
                Ok(picture) if picture.frame_time > after => return picture,
                _ => assert!(Instant::now() < end, "no picture came"),
            }
            std::thread::sleep(Duration::from_millis(40));
        }
    }
}

/// How far the brightest of a part of the picture is from its darkest.
fn contrast(picture: &LivePicture, part: BoxPx) -> u8 {
    let luma = image::load_from_memory(&picture.jpeg).expect("a JPEG").to_luma8();
    let (mut low, mut high) = (u8::MAX, 0);
    for y in part.y0 as u32..part.y1 as u32 {
        for x in part.x0 as u32..part.x1 as u32 {
            let value = luma.get_pixel(x, y).0[0];
            (low, high) = (low.min(value), high.max(value));
        }
    }
    high - low
}

/// PV-1: what comes out has no pixel of a person, of a plate, or of something that moves and nobody knows.
#[test]
fn nothing_comes_out_unredacted() {
    let mut world = World::new();
    let first = world.ask().expect_err("nothing was made before somebody asked");
    assert!(first.soon && first.why.contains("on its way"), "{first:?}");
    let seen = world.watch(TIME, || picture(None));
    assert_eq!((seen.width_px, seen.height_px), (640, 480));
    assert!(contrast(&seen, PERSON) < 40, "the person is flat: {}", contrast(&seen, PERSON));
    assert!(contrast(&seen, CAR) < 40, "the car's plate and windows are: {}", contrast(&seen, CAR));
    let road = BoxPx { x0: 500.0, y0: 50.0, x1: 600.0, y1: 150.0 };
    assert!(contrast(&seen, road) > 100, "the road is clear");
    // Whom no detector has found is hidden by moving.
    let mover = BoxPx { x0: 528.0, y0: 416.0, x1: 560.0, y1: 464.0 };
    let before = contrast(&seen, mover);
    let after = world.watch(seen.frame_time.plus_s(0.6), || picture(Some(520)));
    assert!(before > 100 && contrast(&after, mover) < 48, "{before} {}", contrast(&after, mover));
}

#[test]
fn a_frame_of_which_nobody_says_who_is_in_it_is_dropped() {
    let mut world = World::new();
    let _ = world.ask();
    for _ in 0..40 {
        world.frame(&picture(None), None);
        std::thread::sleep(Duration::from_millis(40));
    }
    assert!(world.ask().expect_err("nothing").soon);
    // Nor one that became a gap, nor one whose tracks never came.
    world.viewing.last_us = None;
    world.viewing.offer(world.time.plus_s(1.0), &picture(None));
    let gap = Gap { from: TIME, to: TIME, cause: GapCause::Overload, frames: 1 };
    let mut lost = observed(world.time.plus_s(1.0), known());
    lost.observation.content = Content::Gap(gap);
    world.viewing.observe(&mut lost);
    assert!(world.viewing.held.is_none() && world.ask().is_err());
}

#[test]
fn a_camera_that_is_away_or_stands_down_says_why() {
    let mut world = World::new();
    let none = world.pictures.newest(&SiteId::from("junction"), &CameraId::from("south"));
    let why = none.expect_err("no such camera");
    assert_eq!((why.why.as_str(), why.soon), ("no camera junction/south is at work here", false));
    let _ = world.ask();
    world.watch(TIME, || picture(None));
    let mut health = wayside_proto::CameraHealth {
        stood_down: vec![StandDown {
            condition: "moved".to_owned(),
            since: TIME,
            detail: "the camera was moved".to_owned(),
        }],
        ..health()
    };
    world.viewing.health(&health);
    let why = world.ask().expect_err("stood down");
    assert!(why.why.contains("the camera was moved") && !why.soon, "{why}");
    (health.stood_down, health.away) = (Vec::new(), Some(GapCause::Lost));
    health.detail = "no route to host".to_owned();
    world.viewing.health(&health);
    let why = world.ask().expect_err("away").why;
    assert_eq!(why, "camera junction/north: no pictures come (lost): no route to host");
    health.away = None;
    world.viewing.health(&health);
    let back = world.time;
    world.watch(back, || picture(None));
    world.pictures.remove(&name());
    assert!(world.ask().expect_err("gone").why.contains("at work"));
}

/// Nothing is done for a camera that nobody watches, and at most two pictures a second are.
#[test]
fn who_does_not_ask_costs_nothing() {
    let mut world = World::new();
    world.viewing.tick();
    world.viewing.offer(TIME, &picture(None));
    assert!(world.viewing.held.is_none(), "nobody asked");
    let _ = world.ask();
    let (still, began, mut offered) = (picture(None), Instant::now(), 0);
    while began.elapsed() < Duration::from_millis(1_800) || offered < 2 {
        world.time = world.time.plus_s(0.04);
        world.viewing.tick();
        world.viewing.offer(world.time, &still);
        offered += u32::from(world.viewing.held.is_some());
        world.viewing.observe(&mut observed(world.time, known()));
        std::thread::sleep(Duration::from_millis(20));
    }
    let most = 2.0 * began.elapsed().as_secs_f64() + 1.0;
    assert!(f64::from(offered) <= most, "{offered}");
}

/// What one picture of 720p costs the camera's thread and the thread that makes them.
#[test]
#[ignore = "prints a figure"]
fn how_long_a_picture_takes() {
    let y = (0..1_280 * 720u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 25) as u8 + 60).collect();
    let chroma = vec![128; 640 * 360];
    let frame = Picture::new(1_280, 720, y, chroma.clone(), chroma, Matrix::Bt709).expect("ok");
    let mut world = World::new();
    let (mut offered, mut made) = (Duration::ZERO, Duration::ZERO);
    let _ = world.ask();
    for _ in 0..20 {
        let before = world.ask().map(|seen| seen.frame_time).ok();
        world.viewing.last_us = None;
        let began = Instant::now();
        world.frame(&frame, known());
        offered = offered.max(began.elapsed());
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(1) {
            if world.ask().map(|seen| seen.frame_time).ok() != before {
                made = made.max(began.elapsed());
                break;
            }
            std::thread::sleep(Duration::from_micros(200));
        }
    }
    let bytes = world.ask().expect("a picture").jpeg.len();
    println!(
        "720p of noise: camera's thread {offered:?}, redacted and encoded {made:?} at most, {bytes} bytes"
    );
}

fn health() -> wayside_proto::CameraHealth {
    wayside_proto::CameraHealth {
        site: SiteId::from("junction"),
        camera: CameraId::from("north"),
        run: RunId::from("r1"),
        time: TIME,
        away: None,
        detail: String::new(),
        stood_down: Vec::new(),
        frame_rate: 25.0,
        frames: wayside_proto::FrameCounts::default(),
        clock_source: ClockSource::Arrival,
        clock_offset_us: None,
        clock_uncertainty_us: 0,
        inference_ms: 1.0,
        provider: "CPU".to_owned(),
        provider_fallback: String::new(),
        clips_url: None,
    }
}
