//! Detectors of heat and distances, with models made by hand.

use wayside_picture::Matrix;
use wayside_proto::{BoxPx, RoadUserClass};

use super::*;
use crate::ErrorKind;
use crate::manifest::{BoxKind, Manifest};
use crate::tiny_onnx::{Value, constant, model as onnx, node};

const INPUT: [i64; 4] = [-1, 3, 32, 32];

/// A manifest entry for an input of 32 x 32 (4 x 4 cells) and two classes, car and person.
fn entry(box_kind: &str) -> Model {
    let text = format!(
        r#"
schema = 1
[[model]]
name = "tiny"
task = "road_users"
file = "tiny.onnx"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
size_bytes = 1
licence = "MIT"
source = "a test"
footage = "simulated"
card = "tiny.md"
[model.input]
name = "images"
shape = [-1, 3, 32, 32]
colour = "bgr"
range = [0, 255]
letterbox = "top_left"
pad = 114
[[model.output]]
name = "heat"
shape = [-1, 2, 4, 4]
[[model.output]]
name = "boxes"
shape = [-1, 8, 4, 4]
[model.detection]
format = "ttfnet"
strides = [8]
score_min = 0.3
score_low = 0.1
nms_iou = 0.5
box = "{box_kind}"
[model.detection.labels]
0 = "car"
1 = "person"
"#
    );
    Manifest::parse("tiny.toml", &text).expect("a manifest").models()[0].clone()
}

/// Heat and distances of one tile: a car in the cell (2, 1), whose lower half is hidden.
fn tile() -> (Vec<f32>, Vec<f32>) {
    let (mut heat, mut boxes) = (vec![0.0; 2 * 16], vec![0.0; 8 * 16]);
    let cell = 4 + 2;
    (heat[cell], heat[cell - 1], heat[cell + 4]) = (0.7, 0.6, 0.5);
    for (index, distance) in [4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 12.0].into_iter().enumerate() {
        boxes[index * 16 + cell] = distance;
    }
    (heat, boxes)
}

/// A model that says that of `tiles` tiles, whatever it sees; its outputs stand in this order.
fn talking(tiles: usize, order: [&str; 2]) -> Vec<u8> {
    let (heat, boxes) = tile();
    let says = [
        constant("says heat", &[tiles as u64, 2, 4, 4], &heat.repeat(tiles)),
        constant("says boxes", &[tiles as u64, 8, 4, 4], &boxes.repeat(tiles)),
    ];
    let nodes = order.map(|name| node("Identity", &[&format!("says {name}")], name));
    let extents = |name| if name == "heat" { [-1, 2, 4, 4] } else { [-1, 8, 4, 4] };
    let shapes = order.map(extents);
    let outputs = [Value::new(order[0], &shapes[0]), Value::new(order[1], &shapes[1])];
    onnx(&nodes, &[Value::new("images", &INPUT)], &outputs, &says)
}

fn open(model: &Model, bytes: &[u8]) -> Result<Detector, InferenceError> {
    let runtime = Runtime::load(None).unwrap_or_else(|error| panic!("{}", error.report()));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("tiny.onnx");
    std::fs::write(&file, bytes).expect("a file");
    Detector::open(&runtime, model, &file, RunOptions::default())
}

fn grey(width: u32, height: u32) -> Picture {
    Picture::filled(width, height, [128, 128, 128], Matrix::Bt709).expect("a picture")
}

fn part(x: u32) -> PixelRect {
    PixelRect { x, y: 0, width: 32, height: 32 }
}

/// The car's centre is cell (2, 1) + 0.5 in strides of 8 = (20, 12), twice that in the picture.
#[test]
fn peaks_become_boxes_in_the_picture() {
    let car = |y1| Detection {
        class: RoadUserClass::Car,
        score: 179.0 / 256.0,
        box_px: BoxPx { x0: 32.0, y0: 16.0, x1: 48.0, y1 },
    };
    for order in [["heat", "boxes"], ["boxes", "heat"]] {
        for (box_kind, y1) in [("modal", 32.0), ("amodal", 48.0)] {
            let mut detector = open(&entry(box_kind), &talking(1, order)).expect("a detector");
            assert_eq!(detector.detect(&grey(64, 64), &[]).expect("detections"), [car(y1)]);
        }
    }
}

#[test]
fn the_processor_takes_regions_one_by_one_and_others_in_batches() {
    let order = ["heat", "boxes"];
    let mut alone = open(&entry("modal"), &talking(1, order)).expect("a detector");
    assert_eq!(alone.batch, Batch::Free(1));
    let mut together = open(&entry("modal"), &talking(2, order)).expect("a detector");
    together.batch = Batch::Free(BATCH_MAX);
    let regions = [part(0), part(32)];
    let found = alone.detect(&grey(64, 32), &regions).expect("detections");
    assert_eq!(found.iter().map(|d| d.box_px.x0).collect::<Vec<_>>(), [16.0, 48.0]);
    assert_eq!(together.detect(&grey(64, 32), &regions).expect("detections"), found);
}

#[test]
fn pictures_of_several_cameras_share_a_run() {
    let order = ["heat", "boxes"];
    let mut detector = open(&entry("modal"), &talking(2, order)).expect("a detector");
    detector.batch = Batch::Free(BATCH_MAX);
    let (wide, small) = (grey(64, 32), grey(32, 32));
    let (left, right) = ([part(0)], [part(32)]);
    let regions: [&[PixelRect]; 3] = [&left, &right, &[part(0)]];
    let pictures = [(&wide, regions[0]), (&wide, regions[1]), (&small, regions[2])];
    // The small one does not share a run with those of another size.
    let error = detector.detect_each(&pictures).expect_err("the model says two each time");
    assert!(error.report().contains("not [1, classes, 4, 4]"), "{}", error.report());
    let found = detector.detect_each(&pictures[..2]).expect("detections");
    let x0 = |found: &[Detection]| found.iter().map(|d| d.box_px.x0).collect::<Vec<_>>();
    assert_eq!(found.iter().map(|found| x0(found)).collect::<Vec<_>>(), [[16.0], [48.0]]);
}

#[test]
fn an_output_of_another_shape_than_announced_is_an_error() {
    let mut detector = open(&entry("modal"), &talking(2, ["heat", "boxes"])).expect("a detector");
    let error = detector.detect(&grey(32, 32), &[]).expect_err("refused");
    insta::assert_snapshot!(error.report(), @r#"
    the model tiny failed on a picture
      cause: its output `heat` has the shape [2, 2, 4, 4], not [1, classes, 4, 4]
    "#);
}

#[test]
fn outputs_that_differ_from_the_manifest_are_shown_beside_it() {
    let mut model = entry("modal");
    model.output[1].shape = vec![-1, 8, 8, 8];
    let mut renamed = entry("modal");
    renamed.output[0].name = "warmth".to_owned();
    let reports = [model, renamed].map(|model| {
        let error = open(&model, &talking(1, ["boxes", "heat"])).err().expect("refused");
        assert_eq!(error.kind(), ErrorKind::ModelUnusable);
        error.cause().unwrap_or_default().to_owned()
    });
    insta::assert_snapshot!(reports.join("\n"), @r#"
    output: the file has `boxes` f32 [1, 8, 4, 4]; the manifest says `boxes` f32 [-1, 8, 8, 8]
    output: the file has `boxes` f32 [1, 8, 4, 4]; the manifest says `warmth` f32 [-1, 2, 4, 4]
    "#);
    assert_eq!(entry("amodal").detection.map(|d| d.box_kind), Some(BoxKind::Amodal));
}
