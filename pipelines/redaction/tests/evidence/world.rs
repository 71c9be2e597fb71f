//! A street drawn in integers, of which is known who shows at each pixel.

use wayside_picture::{Detection, Matrix, Picture};
use wayside_proto::{BoxPx, EventTime, MotorVehicleClass, RoadUserClass, SubjectAt};
use wayside_redaction::evidence::{
    FrameSightings, Hidden, Look, NotRedactable, Observer, Plan, Settings,
};

pub const WIDTH: usize = 480;
pub const HEIGHT: usize = 320;

/// A textured rectangle that moves evenly. `brightness` is the middle of its greys.
#[derive(Clone, Copy, Debug)]
pub struct Actor {
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
    /// Pixels moved in ten frames, to the right and down.
    pub way: (i32, i32),
    pub brightness: i32,
}

impl Actor {
    pub fn box_at(&self, frame: usize) -> BoxPx {
        let (dx, dy) = (self.way.0 * frame as i32 / 10, self.way.1 * frame as i32 / 10);
        let (x, y) = ((self.x + dx) as f32, (self.y + dy) as f32);
        BoxPx { x0: x, y0: y, x1: x + self.width as f32, y1: y + self.height as f32 }
    }

    pub fn seen(&self, frame: usize, class: RoadUserClass, score: f32) -> Detection {
        Detection { class, score, box_px: self.box_at(frame) }
    }

    fn holds(&self, frame: usize, x: i32, y: i32) -> Option<(i32, i32)> {
        let b = self.box_at(frame);
        let (x, y) = (x - b.x0 as i32, y - b.y0 as i32);
        (x >= 0 && y >= 0 && x < self.width && y < self.height).then_some((x, y))
    }
}

/// Numbers without order, the same each time.
pub fn noise(a: i32, b: i32, c: i32) -> i32 {
    let mut h = (a as u32).wrapping_mul(0x9E37_79B1)
        ^ (b as u32).wrapping_mul(0x85EB_CA77)
        ^ (c as u32).wrapping_mul(0xC2B2_AE3D);
    h ^= h >> 15;
    h = h.wrapping_mul(0x2C1B_3C6D);
    h ^= h >> 13;
    (h & 0xff) as i32
}

/// Everybody, and who is the offending vehicle.
pub struct World {
    pub actors: Vec<Actor>,
    pub offending: usize,
    pub frames: usize,
    /// Largest noise of the sensor, grey levels.
    pub noise: i32,
}

impl World {
    /// Who shows at each pixel: 0 nobody, `i + 1` actor i. Later actors stand in front.
    pub fn owners(&self, frame: usize) -> Vec<u8> {
        let mut out = vec![0; WIDTH * HEIGHT];
        for (number, actor) in self.actors.iter().enumerate() {
            for (at, owner) in out.iter_mut().enumerate() {
                let (x, y) = ((at % WIDTH) as i32, (at / WIDTH) as i32);
                if actor.holds(frame, x, y).is_some() {
                    *owner = number as u8 + 1;
                }
            }
        }
        out
    }

    pub fn picture(&self, frame: usize) -> Picture {
        let owners = self.owners(frame);
        let mut luma = Vec::with_capacity(WIDTH * HEIGHT);
        for (at, owner) in owners.iter().enumerate() {
            let (x, y) = ((at % WIDTH) as i32, (at / WIDTH) as i32);
            let grey = match self.actors.get(usize::from(*owner).wrapping_sub(1)) {
                Some(actor) => {
                    let (u, v) = actor.holds(frame, x, y).unwrap_or_default();
                    actor.brightness + noise(u / 3, v / 3, i32::from(*owner)) / 6 - 21
                }
                None => 90 + noise(x / 5, y / 5, 0) / 8,
            };
            let grain = noise(x, y, 77 + frame as i32) * (2 * self.noise + 1) / 256 - self.noise;
            luma.push((grey + grain).clamp(16, 235) as u8);
        }
        let chroma = vec![128; WIDTH * HEIGHT / 4];
        Picture::new(WIDTH as u32, HEIGHT as u32, luma, chroma.clone(), chroma, Matrix::Bt709)
            .expect("a picture")
    }

    pub fn subject(&self) -> Vec<SubjectAt> {
        let actor = self.actors[self.offending];
        (0..self.frames)
            .map(|frame| SubjectAt { time: time(frame), box_px: actor.box_at(frame) })
            .collect()
    }

    /// The first pass, with what detectors see.
    pub fn observe(
        &self,
        class: MotorVehicleClass,
        settings: Settings,
        sees: impl Fn(usize) -> Vec<Detection>,
    ) -> Result<Plan, NotRedactable> {
        let (width, height) = (WIDTH as u32, HEIGHT as u32);
        let mut observer = Observer::new(width, height, class, &self.subject(), settings);
        for frame in 0..self.frames {
            let road_users = sees(frame);
            let road_users = Look::Saw(road_users);
            let (faces, outline) = (Look::NotLooked, None);
            let sightings = FrameSightings { time: time(frame), road_users, faces, outline };
            observer.observe(&self.picture(frame), sightings)?;
        }
        observer.finish()
    }

    /// The second pass: each picture before and after, and what was hidden.
    pub fn hide(&self, plan: &mut Plan) -> Vec<(Picture, Picture, Hidden)> {
        (0..self.frames)
            .map(|frame| {
                let before = self.picture(frame);
                let mut after = before.clone();
                let hidden = plan.apply(frame, &mut after).expect("hidden");
                (before, after, hidden)
            })
            .collect()
    }

    /// Pixels of an actor and how many of them are hidden, over all frames.
    pub fn count(&self, hidden: &[(Picture, Picture, Hidden)], actor: usize) -> (u64, u64) {
        let (mut all, mut done) = (0, 0);
        for (frame, (_, _, hidden)) in hidden.iter().enumerate() {
            for (at, owner) in self.owners(frame).iter().enumerate() {
                if usize::from(*owner) == actor + 1 {
                    all += 1;
                    done += u64::from(hidden.mask.hides((at % WIDTH) as u32, (at / WIDTH) as u32));
                }
            }
        }
        (all, done)
    }
}

pub fn time(frame: usize) -> EventTime {
    EventTime(1_000_000_000 + frame as i64 * 80_000)
}

pub fn settings() -> Settings {
    Settings::default()
}
