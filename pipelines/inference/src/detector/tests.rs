use std::path::Path;

use wayside_picture::Matrix;
use wayside_proto::RoadUserClass;

use super::*;
use crate::manifest::Manifest;
use crate::tiny_onnx::{Value, constant, model as onnx, node};

/// The runtime, which `make setup` puts where it is found.
fn runtime() -> Runtime {
    Runtime::load(None).unwrap_or_else(|error| panic!("{}", error.report()))
}

/// A manifest entry for an input of 32 x 32 (21 cells) and two classes, person and car.
fn tiny(batch: i64) -> Model {
    let manifest = Manifest::embedded().expect("a manifest");
    let mut model = manifest.model("yolox-nano").expect("the model").clone();
    model.name = "tiny".to_owned();
    model.input.shape = vec![batch, 3, 32, 32];
    model.output[0].shape = vec![batch, 21, 7];
    if let Some(layout) = &mut model.detection {
        layout.labels = [(0, RoadUserClass::Person), (1, RoadUserClass::Car)].into();
    }
    model
}

/// What the tiny model says whatever it sees: a car of 16 x 8 pixels in the cell (2, 1) of stride
/// 8, a weak person in the cell of stride 32, and rubbish in a third.
fn says() -> Vec<f32> {
    let mut values = vec![0.0; 21 * 7];
    let mut row = |index: usize, row: [f32; 7]| values[index * 7..][..7].copy_from_slice(&row);
    row(4 + 2, [0.5, 0.5, 2.0_f32.ln(), 0.0, 0.9, 0.1, 0.8]);
    row(20, [0.5, 0.5, -1.0, 0.0, 0.4, 0.5, 0.0]);
    row(7, [f32::NAN, 0.0, 900.0, f32::INFINITY, 0.9, 0.0, 0.9]);
    values
}

fn talking(input: &[i64], output: &[i64]) -> Vec<u8> {
    onnx(
        &[node("Identity", &["says"], "output")],
        &[Value::new("images", input)],
        &[Value::new("output", output)],
        &[constant("says", &[1, 21, 7], &says())],
    )
}

fn open(model: &Model, bytes: &[u8]) -> Result<Detector, InferenceError> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("tiny.onnx");
    std::fs::write(&file, bytes).expect("a file");
    Detector::open(&runtime(), model, &file, RunOptions::default())
}

fn refusal(model: &Model, bytes: &[u8]) -> String {
    let error = open(model, bytes).err().expect("refused");
    assert_eq!(error.kind(), ErrorKind::ModelUnusable);
    let text = error.report();
    let (before, after) = text.split_once("tiny.onnx").expect("the file");
    let start = before.rfind('/').map_or(0, |at| before[..at].find('/').unwrap_or(at));
    format!("{}DIR/tiny.onnx{after}", &before[..start])
}

fn grey(width: u32, height: u32) -> Picture {
    Picture::filled(width, height, [128, 128, 128], Matrix::Bt709).expect("a picture")
}

#[test]
fn a_detector_may_go_to_another_thread() {
    fn is_send<T: Send>() {}
    is_send::<Detector>();
}

#[test]
fn cells_become_boxes_in_the_picture() {
    let mut detector = open(&tiny(1), &talking(&[1, 3, 32, 32], &[1, 21, 7])).expect("a detector");
    assert_eq!(detector.input_px(), 32);
    let found = detector.detect(&grey(64, 64), &[]).expect("detections");
    // The car's centre is cell (2, 1) + 0.5 in strides of 8 = (20, 12), twice that in the picture.
    let car = Detection {
        class: RoadUserClass::Car,
        score: 184.0 / 256.0,
        box_px: wayside_proto::BoxPx { x0: 24.0, y0: 16.0, x1: 56.0, y1: 32.0 },
    };
    assert_eq!(found[0], car);
    assert_eq!((found[1].class, found[1].score), (RoadUserClass::Person, 51.0 / 256.0));
    assert_eq!(found.len(), 2, "what is not a number is no box: {found:?}");
}

