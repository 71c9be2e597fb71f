//! The real model on a rendered crop, held against the reference decoding in Python (NumPy and
//! OpenCV). Needs `yolox_nano.onnx` in a folder named by `WAYSIDE_MODELS`; else it says that it
//! skips.

use std::path::PathBuf;

use wayside_inference::manifest::Manifest;
use wayside_inference::store::{ModelFile, Store};
use wayside_inference::{Detector, RunOptions, Runtime};
use wayside_picture::{Matrix, Picture};
use wayside_proto::{BoxPx, RoadUserClass};

/// A crop of a rendering of ours, 416 x 128 pixels, planar 4:2:0: as wide as the input, so that no
/// scaling comes between.
const CROP: &[u8] = include_bytes!("data/junction_416x128.yuv");

/// What the reference finds at score 0.3.
const REFERENCE: [(&str, f32, [f32; 4]); 11] = [
    ("car", 0.8074, [117.30, 30.07, 183.36, 81.23]),
    ("car", 0.7580, [284.06, 32.33, 342.99, 78.55]),
    ("car", 0.6911, [27.51, 77.60, 102.86, 127.20]),
    ("car", 0.6567, [243.26, 1.93, 289.76, 40.72]),
    ("bus", 0.6279, [312.09, 0.53, 349.98, 35.31]),
    ("car", 0.6026, [243.46, 88.13, 322.75, 128.60]),
    ("truck", 0.5469, [72.46, 0.86, 126.74, 47.39]),
    ("car", 0.5167, [197.77, 33.56, 260.26, 83.11]),
    ("car", 0.4867, [189.01, 0.02, 248.91, 31.11]),
    ("car", 0.4684, [100.26, 100.71, 141.11, 127.98]),
    ("car", 0.3742, [140.48, 86.08, 212.96, 128.65]),
];

fn open(file: &str) -> Option<Detector> {
    let Some(dirs) = std::env::var_os("WAYSIDE_MODELS") else {
        eprintln!("skipped: WAYSIDE_MODELS names no folder with {file}");
        return None;
    };
    let dirs: Vec<PathBuf> = std::env::split_paths(&dirs).collect();
    let runtime = Runtime::load(None).unwrap_or_else(|error| panic!("{}", error.report()));
    let manifest = Manifest::embedded().expect("a manifest");
    let model = manifest.model("yolox-nano").expect("the model");
    let path = if file == model.file {
        let store = Store::new(dirs.clone(), PathBuf::new());
        store.present(model).map(|_| store.locate(model, &mut |_, _| {}).expect("its checksum"))
    } else {
        dirs.iter().map(|dir| dir.join(file)).find(|path| path.is_file()).map(ModelFile::Disk)
    };
    let Some(path) = path else {
        eprintln!("skipped: {file} is in none of {dirs:?}");
        return None;
    };
    let options = RunOptions::default();
    let opened = Detector::open(&runtime, model, &path, options);
    Some(opened.unwrap_or_else(|error| panic!("{}", error.report())))
}

fn crop() -> Picture {
    let (y, rest) = CROP.split_at(416 * 128);
    let (u, v) = rest.split_at(208 * 64);
    Picture::new(416, 128, y.to_vec(), u.to_vec(), v.to_vec(), Matrix::Bt601).expect("a picture")
}

fn check(file: &str) {
    let Some(mut detector) = open(file) else { return };
    let found = detector.detect(&crop(), &[]).expect("detections");
    let believed: Vec<_> = found.iter().filter(|d| d.score >= 0.3).collect();
    assert_eq!(believed.len(), REFERENCE.len(), "{believed:#?}");
    for (class, score, [x0, y0, x1, y1]) in REFERENCE {
        let class = RoadUserClass::parse(class).expect("a class");
        // The reference does not clip boxes to the picture.
        let box_px = BoxPx { x0, y0, x1: x1.min(416.0), y1: y1.min(128.0) };
        let best =
            believed.iter().map(|d| (d.box_px.iou(&box_px), d)).max_by(|a, b| a.0.total_cmp(&b.0));
        let (iou, best) = best.expect("a detection");
        assert!(iou > 0.9, "{class:?} {box_px:?}: {iou} {best:?}");
        assert!(best.class == class && (best.score - score).abs() < 0.03, "{best:?} {score}");
    }
    assert_eq!(detector.detect(&crop(), &[]).expect("detections"), found, "not the same twice");
}

#[test]
fn the_model_says_what_the_reference_says() {
    check("yolox_nano.onnx");
}

#[test]
fn a_model_of_free_batch_says_the_same() {
    check("yolox_nano_dyn.onnx");
}
