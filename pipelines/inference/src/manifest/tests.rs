use super::*;

/// A manifest that is sound, whatever models are shipped.
const GOOD: &str = include_str!("tests/good.toml");

/// The report on it after one replacement.
fn after(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    let error = Manifest::parse("models.toml", &GOOD.replacen(from, to, 1)).expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Manifest);
    error.report()
}

#[test]
fn the_shipped_manifest_is_sound() {
    let manifest = Manifest::embedded().expect("a sound manifest");
    let model = manifest.model("yolox-nano").expect("the model");
    assert_eq!(model.input.size_px(), Some((416, 416)));
    let layout = model.detection.as_ref().expect("a layout");
    assert_eq!(layout.rows(416, 416), 3549);
    assert_eq!(layout.labels.len(), 6);
    assert_eq!(layout.labels[&7], wayside_proto::RoadUserClass::Truck);
}

#[test]
fn every_model_has_a_card() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    for model in Manifest::embedded().expect("a sound manifest").models() {
        let card = std::fs::read_to_string(folder.join(&model.card)).expect("a card");
        assert!(card.contains(&model.sha256), "{} does not name its file", model.card);
        assert!(card.contains(&model.licence), "{} does not name its licence", model.card);
    }
}

#[test]
fn other_models_can_be_described() {
    let faces = r#"
schema = 1
[[model]]
name = "faces"
task = "faces"
file = "faces.onnx"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
size_bytes = 7
licence = "MIT"
source = "somewhere"
footage = "simulated"
card = "faces.md"
[model.input]
name = "input.1"
shape = [-1, 3, -1, -1]
colour = "rgb"
range = [0.0, 1.0]
letterbox = "stretch"
[[model.output]]
name = "heat"
shape = [-1, 1, -1, -1]
[[model.output]]
name = "size"
shape = [-1, 2, -1, -1]
"#;
    let manifest = Manifest::parse("m.toml", faces).expect("a sound manifest");
    assert_eq!(manifest.models()[0].input.size_px(), None);
    assert_eq!(manifest.models()[0].output.len(), 2);
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    insta::assert_snapshot!(after("pad = 114", "padding = 114"), @r#"
    models.toml:22: unknown field `padding`, expected one of `name`, `shape`, `colour`, `range`, `letterbox`, `pad`
      hint: the keys are explained in models/README.md
    "#);
    insta::assert_snapshot!(after("task = \"road_users\"", "task = \"identify_people\""), @r#"
    models.toml:6: unknown variant `identify_people`, expected one of `road_users`, `faces`, `plate_text`, `vehicle_embedding`, `vehicle_outline`
      hint: the keys are explained in models/README.md
    "#);
    insta::assert_snapshot!(after("7 = \"truck\"", "7 = \"lorry\""), @r#"
    models.toml:35: `lorry` is not a class of road user: car, truck, bus, motorcycle, bicycle, person
      hint: the keys are explained in models/README.md
    "#);
    insta::assert_snapshot!(after("7 = \"truck\"", "seven = \"truck\""), @r#"
    models.toml:35: label `seven` is not a class number of the model
      hint: the keys are explained in models/README.md
    "#);
    insta::assert_snapshot!(after("schema = 1", "schema = 2"), @r#"
    models.toml:2: schema 2 is not known
      hint: this program reads schema 1
    "#);
    insta::assert_snapshot!(after("\"695e", "\"695E"), @r#"
    models.toml:4: model yolox-nano: sha256: `695E750a5d5754bb5a8d5325643b59282191a7e7a564e435a415fd3c578eab14` is not a SHA-256
      hint: 64 lower-case hexadecimal digits, as `sha256sum FILE` prints them
    "#);
    insta::assert_snapshot!(after("https://", "http://"), @r#"
    models.toml:4: model yolox-nano: url: `http://raw.githubusercontent.com/Kazuhito00/YOLOX-ONNX-TFLite-Sample/main/model/yolox_nano.onnx` is not an https address
      hint: models come over https
    "#);
    insta::assert_snapshot!(after("\"yolox_nano.onnx\"", "\"../yolox_nano.onnx\""), @r#"
    models.toml:4: model yolox-nano: file: `../yolox_nano.onnx` is not the plain name of a file
      hint: the folder comes from --models-dir, WAYSIDE_MODELS or the cache
    "#);
    insta::assert_snapshot!(after("size_bytes = 3660092", "size_bytes = 0"), @r#"
    models.toml:4: model yolox-nano: size_bytes: 0 bytes is not the size of a model
      hint: from 1 byte to 1 GiB, as `stat -c %s FILE` prints it
    "#);
    insta::assert_snapshot!(after("[1, 3549, 85]", "[1, 3549, 12]"), @r#"
    models.toml:4: model yolox-nano: output.shape: [[1, 3549, 12]] does not fit: strides [8, 16, 32] over 416x416 make 3549 rows, and class 7 needs 13 columns or more
      hint: one output [batch, rows, 5 + classes]
    "#);
    insta::assert_snapshot!(after("strides = [8, 16, 32]", "strides = [8, 16]"), @r#"
    models.toml:4: model yolox-nano: output.shape: [[1, 3549, 85]] does not fit: strides [8, 16] over 416x416 make 3380 rows, and class 7 needs 13 columns or more
      hint: one output [batch, rows, 5 + classes]
    "#);
    insta::assert_snapshot!(after("shape = [1, 3, 416, 416]", "shape = [1, 416, 416, 3]"), @r#"
    models.toml:4: model yolox-nano: input.shape: [1, 416, 416, 3] is not [batch, 3, height, width]
      hint: -1 where the model leaves an extent free
    "#);
    insta::assert_snapshot!(after("score_low = 0.1", "score_low = 0.4"), @r#"
    models.toml:4: model yolox-nano: detection.score_low: score_low 0.4 and score_min 0.3 are not two scores in order
      hint: 0 to 1, score_low at most score_min
    "#);
    insta::assert_snapshot!(after("nms_iou = 0.5", "nms_iou = nan"), @r#"
    models.toml:4: model yolox-nano: detection.nms_iou: NaN is not an overlap
      hint: above 0, at most 1
    "#);
    insta::assert_snapshot!(after("range = [0, 255]", "range = [1, 1]"), @r#"
    models.toml:4: model yolox-nano: input.range: 1 to 1 is not a range
      hint: for example [0, 1]
    "#);
    insta::assert_snapshot!(after("schema = 1", "schema = "), @r#"
    models.toml:2: string values must be quoted, expected literal string
      hint: the keys are explained in models/README.md
    "#);
}

#[test]
fn a_name_is_there_once() {
    let model = GOOD.split_once("[[model]]").expect("a model").1;
    let twice = format!("{GOOD}\n[[model]]{model}");
    let error = Manifest::parse("models.toml", &twice).expect_err("refused");
    insta::assert_snapshot!(error.report(), @r#"
    models.toml:43: model yolox-nano: its name or file is there twice
      hint: each model has its own of both
    "#);
}

#[test]
fn a_model_that_is_not_there_is_named() {
    let manifest = Manifest::parse("models.toml", GOOD).expect("a sound manifest");
    insta::assert_snapshot!(manifest.model("yolo").expect_err("none").report(), @r#"
    there is no model `yolo`
      hint: the manifest has yolox-nano
    "#);
}

#[test]
fn a_file_that_cannot_be_read_is_an_error() {
    let error = Manifest::load(Path::new("/nowhere/models.toml")).expect_err("none");
    insta::assert_snapshot!(error.report(), @r#"
    cannot read the manifest /nowhere/models.toml
      cause: No such file or directory (os error 2)
    "#);
}

/// The good manifest's model with the output of `format = "ttfnet"`.
fn ttfnet() -> String {
    GOOD.replace("[1, 3, 416, 416]", "[-1, 3, 416, 416]")
        .replace("name = \"output\"\nshape = [1, 3549, 85]", HEADS)
        .replace("format = \"yolox\"\nstrides = [8, 16, 32]", "format = \"ttfnet\"\nstrides = [8]")
}

const HEADS: &str = "name = \"heat\"\nshape = [-1, 8, 52, 52]\n[[model.output]]\nname = \"boxes\"\nshape = [-1, 8, 52, 52]";

#[test]
fn heat_and_boxes_can_be_described() {
    let manifest = Manifest::parse("m.toml", &ttfnet()).expect("a sound manifest");
    let layout = manifest.models()[0].detection.clone().expect("a layout");
    assert_eq!((layout.format, layout.box_kind), (DetectionFormat::Ttfnet, BoxKind::Modal));
    assert_eq!(layout.cells(416, 416), (52, 52));
    assert_eq!(layout.found_by_height_px, Vec::<[f64; 2]>::new());
    let more =
        "nms_iou = 0.5\nbox = \"amodal\"\nfound_by_height_px = [[8, 0], [20.5, 0.8], [300, 0.9]]";
    let text = ttfnet().replace("nms_iou = 0.5", more);
    let manifest = Manifest::parse("m.toml", &text).expect("a sound manifest");
    let layout = manifest.models()[0].detection.clone().expect("a layout");
    assert_eq!(layout.box_kind, BoxKind::Amodal);
    assert_eq!(layout.found_by_height_px, [[8.0, 0.0], [20.5, 0.8], [300.0, 0.9]]);
}

#[test]
fn what_does_not_fit_heat_and_boxes_is_named() {
    let after = |from: &str, to: &str| {
        let text = ttfnet();
        assert!(text.contains(from), "{from}");
        let error = Manifest::parse("m.toml", &text.replacen(from, to, 1)).expect_err("refused");
        error.report()
    };
    let reports = [
        after("name = \"boxes\"", "name = \"box\""),
        after("[-1, 8, 52, 52]\n[[", "[-1, 7, 52, 52]\n[["),
        after("strides = [8]", "strides = [8, 16]"),
        after("strides = [8]", "strides = [4]"),
    ];
    insta::assert_snapshot!(reports.join("\n\n"), @r#"
    m.toml:4: model yolox-nano: output.shape: `heat` [-1, 8, 52, 52], `box` [-1, 8, 52, 52] does not fit: stride [8] over 416x416 makes 52 x 52 cells, and class 7 needs 8 classes or more
      hint: two outputs, `heat` [batch, classes, rows, columns] and `boxes` [batch, 8, rows, columns]

    m.toml:4: model yolox-nano: output.shape: `heat` [-1, 7, 52, 52], `boxes` [-1, 8, 52, 52] does not fit: stride [8] over 416x416 makes 52 x 52 cells, and class 7 needs 8 classes or more
      hint: two outputs, `heat` [batch, classes, rows, columns] and `boxes` [batch, 8, rows, columns]

    m.toml:4: model yolox-nano: detection.strides: [8, 16] are several levels, and `ttfnet` has one
      hint: for example [8]

    m.toml:4: model yolox-nano: output.shape: `heat` [-1, 8, 52, 52], `boxes` [-1, 8, 52, 52] does not fit: stride [4] over 416x416 makes 104 x 104 cells, and class 7 needs 8 classes or more
      hint: two outputs, `heat` [batch, classes, rows, columns] and `boxes` [batch, 8, rows, columns]
    "#);
}

#[test]
fn what_is_wrong_with_a_curve_is_named() {
    let with = |curve: &str| {
        let more = format!("nms_iou = 0.5\nfound_by_height_px = {curve}");
        after("nms_iou = 0.5", &more).replace("models.toml:4: model yolox-nano: ", "")
    };
    let reports = [
        with("[[8, 0.5]]"),
        with("[[8, 0.5], [8, 0.6]]"),
        with("[[9, 0.5], [8, 0.6]]"),
        with("[[0, 0.5], [8, 0.6]]"),
        with("[[1, 0.5], [8, 1.1]]"),
        with("[[1, nan], [8, 1]]"),
        with("[[1, 0.5], [inf, 1]]"),
        with("[[1, 0.5, 2], [3, 1]]"),
        after("nms_iou = 0.5", "nms_iou = 0.5\nbox = \"amodal\""),
    ];
    insta::assert_snapshot!(reports.join("\n\n"), @r#"
    detection.found_by_height_px: 1 points are not 2 to 64
      hint: pairs [height in pixels, share from 0 to 1], heights ascending, for example [[8, 0.0], [32, 0.9], [200, 0.95]]

    detection.found_by_height_px: 8 comes after 8
      hint: pairs [height in pixels, share from 0 to 1], heights ascending, for example [[8, 0.0], [32, 0.9], [200, 0.95]]

    detection.found_by_height_px: 8 comes after 9
      hint: pairs [height in pixels, share from 0 to 1], heights ascending, for example [[8, 0.0], [32, 0.9], [200, 0.95]]

    detection.found_by_height_px: 0 is not a height in pixels
      hint: pairs [height in pixels, share from 0 to 1], heights ascending, for example [[8, 0.0], [32, 0.9], [200, 0.95]]

    detection.found_by_height_px: 1.1 at 8 pixels is not a share
      hint: pairs [height in pixels, share from 0 to 1], heights ascending, for example [[8, 0.0], [32, 0.9], [200, 0.95]]

    detection.found_by_height_px: NaN at 1 pixels is not a share
      hint: pairs [height in pixels, share from 0 to 1], heights ascending, for example [[8, 0.0], [32, 0.9], [200, 0.95]]

    detection.found_by_height_px: inf is not a height in pixels
      hint: pairs [height in pixels, share from 0 to 1], heights ascending, for example [[8, 0.0], [32, 0.9], [200, 0.95]]

    models.toml:34: [1.0, 0.5, 2.0] is not [height, share]
      hint: the keys are explained in models/README.md

    models.toml:4: model yolox-nano: detection.box: YOLOX gives one box per object, around what is visible
      hint: leave the key out, or write "modal"
    "#);
}

#[test]
fn what_is_built_in_is_bounded() {
    let report = after("file = ", "embedded = true\nfile = ");
    insta::assert_snapshot!(report, @r#"
    models.toml:4: models of 3660092 bytes together are too large to be built into the program
      hint: at most 3000000 bytes
    "#);
}

#[test]
fn a_manifest_of_ones_own_adds_and_replaces() {
    let parse = |text: &str| Manifest::parse("m.toml", text).expect("a sound manifest");
    let small =
        |text: &str| text.replace("size_bytes = 3660092", "embedded = true\nsize_bytes = 7");
    let own = parse(&small(GOOD));
    assert_eq!(own.clone().with(own.clone()), own, "what is the same stays built in");
    let other = small(&GOOD.replace("score_min = 0.3", "score_min = 0.4"));
    let both = own.clone().with(parse(&other.replace("\"yolox-nano\"", "\"mine\"")));
    let names: Vec<_> = both.models().iter().map(|m| (&*m.name, m.embedded)).collect();
    assert_eq!(names, [("yolox-nano", true), ("mine", false)]);
    let replaced = own.with(parse(&other));
    let [model] = replaced.models() else { panic!("one model: {replaced:?}") };
    assert!(!model.embedded && model.detection.as_ref().is_some_and(|d| d.score_min == 0.4));
}
