//! Site files: composed without losing what a person wrote, saved without losing what another saved.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use wayside_workbench::sites::{Shelf, ShelfError, compose, object as as_written};

const EXAMPLE: &str = include_str!("../../../examples/junction/site.toml");

fn object() -> Value {
    as_written(EXAMPLE).expect("the example is TOML")
}

#[test]
fn what_did_not_change_keeps_its_form_and_comments() {
    let mut site = object();
    site["rules"]["red_light"]["grace_s"] = json!(0.5);
    let composed = compose(&site, Some(EXAMPLE)).expect("a text");
    assert!(composed.checked.ok, "{:?}", composed.checked.errors);
    assert!(composed.toml.contains("# The striped bands, 7.0 to 9.8 m"));
    assert!(composed.toml.contains("grace_s = 0.5"));
    assert_eq!(as_written(&composed.toml), Some(site));
}

#[test]
fn a_site_without_a_text_before_is_sound_too() {
    let composed = compose(&object(), None).expect("a text");
    assert!(composed.checked.ok, "{:?}\n{}", composed.checked.errors, composed.toml);
    assert_eq!(as_written(&composed.toml), Some(object()));
}

#[test]
fn lanes_are_added_moved_and_removed() {
    let mut site = object();
    let lanes = site["lane"].as_array_mut().expect("lanes");
    let mut added = lanes[0].clone();
    added["id"] = json!("Nin_3");
    added["centreline_m"] = json!([[212.0, 440.0], [212.0, 230.4]]);
    lanes.push(added);
    lanes[1]["width_m"] = json!(3.4);
    let composed = compose(&site, Some(EXAMPLE)).expect("a text");
    assert!(composed.checked.ok, "{:?}", composed.checked.errors);
    let file = as_written(&composed.toml).expect("it is TOML");
    assert_eq!(file["lane"].as_array().map(Vec::len), Some(17));
    assert_eq!(file["lane"][1]["width_m"], json!(3.4));
    assert_eq!(file["lane"][16]["id"], json!("Nin_3"));
    let mut less = object();
    less["no_stopping_zone"] = json!([]);
    less["rules"].as_object_mut().expect("rules").remove("no_stopping");
    let composed = compose(&less, Some(EXAMPLE)).expect("a text");
    assert!(composed.checked.ok, "{:?}", composed.checked.errors);
    assert!(!composed.toml.contains("no_stopping"));
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let mut site = object();
    site["stop_line"][0]["signal_group"] = json!("X");
    let composed = compose(&site, Some(EXAMPLE)).expect("a text");
    let error = composed.checked.errors.first().expect("a finding");
    assert!(!composed.checked.ok && error.line.is_some() && error.key.contains("signal_group"));
    insta::assert_snapshot!(format!("{}: {}\n{}", error.key, error.message,
        error.hint.clone().unwrap_or_default()), @r#"
    stop_line.Nin.signal_group: there is no signal group `X`
    there is: N, E, S, W, pN, pE, pS, pW
    "#);
}

#[test]
fn what_is_no_site_file_is_refused() {
    let mut deep = json!(1);
    for _ in 0..40 {
        deep = json!([deep]);
    }
    let refusals = [
        compose(&json!([]), None),
        compose(&json!({ "lane": [{ "id": "a" }, 3] }), None),
        compose(&json!({ "lane": deep }), None),
    ];
    let said: Vec<String> =
        refusals.into_iter().map(|refused| refused.expect_err("no text").to_string()).collect();
    insta::assert_snapshot!(said.join("\n"), @r#"
    a site file is an object with `schema`, `site`, `camera` and the others
    `lane` mixes objects with other values
    it is nested deeper than 12 levels
    "#);
}

struct Place {
    _folder: tempfile::TempDir,
    file: PathBuf,
    shelf: Shelf,
}

fn place(text: &str) -> Place {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("site.toml");
    fs::write(&file, text).expect("a file");
    let files = BTreeMap::from([("junction".to_owned(), file.clone())]);
    let shelf = Shelf::new(files, Some(folder.path().to_owned()));
    Place { _folder: folder, file, shelf }
}

#[test]
fn a_saved_file_is_whole_and_the_one_before_stays_beside() {
    let place = place(EXAMPLE);
    let stored = place.shelf.read("junction").expect("a file");
    let changed = stored.toml.replace("grace_s = 0.3\nenter", "grace_s = 0.4\nenter");
    let saved = place.shelf.save("junction", &changed, &stored.sha256).expect("saved");
    assert!(saved.checked.ok);
    assert_eq!(fs::read_to_string(&place.file).expect("the file"), changed);
    let previous = place.file.with_extension("toml.previous");
    assert_eq!(fs::read_to_string(previous).expect("the one before"), EXAMPLE);
    // Whoever still has the old text does not overwrite the new one.
    let late = place.shelf.save("junction", EXAMPLE, &stored.sha256);
    assert!(matches!(late, Err(ShelfError::Changed)));
}

#[test]
fn a_text_that_is_not_sound_is_not_saved() {
    let place = place(EXAMPLE);
    let stored = place.shelf.read("junction").expect("a file");
    let saved = place.shelf.save("junction", "schema = 1", &stored.sha256).expect("looked at");
    assert!(!saved.checked.ok && !saved.checked.errors.is_empty());
    assert_eq!(fs::read_to_string(&place.file).expect("the file"), EXAMPLE);
}

#[test]
fn secrets_and_files_of_the_machine_are_not_set_from_a_browser() {
    const RTSP: &str = "[camera.rtsp]\nurl = \"rtsp://camera.invalid/1\"\nuser = \"w\"\n";
    let with = |more: &str| {
        EXAMPLE.replace("[camera.calibration]", &format!("{more}\n[camera.calibration]"))
    };
    let known = with(&format!("{RTSP}password_file = \"/run/secrets/camera\"\n"));
    let place = place(&known);
    let sha256 = place.shelf.read("junction").expect("a file").sha256;
    let tries = [
        known.replace("/run/secrets/camera", "/etc/shadow"),
        known.replace("camera.invalid", "elsewhere.invalid"),
        known.replace("password_file", "password_env").replace("/run/secrets/camera", "HOME"),
        known.replace("clip.mp4", "../../etc/passwd"),
        known.replace("clip.mp4", "/dev/sda"),
        known.replace("log = \"signals.csv\"", "log = \"../signals.csv\""),
    ];
    let said: Vec<String> = tries
        .iter()
        .map(|text| match place.shelf.save("junction", text, &sha256) {
            Err(error) => error.to_string(),
            Ok(saved) => format!("{saved:?}"),
        })
        .collect();
    insta::assert_snapshot!(said.join("\n"), @r#"
    `password_file` of camera `north` cannot be set from here: it names a secret or a file of the machine
      hint: whoever runs the machine sets it in the file itself
    `url` of camera `north` cannot be set from here: the camera has a password, which would go elsewhere; give it again for this address
      hint: whoever runs the machine sets it in the file itself
    `password_env` of camera `north` cannot be set from here: it names a secret or a file of the machine
      hint: whoever runs the machine sets it in the file itself
    `source` of camera `north` cannot be set from here: it leaves the folder of the site file
      hint: whoever runs the machine sets it in the file itself
    `source` of camera `north` cannot be set from here: it leaves the folder of the site file
      hint: whoever runs the machine sets it in the file itself
    `signals.log` of camera `-` cannot be set from here: it leaves the folder of the site file
      hint: whoever runs the machine sets it in the file itself
    "#);
    assert_eq!(fs::read_to_string(&place.file).expect("the file"), known);
    // What stands there already may stay, while something else changes.
    let other = known.replace("Example junction", "Another name");
    assert!(place.shelf.save("junction", &other, &sha256).expect("saved").checked.ok);
}

#[test]
fn new_sites_come_into_the_folder_once() {
    let place = place(EXAMPLE);
    let text = EXAMPLE.replace("id = \"junction\"", "id = \"second\"");
    assert!(place.shelf.create(&text).expect("made").checked.ok);
    assert!(matches!(place.shelf.create(&text), Err(ShelfError::Exists(_))));
    assert!(place.file.with_file_name("second.toml").is_file());
    assert_eq!(place.shelf.list().len(), 2);
    let outside = EXAMPLE.replace("id = \"junction\"", "id = \"../x\"");
    assert!(!place.shelf.create(&outside).expect("looked at").checked.ok);
}