#[test]
fn regions_are_looked_at_one_by_one_where_the_batch_is_fixed() {
    let mut detector = open(&tiny(1), &talking(&[1, 3, 32, 32], &[1, 21, 7])).expect("a detector");
    let part = |x| PixelRect { x, y: 0, width: 32, height: 32 };
    let found = detector.detect(&grey(64, 32), &[part(0), part(32)]).expect("detections");
    let cars: Vec<f32> =
        found.iter().filter(|d| d.class == RoadUserClass::Car).map(|d| d.box_px.x0).collect();
    assert_eq!(cars, [12.0, 44.0]);
}

#[test]
fn a_region_outside_the_picture_is_an_error() {
    let mut detector = open(&tiny(1), &talking(&[1, 3, 32, 32], &[1, 21, 7])).expect("a detector");
    let region = PixelRect { x: 64, y: 0, width: 32, height: 32 };
    let error = detector.detect(&grey(64, 32), &[region]).expect_err("refused");
    insta::assert_snapshot!(error.report(), @r#"
    cannot look at the region 32x32 at (64, 0)
      cause: nothing of it is inside a picture of 64x32 pixels
    "#);
}

#[test]
fn an_output_of_another_shape_than_announced_is_an_error() {
    let mut detector =
        open(&tiny(-1), &talking(&[-1, 3, 32, 32], &[-1, 21, 7])).expect("a detector");
    detector.batch = Batch::Free(2);
    let whole = PixelRect { x: 0, y: 0, width: 32, height: 32 };
    let error = detector.detect(&grey(32, 32), &[whole, whole]).expect_err("refused");
    insta::assert_snapshot!(error.report(), @r#"
    the model tiny failed on a picture
      cause: its output has the shape [1, 21, 7], not [2, 21, 5 + classes]
    "#);
}

#[test]
fn tensors_that_differ_from_the_manifest_are_shown_beside_it() {
    let wrong = [
        talking(&[1, 3, 64, 64], &[1, 21, 7]),
        onnx(
            &[node("Identity", &["says"], "output")],
            &[Value::new("pixels", &[1, 3, 32, 32])],
            &[Value::new("output", &[1, 21, 7])],
            &[constant("says", &[1, 21, 7], &says())],
        ),
        onnx(
            &[node("Identity", &["says"], "output")],
            &[Value::new("images", &[1, 3, 32, 32])],
            &[Value::new("output", &[1, 3, 4])],
            &[constant("says", &[1, 3, 4], &[0.0; 12])],
        ),
        onnx(
            &[node("Add", &["images", "more"], "output")],
            &[Value::new("images", &[1, 3, 32, 32]), Value::new("more", &[1, 3, 32, 32])],
            &[Value::new("output", &[1, 3, 32, 32])],
            &[],
        ),
        onnx(
            &[node("Identity", &["says"], "output"), node("Identity", &["images"], "again")],
            &[Value::new("images", &[1, 3, 32, 32])],
            &[Value::new("output", &[1, 21, 7]), Value::new("again", &[1, 3, 32, 32])],
            &[constant("says", &[1, 21, 7], &says())],
        ),
    ];
    let reports = wrong.map(|bytes| refusal(&tiny(1), &bytes));
    insta::assert_snapshot!(reports.join("\n\n"), @r#"
    DIR/tiny.onnx cannot be used as the model tiny
      cause: input: the file has `images` f32 [1, 3, 64, 64]; the manifest says `images` f32 [1, 3, 32, 32]
      hint: is it the file whose SHA-256 starts with 695e750a5d57, as the manifest says?

    DIR/tiny.onnx cannot be used as the model tiny
      cause: input: the file has `pixels` f32 [1, 3, 32, 32]; the manifest says `images` f32 [1, 3, 32, 32]
      hint: is it the file whose SHA-256 starts with 695e750a5d57, as the manifest says?

    DIR/tiny.onnx cannot be used as the model tiny
      cause: output: the file has `output` f32 [1, 3, 4]; the manifest says `output` f32 [1, 21, 7]
      hint: is it the file whose SHA-256 starts with 695e750a5d57, as the manifest says?

    DIR/tiny.onnx cannot be used as the model tiny
      cause: it has 2 inputs, not one
      hint: is it the file whose SHA-256 starts with 695e750a5d57, as the manifest says?

    DIR/tiny.onnx cannot be used as the model tiny
      cause: it has 2 outputs, and the manifest says 1
      hint: is it the file whose SHA-256 starts with 695e750a5d57, as the manifest says?
    "#);
}

#[test]
fn files_that_are_no_models_are_refused() {
    let whole = talking(&[1, 3, 32, 32], &[1, 21, 7]);
    let bad: [&[u8]; 4] = [b"", b"<!DOCTYPE html>", &whole[..whole.len() / 2], &[0xff; 4096]];
    let reports = bad.map(|bytes| refusal(&tiny(1), bytes));
    insta::assert_snapshot!(reports.join("\n\n"), @r#"
    DIR/tiny.onnx cannot be used as the model tiny
      cause: the file is empty
      hint: is it the file whose SHA-256 starts with 695e750a5d57, as the manifest says?

    DIR/tiny.onnx cannot be used as the model tiny
      cause: Failed to load model because protobuf parsing failed.
      hint: is it the file whose SHA-256 starts with 695e750a5d57, as the manifest says?

    DIR/tiny.onnx cannot be used as the model tiny
      cause: Failed to load model because protobuf parsing failed.
      hint: is it the file whose SHA-256 starts with 695e750a5d57, as the manifest says?

    DIR/tiny.onnx cannot be used as the model tiny
      cause: Failed to load model because protobuf parsing failed.
      hint: is it the file whose SHA-256 starts with 695e750a5d57, as the manifest says?
    "#);
}

#[test]
fn a_missing_file_is_named_with_what_to_do() {
    let file = Path::new("/nowhere/tiny.onnx");
    let options = RunOptions::default();
    let error = Detector::open(&runtime(), &tiny(1), file, options).err().expect("refused");
    insta::assert_snapshot!(error.report(), @r#"
    cannot read the model tiny from /nowhere/tiny.onnx
      cause: No such file or directory (os error 2)
      hint: put yolox_nano.onnx into a folder named by --models-dir or WAYSIDE_MODELS
    "#);
}

#[test]
fn a_model_for_another_task_is_refused() {
    let mut model = tiny(1);
    model.task = crate::manifest::Task::Faces;
    let file = Path::new("/nowhere/tiny.onnx");
    let options = RunOptions::default();
    let error = Detector::open(&runtime(), &model, file, options).err().expect("refused");
    insta::assert_snapshot!(error.report(), @r#"
    the model tiny does not detect road users
      cause: the manifest says task = "faces"
      hint: take a model with task = "road_users"
    "#);
}

#[test]
fn a_provider_that_is_missing_is_replaced_and_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("tiny.onnx");
    std::fs::write(&file, talking(&[1, 3, 32, 32], &[1, 21, 7])).expect("a file");
    for provider in Provider::ALL {
        let options = RunOptions { provider, intra_threads: 1 };
        let detector = Detector::open(&runtime(), &tiny(1), &file, options).expect("a detector");
        if detector.provider() == provider {
            assert_eq!(detector.fallback(), None);
        } else {
            assert_eq!(detector.provider(), Provider::Cpu);
            let why = detector.fallback().expect("a reason");
            assert!(why.starts_with(&format!("{provider} cannot run tiny: ")), "{why}");
        }
    }
}

#[test]
fn the_processor_is_really_there() {
    let runtime = runtime();
    assert!(runtime.version().starts_with("1."), "{}", runtime.version());
    for status in runtime.providers() {
        assert!(status.compiled_in);
        if status.provider == Provider::Cpu {
            assert_eq!(status.opened, Ok(()));
        }
        if !status.offered {
            let why = status.opened.expect_err("what is not offered cannot be opened");
            assert!(why.contains("was built without"), "{why}");
        }
    }
}
