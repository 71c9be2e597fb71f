//! With the real model where it is at hand; what is refused, always.

use wayside_picture::{Matrix, Picture};

use super::*;
use crate::manifest::Manifest;
use crate::store::Store;

fn centerface() -> Model {
    Manifest::embedded().expect("sound").model("centerface").expect("known").clone()
}

/// The file, where a folder named by `WAYSIDE_MODELS` has it.
fn file() -> Option<ModelFile> {
    let folder = std::env::var_os("WAYSIDE_MODELS")?;
    let store = Store::new(vec![folder.into()], std::env::temp_dir().join("wayside-no-cache"));
    store.present(&centerface())
}

#[test]
fn it_runs_at_its_own_size_and_finds_no_face_in_grey() {
    let Some(file) = file() else {
        // Printed by a test that has nothing to look with.
        #[allow(clippy::print_stderr, clippy::disallowed_macros)]
        {
            eprintln!("centerface.onnx is not at hand: not tried");
        }
        return;
    };
    let runtime = Runtime::load(None).expect("a library");
    let mut faces =
        FaceDetector::open(&runtime, &centerface(), &file, RunOptions::default()).expect("open");
    let grey = Picture::filled(320, 200, [126, 128, 128], Matrix::Bt601).expect("even");
    let part = PixelRect { x: 20, y: 10, width: 90, height: 60 };
    assert_eq!(faces.find(&grey, part), Ok(Vec::new()));
    let beyond = PixelRect { x: 400, y: 0, width: 10, height: 10 };
    assert!(faces.find(&grey, beyond).is_err());
}

#[test]
fn another_file_or_task_is_refused() {
    let runtime = Runtime::load(None).expect("a library");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("centerface.onnx");
    std::fs::write(&path, b"not the model").expect("written");
    let open = |model: &Model| {
        let error =
            FaceDetector::open(&runtime, model, &path.clone().into(), RunOptions::default());
        error.err().map(|error| error.report().replace(&folder.path().display().to_string(), "DIR"))
    };
    let other = Manifest::embedded().expect("sound").model("yolox-nano").expect("known").clone();
    let mut bgr = centerface();
    bgr.input.colour = crate::manifest::ColourOrder::Bgr;
    let messages: Vec<String> = [centerface(), other, bgr].iter().filter_map(open).collect();
    assert_eq!(messages.len(), 3);
    insta::assert_snapshot!(messages.join("\n"));
}
