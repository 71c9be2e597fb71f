//! The embedder that ships with the project, on a rendered crop, held against the same steps in Python
//! (OpenCV and ONNX Runtime). Where the file is not there, the test says that it skips.

use std::path::PathBuf;

use wayside_inference::manifest::{Manifest, Model};
use wayside_inference::{Embedder, Embedding, RunOptions, Runtime, Vehicle};
use wayside_picture::{Matrix, Picture};
use wayside_proto::{BoxPx, MotorVehicleClass};

/// A crop of a rendering of ours, 416 x 128 pixels, planar 4:2:0.
const CROP: &[u8] = include_bytes!("data/junction_416x128.yuv");

/// Three cars in it.
const CARS: [[f32; 4]; 3] = [
    [117.30, 30.07, 183.36, 81.23],
    [284.06, 32.33, 342.99, 78.55],
    [27.51, 77.60, 102.86, 127.20],
];

/// Two of them, and how alike the reference finds them.
const REFERENCE: [(usize, usize, f32); 3] = [(0, 1, 0.135), (0, 2, 0.304), (1, 2, -0.288)];

/// What the manifest says of the model, apart from its checksum, which the store checks.
const ENTRY: &str = r#"
schema = 1
[[model]]
name = "wayside-vehicle-embed"
task = "vehicle_embedding"
file = "wayside-vehicle-embed.onnx"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
size_bytes = 1
licence = "Apache-2.0"
source = "Wayside"
footage = "simulated"
card = "wayside-vehicle-embed.md"
[model.input]
name = "images"
shape = [-1, 3, 64, 64]
colour = "bgr"
range = [0, 255]
letterbox = "stretch"
[[model.output]]
name = "embedding"
shape = [-1, 64]
"#;

fn model() -> Model {
    let manifest = Manifest::parse("entry", ENTRY).unwrap_or_else(|e| panic!("{}", e.report()));
    manifest.models()[0].clone()
}

fn open() -> Option<Embedder> {
    let file =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../models/wayside-vehicle-embed.onnx");
    if !file.is_file() {
        eprintln!("skipped: models/wayside-vehicle-embed.onnx is not there");
        return None;
    }
    let runtime = Runtime::load(None).unwrap_or_else(|error| panic!("{}", error.report()));
    let opened = Embedder::open(&runtime, &model(), &file.into(), RunOptions::default());
    Some(opened.unwrap_or_else(|error| panic!("{}", error.report())))
}

fn picture() -> Picture {
    let (y, rest) = CROP.split_at(416 * 128);
    let (u, v) = rest.split_at(208 * 64);
    Picture::new(416, 128, y.to_vec(), u.to_vec(), v.to_vec(), Matrix::Bt601).expect("a picture")
}

fn cars(shift: f32) -> Vec<Vehicle> {
    let car = |[x0, y0, x1, y1]: [f32; 4]| Vehicle {
        class: MotorVehicleClass::Car,
        box_px: BoxPx { x0: x0 + shift, y0: y0 - shift, x1: x1 + shift, y1: y1 - shift },
    };
    CARS.map(car).to_vec()
}

fn vectors(embedder: &mut Embedder, vehicles: &[Vehicle]) -> Vec<Embedding> {
    let answers = embedder.embed(&picture(), vehicles).expect("answers");
    answers.into_iter().map(|answer| answer.expect("a vector")).collect()
}

#[test]
fn the_model_says_what_the_reference_says() {
    let Some(mut embedder) = open() else { return };
    let found = vectors(&mut embedder, &cars(0.0));
    for (a, b, reference) in REFERENCE {
        let similarity = found[a].similarity(&found[b]);
        assert!((similarity - reference).abs() < 0.05, "{a} {b}: {similarity}, not {reference}");
    }
}

#[test]
fn a_shifted_box_is_still_the_same_vehicle() {
    let Some(mut embedder) = open() else { return };
    let found = vectors(&mut embedder, &cars(0.0));
    let shifted = vectors(&mut embedder, &cars(1.5));
    for (index, vector) in found.iter().enumerate() {
        let nearest = (0..3).max_by(|&a, &b| {
            vector.similarity(&shifted[a]).total_cmp(&vector.similarity(&shifted[b]))
        });
        assert_eq!(nearest, Some(index));
        let length = vector.as_array().iter().map(|v| f64::from(*v).powi(2)).sum::<f64>();
        assert!((length - 1.0).abs() < 1e-6);
    }
}

#[test]
fn the_same_look_gives_the_same_bytes() {
    let Some(mut embedder) = open() else { return };
    let first = vectors(&mut embedder, &cars(0.0));
    assert_eq!(vectors(&mut embedder, &cars(0.0)), first);
    let mut other = open().expect("there a moment ago");
    assert_eq!(vectors(&mut other, &cars(0.0)), first);
    // Alone, or among others: the kernels may differ in the last bits.
    for (car, vector) in cars(0.0).into_iter().zip(&first) {
        assert!(vectors(&mut other, &[car])[0].similarity(vector) > 0.9999);
    }
}
