//! Detections of one frame in, states of tracks out.

use wayside_picture::Detection;
use wayside_proto::{BoxPx, EventTime, RoadUserClass, TrackId, TrackState};
use wayside_site::geometry::{CameraModel, Vec2};
use wayside_site::model::Lane;

use crate::association::{Likeness, Pair, assign};
use crate::config::TrackerConfig;
use crate::cuboid::{Edges, to_box};
use crate::heading::Lanes;
use crate::intake::{Dropped, Seen};
use crate::track::Track;
use crate::{duplicates, intake, lifecycle, occlusion, prior, report};

/// Links the detections of one camera to tracks on the road plane.
#[derive(Clone, Debug)]
pub struct Tracker {
    camera: CameraModel,
    lanes: Lanes,
    config: TrackerConfig,
    tracks: Vec<Track>,
    next_id: u64,
    now: Option<EventTime>,
    dropped: Dropped,
}

impl Tracker {
    /// A tracker without tracks. `lanes` tell which way a road user looks before it has moved;
    /// without any it is found out from its motion.
    #[must_use]
    pub fn new(camera: CameraModel, lanes: &[Lane], config: TrackerConfig) -> Self {
        let lanes = Lanes::new(lanes);
        let dropped = Dropped::default();
        Self { camera, lanes, config, tracks: Vec::new(), next_id: 1, now: None, dropped }
    }

    /// Takes in the detections of one frame, in any order, and gives the states of all confirmed
    /// tracks in order of id, coasting ones included (`measured` is false for them). A frame that is
    /// not later than the one before is counted, changes nothing, and gives nothing.
    pub fn step(&mut self, time: EventTime, detections: &[Detection]) -> Vec<TrackState> {
        if self.now.is_some_and(|now| time <= now) {
            self.dropped.out_of_order += 1;
            return Vec::new();
        }
        let dt_s = self.now.map_or(0.0, |now| time.since_s(now));
        self.predict(time, dt_s);
        let seen = intake::look(detections, &self.camera, &self.config, &mut self.dropped);
        let boxes = self.predicted_boxes();

        let high = self.config.score_high;
        let mut taken: Vec<Option<usize>> = vec![None; seen.len()];
        let mut free: Vec<bool> = vec![true; self.tracks.len()];
        for first in [true, false] {
            let candidates: Vec<usize> = (0..seen.len())
                .filter(|&index| (seen[index].detection.score >= high) == first)
                .collect();
            for (track, detection) in self.match_round(time, &seen, &candidates, &free, &boxes) {
                taken[detection] = Some(track);
                free[track] = false;
            }
        }
        for (detection, track) in taken.iter().enumerate() {
            if let Some(index) = *track {
                self.take_in(index, time, dt_s, &seen[detection], &boxes);
            }
        }
        for (detection, track) in seen.iter().zip(&taken) {
            if track.is_none() && detection.detection.score >= high {
                self.begin(time, detection);
            }
        }
        self.end(time, dt_s);
        self.tracks
            .iter()
            .filter(|track| track.confirmed)
            .filter_map(|track| report::state(track, &self.camera, &self.config))
            .collect()
    }

    /// Says that frames are missing up to `to`: tracks coast until then, or end. A time that is
    /// not later than the newest frame is counted and changes nothing.
    pub fn gap(&mut self, to: EventTime) {
        match self.now {
            Some(now) if to <= now => self.dropped.out_of_order += 1,
            Some(now) => {
                let dt_s = to.since_s(now);
                self.predict(to, dt_s);
                self.end(to, 0.0);
            }
            None => {}
        }
    }

    /// Class and box of every track, tentative and coasting ones included, for redaction: the
    /// detector's box and the predicted one together, within the picture.
    #[must_use]
    pub fn boxes(&self) -> Vec<(RoadUserClass, BoxPx)> {
        let boxed = |track: &Track| {
            let predicted = track.edges(&self.camera).map(to_box);
            let measured = track.measured.map(|(box_px, _)| box_px);
            let both = match (predicted, measured) {
                (Some(a), Some(b)) => BoxPx {
                    x0: a.x0.min(b.x0),
                    y0: a.y0.min(b.y0),
                    x1: a.x1.max(b.x1),
                    y1: a.y1.max(b.y1),
                },
                (one, other) => one.or(other)?,
            };
            Some((track.class, both))
        };
        self.tracks.iter().filter_map(boxed).collect()
    }

    /// What was not used so far.
    #[must_use]
    pub fn dropped(&self) -> Dropped {
        self.dropped
    }

    fn predict(&mut self, time: EventTime, dt_s: f64) {
        for track in &mut self.tracks {
            track.predict(dt_s);
        }
        self.now = Some(time);
    }

    /// Predicted box of each track, and how far from the camera it stands.
    fn predicted_boxes(&self) -> Vec<Option<(Edges, f64)>> {
        let [cx, cy, _] = self.camera.position_m();
        let boxed = |track: &Track| {
            let edges = track.edges(&self.camera)?;
            let centre = track.filter()?.cuboid().centre_m;
            Some((edges, (centre - Vec2::new(cx, cy)).norm()))
        };
        self.tracks.iter().map(boxed).collect()
    }

