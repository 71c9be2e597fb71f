//! Reads signal heads in the picture: which lamp of a head is lit, and since when.
//!
//! A lamp's brightness is the mean over its region of the largest of red, green and blue; the
//! brightest lamp is lit where it stands out from the others. A state is taken over once it has
//! been seen for [`CONFIRM_S`]; it is dated to the first frame that showed it.

use wayside_picture::{Picture, PixelRect};
use wayside_proto::{BoxPx, EventTime, SignalColour};
use wayside_site::model::Lamp;

/// How long a new state must be seen, seconds.
pub const CONFIRM_S: f64 = 0.15;

/// Least brightness of a lit lamp, of 255.
const LIT_MIN: f32 = 70.0;

/// How much brighter than the next lamp the lit one must be.
const LIT_RATIO_MIN: f32 = 1.3;

/// A signal group's state as seen by a camera, at its change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LampChange {
    /// The signal group.
    pub group: String,
    /// What it shows; none where no lamp, or more than one, can be told to be lit.
    pub state: Option<SignalColour>,
    /// Capture instant of the first frame that showed it.
    pub since: EventTime,
}

/// The signal heads that one camera sees.
#[derive(Debug)]
pub struct LampReader {
    heads: Vec<Head>,
}

#[derive(Debug)]
struct Head {
    lamp: Lamp,
    shown: Option<Option<SignalColour>>,
    candidate: Option<(Option<SignalColour>, EventTime)>,
}

impl LampReader {
    /// A reader of these heads.
    #[must_use]
    pub fn new(lamps: &[Lamp]) -> Self {
        let head = |lamp: &Lamp| Head { lamp: lamp.clone(), shown: None, candidate: None };
        Self { heads: lamps.iter().map(head).collect() }
    }

    /// The changes that this picture confirms, in the order of the site file.
    pub fn read(&mut self, time: EventTime, picture: &Picture) -> Vec<LampChange> {
        self.heads.iter_mut().filter_map(|head| head.step(time, lit(&head.lamp, picture))).collect()
    }
}

impl Head {
    fn step(&mut self, time: EventTime, seen: Option<SignalColour>) -> Option<LampChange> {
        if self.shown == Some(seen) {
            self.candidate = None;
            return None;
        }
        let since = match self.candidate {
            Some((state, since)) if state == seen => since,
            _ => {
                self.candidate = Some((seen, time));
                time
            }
        };
        // The first state of all has nothing to be told apart from.
        if self.shown.is_some() && time.since_s(since) < CONFIRM_S {
            return None;
        }
        self.shown = Some(seen);
        self.candidate = None;
        Some(LampChange { group: self.lamp.group.clone(), state: seen, since })
    }
}

/// The one lamp that stands out, if one does.
fn lit(lamp: &Lamp, picture: &Picture) -> Option<SignalColour> {
    let mut seen = vec![
        (brightness(picture, lamp.red_px), SignalColour::Red),
        (brightness(picture, lamp.green_px), SignalColour::Green),
    ];
    let yellow = lamp.yellow_px.map(|region| brightness(picture, region));
    if let Some(yellow) = yellow {
        seen.push((yellow, SignalColour::Yellow));
    }
    seen.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (first, second) = (seen.first()?, seen.get(1)?);
    if first.0 < LIT_MIN {
        return None;
    }
    if first.0 >= second.0 * LIT_RATIO_MIN {
        return Some(first.1);
    }
    // Red and yellow together announce green: still red.
    let pair = [first.1, second.1];
    let red_and_yellow = pair.contains(&SignalColour::Red) && pair.contains(&SignalColour::Yellow);
    let dark = seen.get(2).is_some_and(|third| second.0 >= third.0 * LIT_RATIO_MIN);
    (red_and_yellow && dark).then_some(SignalColour::Red)
}

fn brightness(picture: &Picture, region: [f64; 4]) -> f32 {
    let [x0, y0, x1, y1] = region.map(|edge| edge as f32);
    let region = PixelRect::covering(&BoxPx { x0, y0, x1, y1 }, picture.width, picture.height);
    let Some(Ok(lamp)) = region.map(|region| picture.crop(region)) else { return 0.0 };
    let rgb = lamp.to_rgb();
    let mean = |channel: usize| {
        let sum: u32 = rgb.iter().skip(channel).step_by(3).map(|value| u32::from(*value)).sum();
        sum as f32 / (rgb.len() / 3).max(1) as f32
    };
    mean(0).max(mean(1)).max(mean(2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wayside_proto::SignalColour::{Green, Red, Yellow};

    fn reader() -> LampReader {
        LampReader::new(&[Lamp {
            group: "N".to_owned(),
            red_px: [8.0, 0.0, 16.0, 8.0],
            yellow_px: Some([8.0, 8.0, 16.0, 16.0]),
            green_px: [8.0, 16.0, 16.0, 24.0],
        }])
    }

    /// A dark picture with the named lamps lit.
    fn picture(lit: &[SignalColour]) -> Picture {
        let mut rgb = vec![20; 24 * 24 * 3];
        for colour in lit {
            let (row, paint) = match colour {
                Red => (0, [250, 30, 20]),
                Yellow => (8, [250, 190, 30]),
                Green => (16, [30, 250, 140]),
            };
            for y in row..row + 8 {
                for x in 8..16 {
                    rgb[(y * 24 + x) * 3..][..3].copy_from_slice(&paint);
                }
            }
        }
        Picture::from_rgb(24, 24, &rgb, wayside_picture::Matrix::Bt709).expect("a picture")
    }

    #[test]
    fn a_change_is_dated_to_its_first_frame_and_a_flicker_is_none() {
        let mut reader = reader();
        let mut changes = Vec::new();
        let shows = [Red, Red, Green, Red, Green, Green, Green, Green];
        for (frame, colour) in shows.into_iter().enumerate() {
            let time = EventTime(frame as i64 * 80_000);
            changes.extend(reader.read(time, &picture(&[colour])));
        }
        let seen: Vec<_> = changes.iter().map(|c| (c.state, c.since.0)).collect();
        assert_eq!(seen, [(Some(Red), 0), (Some(Green), 320_000)]);
    }

    #[test]
    fn dark_heads_and_two_lamps_are_unknown_but_red_and_yellow_is_red() {
        for (lamps, state) in
            [(vec![], None), (vec![Red, Green], None), (vec![Red, Yellow], Some(Red))]
        {
            let changes = reader().read(EventTime(0), &picture(&lamps));
            assert_eq!(changes[0].state, state, "{lamps:?}");
        }
    }
}
