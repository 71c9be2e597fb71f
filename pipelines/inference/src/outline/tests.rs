//! With a tiny model that gives the picture's planes back, and with the one of the manifest.

use wayside_picture::{Matrix, Picture};

use super::*;
use crate::manifest::{ColourOrder, Letterbox, Manifest, Task};
use crate::tiny_onnx::{Value, constant, model as onnx, node};

/// Side of the tiny model's input.
const SIDE: i64 = 32;

fn tiny() -> Model {
    let mut model = Manifest::embedded().expect("a manifest").models()[0].clone();
    model.name = "tiny".to_owned();
    model.task = Task::VehicleOutline;
    model.detection = None;
    model.input.shape = vec![1, 3, SIDE, SIDE];
    model.input.letterbox = Letterbox::Stretch;
    model.output.truncate(1);
    model.output[0].name = "shares".to_owned();
    model.output[0].shape = vec![1, 3, SIDE, SIDE];
    model
}

/// Multiplies each value of the input.
fn scaled(by: f32) -> Vec<u8> {
    let shape = [1, 3, SIDE, SIDE];
    onnx(
        &[node("Mul", &["images", "by"], "shares")],
        &[Value::new("images", &shape)],
        &[Value::new("shares", &shape)],
        &[constant("by", &[1], &[by])],
    )
}

fn open(model: &Model, bytes: &[u8]) -> Result<Outliner, InferenceError> {
    let runtime = Runtime::load(None).expect("a library");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("tiny.onnx");
    std::fs::write(&file, bytes).expect("a file");
    Outliner::open(&runtime, model, &file.into(), RunOptions::default())
}

#[test]
fn each_pixel_of_the_answer_belongs_to_its_part_of_the_picture() {
    let mut picture = Picture::filled(128, 96, [60, 128, 128], Matrix::Bt709).expect("a picture");
    // Bright from column 40 on.
    for row in std::sync::Arc::make_mut(&mut picture.y).chunks_exact_mut(128) {
        row[40..].fill(200);
    }
    let mut outliner = open(&tiny(), &scaled(1.0 / 255.0)).expect("open");
    // The window reaches 14 pixels to each side: from -4 to 66 across.
    let b = BoxPx { x0: 6.0, y0: 20.0, x1: 56.0, y1: 70.0 };
    let got = outliner.look(&picture, &b).expect("an answer").expect("inside");
    assert_eq!(got.rect, PixelRect { x: 0, y: 10, width: 66, height: 70 });
    assert_eq!((got.columns, got.rows), (30, 32));
    assert_eq!((got.own.len(), got.other.len()), (30 * 32, 30 * 32));
    for row in got.own.chunks_exact(30) {
        // Column 40 of 66 is 18.2 of 30.
        assert!(row[..17].iter().all(|share| *share < 90), "{row:?}");
        assert!(row[20..].iter().all(|share| *share > 180), "{row:?}");
    }
    let outside = BoxPx { x0: 600.0, x1: 650.0, ..b };
    assert_eq!(outliner.look(&picture, &outside), Ok(None));
    let none = BoxPx { x0: f32::NAN, ..b };
    assert_eq!(outliner.look(&picture, &none), Ok(None));
}

#[test]
fn shares_that_are_no_numbers_are_an_error() {
    let picture = Picture::filled(128, 96, [60, 128, 128], Matrix::Bt709).expect("a picture");
    let mut outliner = open(&tiny(), &scaled(f32::INFINITY)).expect("open");
    let b = BoxPx { x0: 20.0, y0: 20.0, x1: 50.0, y1: 50.0 };
    let error = outliner.look(&picture, &b).expect_err("no numbers");
    assert!(error.report().contains("no numbers"), "{}", error.report());
}

#[test]
fn a_model_of_another_kind_is_refused() {
    let said = |change: &dyn Fn(&mut Model)| {
        let mut model = tiny();
        change(&mut model);
        open(&model, &scaled(1.0)).err().map(|error| error.report()).expect("refused")
    };
    let messages = [
        said(&|model| model.task = Task::Faces),
        said(&|model| model.input.colour = ColourOrder::Rgb),
        said(&|model| model.output[0].shape = vec![1, 2, SIDE, SIDE]),
    ];
    let said = [
        "the model tiny gives no outline of a vehicle",
        "the model tiny is not read as an outline is",
        "the model tiny is not read as an outline is",
    ];
    for (message, wanted) in messages.iter().zip(said) {
        assert!(message.contains(wanted) && message.contains("hint:"), "{message}");
    }
}

#[test]
fn the_one_of_the_manifest_runs_and_sees_no_other_in_grey() {
    let manifest = Manifest::embedded().expect("sound");
    let model = manifest.model("wayside-outline").expect("known");
    let store = crate::store::Store::new(Vec::new(), std::env::temp_dir());
    let file = store.present(model).expect("built in");
    let runtime = Runtime::load(None).expect("a library");
    let mut outliner = Outliner::open(&runtime, model, &file, RunOptions::default()).expect("open");
    let picture = Picture::filled(320, 200, [126, 128, 128], Matrix::Bt709).expect("a picture");
    let b = BoxPx { x0: 100.0, y0: 60.0, x1: 180.0, y1: 120.0 };
    let got = outliner.look(&picture, &b).expect("an answer").expect("inside");
    let again = outliner.look(&picture, &b).expect("an answer");
    assert_eq!(again.as_ref(), Some(&got));
    let others = got.other.iter().filter(|share| **share > 127).count();
    assert!(others * 4 < got.other.len(), "{others} of {}", got.other.len());
}
