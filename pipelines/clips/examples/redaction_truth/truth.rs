//! Reads what `models/train/redaction/truth.py` writes.

use std::error::Error;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use wayside_proto::{BoxPx, MotorVehicleClass, RoadUserClass, SubjectAt};

use crate::time_of;

/// Bytes before the first frame.
const HEAD: usize = 18;
/// A tracker has no box of a vehicle that shows less than this share of its own.
const SHOWN_MIN: f32 = 0.2;

pub(crate) const PERSON_BIT: u16 = 1 << 14;
pub(crate) const FACE_BIT: u16 = 1 << 15;

/// Who shows where in each frame of a clip.
pub(crate) struct Truth {
    file: BufReader<File>,
    path: PathBuf,
    size: (u32, u32),
    /// Class of object `i + 1`.
    pub classes: Vec<RoadUserClass>,
    /// Number of the offending vehicle, from 1.
    pub offending: usize,
    /// Frame, object, box of what shows, box of the whole body.
    boxes: Vec<(usize, usize, BoxPx, BoxPx)>,
}

impl Truth {
    pub(crate) fn open(clip: &Path) -> Result<Self, Box<dyn Error>> {
        let path = clip.join("truth.bin");
        let mut file = BufReader::new(File::open(&path)?);
        let mut head = [0; HEAD];
        file.read_exact(&mut head)?;
        if head[..6] != *b"WSRT1\n" {
            return Err("truth.bin is of another kind".into());
        }
        let word =
            |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (mut classes, mut offending) = (Vec::new(), 0);
        for line in std::fs::read_to_string(clip.join("objects.csv"))?.lines().skip(1) {
            let fields: Vec<&str> = line.trim().split(',').collect();
            let [number, class, yes] = fields[..] else { return Err("objects.csv".into()) };
            classes.push(RoadUserClass::parse(class).ok_or("no such class")?);
            if yes == "1" {
                offending = number.parse()?;
            }
        }
        let mut boxes = Vec::new();
        for line in std::fs::read_to_string(clip.join("boxes.csv"))?.lines().skip(1) {
            let v: Vec<f32> = line.trim().split(',').map(str::parse).collect::<Result<_, _>>()?;
            let [frame, object, x0, y0, x1, y1, ax0, ay0, ax1, ay1] = v[..] else {
                return Err("boxes.csv".into());
            };
            let whole = BoxPx { x0: ax0, y0: ay0, x1: ax1, y1: ay1 };
            boxes.push((frame as usize, object as usize, BoxPx { x0, y0, x1, y1 }, whole));
        }
        Ok(Self { file, path, size: (word(6), word(10)), classes, offending, boxes })
    }

    pub(crate) fn size(&self) -> (u32, u32) {
        self.size
    }

    /// The offending vehicle's class and boxes, as a tracker would have them: off by up to 3% of the size.
    pub(crate) fn subject(&self) -> Result<(MotorVehicleClass, Vec<SubjectAt>), Box<dyn Error>> {
        let class = self.classes.get(self.offending.wrapping_sub(1)).ok_or("nobody offends")?;
        let class = class.motor_vehicle().ok_or("no motor vehicle offends")?;
        let mut chance = 1_u32;
        let mut jitter = |size: f32| {
            chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((chance >> 16) as f32 / 65_535.0 - 0.5) * 0.06 * size
        };
        let path = self.boxes.iter().filter(|(_, object, ..)| *object == self.offending);
        let shown = self.shown()?;
        let path = path.filter(|(.., whole)| whole.y1 - whole.y0 >= 20.0);
        let path = path.filter_map(|(frame, _, shows, whole)| {
            let b = if self.leaves(whole) { shows } else { whole };
            let shown = shown.get(*frame).map_or(0.0, |shown| *shown as f32);
            if shown < SHOWN_MIN * b.area() {
                return None;
            }
            let (w, h) = (b.x1 - b.x0, b.y1 - b.y0);
            let box_px = BoxPx {
                x0: b.x0 + jitter(w),
                y0: b.y0 + jitter(h),
                x1: b.x1 + jitter(w),
                y1: b.y1 + jitter(h),
            };
            Some(SubjectAt { time: time_of(*frame), box_px })
        });
        Ok((class, path.collect()))
    }

    /// Pixels of the offending vehicle in each frame.
    fn shown(&self) -> Result<Vec<u32>, Box<dyn Error>> {
        let bytes = std::fs::read(&self.path)?;
        let (mut frames, mut rest) = (Vec::new(), bytes.get(HEAD..).unwrap_or_default());
        let word = |at: &[u8]| u16::from_le_bytes([at[0], at[1]]);
        while let Some((count, more)) = rest.split_first_chunk() {
            let length = 4 * u32::from_le_bytes(*count) as usize;
            let runs = more.get(..length).ok_or("truth.bin ends too early")?;
            rest = &more[length..];
            let own = runs.chunks_exact(4).filter(|run| usize::from(word(run)) == self.offending);
            frames.push(own.map(|run| u32::from(word(&run[2..]))).sum());
        }
        Ok(frames)
    }

    /// Whether a body leaves the picture. The drawn box of one that passes under the camera is then no box of it
    /// any more, but the whole picture: a tracker has what shows.
    fn leaves(&self, whole: &BoxPx) -> bool {
        let (width, height) = (self.size.0 as f32, self.size.1 as f32);
        whole.x0 <= 0.0 || whole.y0 <= 0.0 || whole.x1 >= width || whole.y1 >= height
    }

    /// Height of what shows of each object in a frame, pixels, by number.
    pub(crate) fn heights(&self, frame: usize) -> Vec<f32> {
        let mut out = vec![0.0; self.classes.len() + 1];
        let first = self.boxes.partition_point(|(at, ..)| *at < frame);
        for (_, object, b, _) in self.boxes[first..].iter().take_while(|(at, ..)| *at == frame) {
            out[*object] = b.y1 - b.y0;
        }
        out
    }

    /// The owner of each pixel of the next frame.
    pub(crate) fn next(&mut self) -> Result<Vec<u16>, Box<dyn Error>> {
        let mut word = [0; 4];
        self.file.read_exact(&mut word)?;
        let runs = u32::from_le_bytes(word) as usize;
        let mut owners = Vec::with_capacity(self.size.0 as usize * self.size.1 as usize);
        for _ in 0..runs {
            self.file.read_exact(&mut word)?;
            let (who, count) =
                (u16::from_le_bytes([word[0], word[1]]), u16::from_le_bytes([word[2], word[3]]));
            owners.resize(owners.len() + count as usize, who);
        }
        if owners.len() != self.size.0 as usize * self.size.1 as usize {
            return Err("a frame of truth.bin has another size".into());
        }
        Ok(owners)
    }
}
