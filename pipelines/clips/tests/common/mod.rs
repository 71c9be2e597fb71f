//! The example's red light: its recording, its vehicle, its moments, and detectors to redact it with.

// Not every test uses all of it.
#![allow(dead_code, clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use wayside_clips::{Eyes, Source, for_redaction};
use wayside_inference::manifest::Manifest;
use wayside_inference::store::Store;
use wayside_inference::{Detector, FaceDetector, Outliner, RunOptions, Runtime};
use wayside_proto::{
    BoxPx, CameraId, ClipRequest, EventTime, Moment, MotorVehicleClass, OutcomeId, RunId, SiteId,
    SubjectAt, TrackId,
};
use wayside_site::model::Footage;

pub fn recording() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/junction/clip.mp4")
}

pub fn start() -> EventTime {
    EventTime::parse("2026-06-01T07:00:00Z").unwrap()
}

/// Track 39 of the example, seconds and box.
const TRACK: [(f64, [f32; 4]); 14] = [
    (8.96, [544.9, 625.9, 688.0, 716.6]),
    (9.44, [653.1, 527.0, 756.6, 625.6]),
    (9.84, [709.4, 484.0, 794.0, 556.2]),
    (10.24, [739.0, 452.9, 816.6, 517.2]),
    (10.64, [764.8, 425.4, 842.5, 487.9]),
    (11.12, [782.2, 410.5, 855.6, 469.9]),
    (11.52, [802.4, 400.8, 873.1, 446.0]),
    (11.92, [825.6, 391.2, 903.5, 439.1]),
    (12.32, [858.1, 383.9, 945.9, 428.8]),
    (12.72, [897.7, 378.0, 988.1, 420.4]),
    (13.20, [877.9, 346.6, 952.0, 382.4]),
    (13.60, [894.1, 361.3, 961.3, 401.6]),
    (14.00, [907.2, 357.2, 974.2, 396.5]),
    (14.40, [920.5, 353.4, 987.0, 391.7]),
];

/// The red light at 10.876 s, from so many seconds to so many of the recording.
pub fn request(from_s: f64, to_s: f64) -> ClipRequest {
    let at = |s: f64| start().plus_s(s);
    let subject = TRACK
        .map(|(s, [x0, y0, x1, y1])| SubjectAt { time: at(s), box_px: BoxPx { x0, y0, x1, y1 } });
    ClipRequest {
        violation: OutcomeId("70f819a97b1c226c4474105c72f681a7".to_owned()),
        site: SiteId::from("junction"),
        camera: CameraId::from("north"),
        run: RunId(start().to_string()),
        track: TrackId(39),
        class: MotorVehicleClass::Car,
        from: at(from_s),
        to: at(to_s),
        subject: subject.to_vec(),
        moments: vec![
            (Moment::Before, at(10.0)),
            (Moment::AtLine, at(10.986)),
            (Moment::After, at(11.8)),
        ],
    }
}

pub fn source() -> Source {
    Source::recording(wayside_capture::Source::File(recording()), start())
}

/// Detectors of simulated footage; of faces where its model is at hand and wanted.
pub fn eyes(faces: bool) -> Eyes {
    let runtime = Runtime::load(None).unwrap();
    let manifest = Manifest::embedded().unwrap();
    let dirs = std::env::var_os("WAYSIDE_MODELS").map(PathBuf::from).into_iter().collect();
    let store = Store::new(dirs, std::env::temp_dir().join("wayside-no-cache"));
    let model = manifest.model("wayside-junction").unwrap();
    let file = store.locate(model, &mut |_, _| ()).unwrap();
    let options = RunOptions::default();
    let detector = Detector::open(&runtime, &for_redaction(model), &file, options).unwrap();
    let centerface = manifest.model("centerface").unwrap();
    let faces = faces.then(|| store.present(centerface)).flatten();
    let faces = faces.map(|file| FaceDetector::open(&runtime, centerface, &file, options).unwrap());
    let outline = manifest.model("wayside-outline").unwrap();
    let file = store.locate(outline, &mut |_, _| ()).unwrap();
    let outliner = Outliner::open(&runtime, outline, &file, options).unwrap();
    Eyes::new(detector, faces).with_outliner(outliner, Footage::Simulated)
}
