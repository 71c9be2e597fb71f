use wayside_picture::{Detection, Matrix, PixelRect};
use wayside_proto::{BoxPx, MotorVehicleClass, RoadUserClass};

use super::*;
use crate::manifest::{ColourOrder, Letterbox, Manifest, Task};
use crate::tiny_onnx::{Value, constant, model as onnx, node};

/// Side of the tiny model's input.
const SIDE: usize = 16;

fn runtime() -> Runtime {
    Runtime::load(None).unwrap_or_else(|error| panic!("{}", error.report()))
}

fn tiny(batch: i64) -> Model {
    let mut model = Manifest::embedded().expect("a manifest").models()[0].clone();
    model.name = "tiny".to_owned();
    model.file = "tiny.onnx".to_owned();
    model.task = Task::VehicleEmbedding;
    model.detection = None;
    model.input.shape = vec![batch, 3, SIDE as i64, SIDE as i64];
    model.input.letterbox = Letterbox::Stretch;
    model.output.truncate(1);
    model.output[0].name = "embedding".to_owned();
    model.output[0].shape = vec![batch, 64];
    model
}

/// A model whose first 48 numbers are the means of rows: 16 of blue, 16 of green, 16 of red.
fn row_means(batch: i64) -> Vec<u8> {
    let mut weights = vec![0.0; 3 * SIDE * SIDE * 64];
    for (at, row) in weights.chunks_exact_mut(64).enumerate() {
        row[at / SIDE] = 1.0 / SIDE as f32;
    }
    let side = SIDE as i64;
    onnx(
        &[node("Flatten", &["images"], "flat"), node("MatMul", &["flat", "w"], "embedding")],
        &[Value::new("images", &[batch, 3, side, side])],
        &[Value::new("embedding", &[batch, 64])],
        &[constant("w", &[(3 * SIDE * SIDE) as u64, 64], &weights)],
    )
}

fn open(model: &Model, bytes: &[u8]) -> Result<Embedder, InferenceError> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("tiny.onnx");
    std::fs::write(&file, bytes).expect("a file");
    Embedder::open(&runtime(), model, &file.into(), RunOptions::default())
}

fn car(x0: f32, y0: f32, x1: f32, y1: f32) -> Vehicle {
    Vehicle { class: MotorVehicleClass::Car, box_px: BoxPx { x0, y0, x1, y1 } }
}

/// Grey, with a bright lower half.
fn two_halves() -> Picture {
    let mut picture = Picture::filled(128, 96, [60, 128, 128], Matrix::Bt709).expect("a picture");
    std::sync::Arc::make_mut(&mut picture.y)[128 * 48..].fill(200);
    picture
}

#[test]
fn an_embedder_may_go_to_another_thread() {
    fn is_send<T: Send>() {}
    is_send::<Embedder>();
}

#[test]
fn a_person_or_a_bicycle_is_no_vehicle() {
    let box_px = BoxPx { x0: 0.0, y0: 0.0, x1: 40.0, y1: 90.0 };
    for class in RoadUserClass::ALL {
        let vehicle = Vehicle::of(&Detection { class, score: 1.0, box_px });
        let may = !matches!(class, RoadUserClass::Person | RoadUserClass::Bicycle);
        assert_eq!(vehicle.is_some(), may, "{class:?}");
        assert_eq!(vehicle.map(|v| v.class), class.motor_vehicle());
    }
}

#[test]
fn the_rider_of_a_motorcycle_changes_nothing() {
    let mut embedder = open(&tiny(-1), &row_means(-1)).expect("an embedder");
    let box_px = BoxPx { x0: 40.0, y0: 8.0, x1: 72.0, y1: 88.0 };
    let motorcycle = Vehicle { class: MotorVehicleClass::Motorcycle, box_px };
    let mut look = |picture: &Picture, vehicle: Vehicle| {
        embedder.embed(picture, &[vehicle]).expect("an answer").remove(0).expect("a vector")
    };
    let plain = two_halves();
    let mut with_rider = plain.clone();
    // Another rider: everything down to 55 % of the box in other pixels.
    for row in std::sync::Arc::make_mut(&mut with_rider.y).chunks_exact_mut(128).take(50) {
        row[40..72].fill(16);
    }
    for row in std::sync::Arc::make_mut(&mut with_rider.u).chunks_exact_mut(64).take(25) {
        row.fill(220);
    }
    assert_eq!(look(&plain, motorcycle), look(&with_rider, motorcycle));
    let car = Vehicle { class: MotorVehicleClass::Car, box_px };
    assert_ne!(look(&plain, car), look(&with_rider, car), "a car is seen whole");
}