    /// Boxes of confirmed tracks nearer to the camera than `distance_m`, without track `but`.
    fn nearer(&self, boxes: &[Option<(Edges, f64)>], but: usize, distance_m: f64) -> Vec<Edges> {
        let of = |(index, known): (usize, &Option<(Edges, f64)>)| {
            let (edges, distance) = (*known)?;
            let confirmed = self.tracks.get(index).is_some_and(|track| track.confirmed);
            (confirmed && index != but && distance + 1.0 < distance_m).then_some(edges)
        };
        boxes.iter().enumerate().filter_map(of).collect()
    }

    fn match_round(
        &self,
        time: EventTime,
        seen: &[Seen],
        candidates: &[usize],
        free: &[bool],
        boxes: &[Option<(Edges, f64)>],
    ) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        for (index, track) in self.tracks.iter().enumerate() {
            let (true, Some((predicted, distance_m))) = (free[index], boxes[index]) else {
                continue;
            };
            let Some(filter) = track.filter() else { continue };
            let nearer = self.nearer(boxes, index, distance_m);
            for (column, &candidate) in candidates.iter().enumerate() {
                let Seen { detection, edges } = &seen[candidate];
                // A track that has been lost for a while is not won back by a doubtful box.
                let lost = time.since_s(track.last_hit) > self.config.doubtful_coast_s_max;
                if lost && !track.standing.stands() && detection.score < self.config.score_high {
                    continue;
                }
                let Some(confusion) = prior::confusion_cost(track.class, detection.class) else {
                    continue;
                };
                // Boxes more than their own size apart are not looked at.
                let reach = |a: usize| {
                    (edges[a + 2] - edges[a]).max(predicted[a + 2] - predicted[a]) + 20.0
                };
                let apart = (0..2).any(|a| {
                    edges[a] > predicted[a + 2] + reach(a) || predicted[a] > edges[a + 2] + reach(a)
                });
                if apart {
                    continue;
                }
                let iou = f64::from(to_box(predicted).iou(&detection.box_px));
                let usable = occlusion::usable(edges, &nearer, self.camera.size_px());
                let distance2 =
                    filter.distance2(edges, &usable, track.class, &self.camera, &self.config);
                if let Some(worth) = (Likeness { iou, distance2, confusion }).worth() {
                    pairs.push(Pair { track: index, detection: column, worth });
                }
            }
        }
        assign(self.tracks.len(), candidates.len(), &pairs)
            .into_iter()
            .map(|(track, column)| (track, candidates[column]))
            .collect()
    }

    fn take_in(
        &mut self,
        index: usize,
        time: EventTime,
        dt_s: f64,
        seen: &Seen,
        boxes: &[Option<(Edges, f64)>],
    ) {
        let distance_m = boxes[index].map_or(0.0, |(_, distance_m)| distance_m);
        let nearer = self.nearer(boxes, index, distance_m);
        let usable = occlusion::usable(&seen.edges, &nearer, self.camera.size_px());
        let Detection { class, score, box_px } = seen.detection;
        self.tracks[index].update(
            time,
            dt_s,
            (class, score, box_px),
            &seen.edges,
            &usable,
            &self.lanes,
            &self.camera,
            &self.config,
        );
    }

    fn begin(&mut self, time: EventTime, seen: &Seen) {
        let usable_alone = occlusion::usable(&seen.edges, &[], self.camera.size_px());
        let born = lifecycle::begin(
            TrackId(self.next_id),
            time,
            &seen.detection,
            &seen.edges,
            &usable_alone,
            &self.lanes,
            &self.camera,
            &self.config,
        );
        let Some(track) = born else {
            self.dropped.out_of_range += 1;
            return;
        };
        let Some(centre) = track.filter().map(|filter| filter.cuboid().centre_m) else { return };
        let known: Vec<_> = self
            .tracks
            .iter()
            .filter_map(|other| {
                let cuboid = other.filter()?.cuboid();
                Some((
                    other.class,
                    other.edges(&self.camera)?,
                    cuboid.centre_m,
                    cuboid.length_m / 2.0,
                ))
            })
            .collect();
        if !lifecycle::is_new(seen.detection.class, &seen.edges, centre, &known) {
            return;
        }
        if self.tracks.len() >= self.config.tracks_max {
            self.dropped.over_limit += 1;
            return;
        }
        self.next_id += 1;
        self.tracks.push(track);
    }

    fn end(&mut self, time: EventTime, dt_s: f64) {
        let doubled = duplicates::ended(&mut self.tracks, dt_s);
        let boxes = self.predicted_boxes();
        let keep: Vec<bool> = (0..self.tracks.len())
            .map(|index| {
                let track = &self.tracks[index];
                let distance_m = boxes[index].map_or(0.0, |(_, distance_m)| distance_m);
                let nearer = self.nearer(&boxes, index, distance_m);
                !doubled.contains(&track.id)
                    && lifecycle::goes_on(track, time, &nearer, &self.camera, &self.config)
            })
            .collect();
        let mut keep = keep.into_iter();
        self.tracks.retain(|_| keep.next().unwrap_or(false));
    }
}