#[test]
fn the_crop_is_the_box_enlarged() {
    let mut embedder = open(&tiny(-1), &row_means(-1)).expect("an embedder");
    // 80 pixels, enlarged to 88 around row 48, where the bright half starts.
    let answers = embedder.embed(&two_halves(), &[car(20.0, 8.0, 100.0, 88.0)]).expect("answers");
    let vector = answers[0].as_ref().expect("a vector").as_array();
    let source = car(20.0, 8.0, 100.0, 88.0).source(&two_halves()).expect("a source");
    assert_eq!(source.rect, PixelRect { x: 16, y: 4, width: 88, height: 88 });
    for plane in vector[..48].chunks_exact(SIDE) {
        assert!(plane[..7].iter().all(|value| (value - plane[0]).abs() < 1e-3), "{plane:?}");
        assert!(plane[9..].iter().all(|value| (value - plane[15]).abs() < 1e-3), "{plane:?}");
        assert!(plane[15] > 2.0 * plane[0], "{plane:?}");
    }
    assert_eq!(vector[48..], [0.0; 16]);
}

#[test]
fn answers_keep_the_order_whatever_the_batch() {
    let picture = two_halves();
    let mut asked: Vec<Vehicle> =
        (0..37).map(|n| car(n as f32, n as f32, n as f32 + 30.0, n as f32 + 40.0)).collect();
    asked[5] = car(0.0, 0.0, 10.0, 10.0);
    asked[20] = car(500.0, 0.0, 540.0, 40.0);
    let alone: Vec<_> = {
        let mut embedder = open(&tiny(-1), &row_means(-1)).expect("an embedder");
        asked.iter().map(|v| embedder.embed(&picture, &[*v]).expect("answers").remove(0)).collect()
    };
    for batch in [-1, 1, 4] {
        let mut embedder = open(&tiny(batch), &row_means(batch)).expect("an embedder");
        assert_eq!(embedder.embed(&picture, &asked).expect("answers"), alone, "batch {batch}");
    }
    assert!(alone[5].is_err() && alone[20].is_err() && alone[6].is_ok());
}

#[test]
fn what_is_refused_says_why() {
    let mut embedder = open(&tiny(-1), &row_means(-1)).expect("an embedder");
    let box_px = BoxPx { x0: 10.0, y0: 20.0, x1: 50.0, y1: 96.0 };
    let asked = [
        car(10.0, 10.0, 33.0, 25.5),
        car(200.0, 10.0, 240.0, 40.0),
        car(40.0, 10.0, 10.0, 40.0),
        car(f32::NAN, 10.0, 40.0, 40.0),
        car(0.0, 0.0, f32::INFINITY, 40.0),
        Vehicle { class: MotorVehicleClass::Motorcycle, box_px },
    ];
    let answers = embedder.embed(&two_halves(), &asked).expect("answers");
    let reasons: Vec<String> =
        answers.iter().map(|a| a.as_ref().expect_err("refused").to_string()).collect();
    insta::assert_snapshot!(reasons.join("\n"), @r#"
    the vehicle's longer side is 23.0 pixels, and 24 are needed
    the vehicle's box is not inside the picture
    the vehicle's box is not inside the picture
    the vehicle's box is not inside the picture
    the vehicle's box is not inside the picture
    the motorcycle is cut off by the picture's lower border: its rider cannot be told from it
    "#);
}

#[test]
fn models_that_cannot_be_filled_are_refused() {
    let mut models = [tiny(-1), tiny(-1), tiny(-1), tiny(-1), tiny(-1)];
    models[0].task = Task::Faces;
    models[1].input.colour = ColourOrder::Rgb;
    models[2].output[0].shape = vec![-1, 128];
    models[3].input.shape = vec![-1, 3, 15, 16];
    models[4].input.shape = vec![-1, 3, -1, -1];
    let reports = models.map(|model| {
        let error = open(&model, &row_means(-1)).err().expect("refused");
        assert_eq!(error.kind(), ErrorKind::ModelUnusable);
        error.report()
    });
    insta::assert_snapshot!(reports.join("\n\n"), @r#"
    the model tiny gives no vectors of vehicles
      cause: the manifest says task = "faces"
      hint: take a model with task = "vehicle_embedding"

    the model tiny wants its picture in a way that this embedder cannot fill
      hint: it fills `colour = "bgr"`, `range = [0, 255]`, `letterbox = "stretch"`

    the model tiny gives [[-1, 128]]
      hint: an embedder gives one output [batch, 64]

    the model tiny has an input of [-1, 3, 15, 16]
      hint: height and width have to be given, even, and at most 512

    the model tiny has an input of [-1, 3, -1, -1]
      hint: height and width have to be given, even, and at most 512
    "#);
}

#[test]
fn numbers_without_a_direction_are_an_error() {
    let side = SIDE as i64;
    let bytes = onnx(
        &[node("Flatten", &["images"], "flat"), node("MatMul", &["flat", "w"], "embedding")],
        &[Value::new("images", &[-1, 3, side, side])],
        &[Value::new("embedding", &[-1, 64])],
        &[constant("w", &[(3 * SIDE * SIDE) as u64, 64], &vec![0.0; 3 * SIDE * SIDE * 64])],
    );
    let mut embedder = open(&tiny(-1), &bytes).expect("an embedder");
    let error = embedder.embed(&two_halves(), &[car(0.0, 0.0, 40.0, 40.0)]).expect_err("an error");
    insta::assert_snapshot!(error.report(), @r#"
    the model tiny failed on a picture
      cause: its numbers for one vehicle have no direction (all 0, or not numbers)
    "#);
}
