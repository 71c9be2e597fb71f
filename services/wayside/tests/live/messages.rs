//! What `run` and `ingest` say when they cannot begin.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use wayside_bus::{Log, LogOptions};

use crate::common::{plain, run, sites};
use crate::site::{self, Pole};
use crate::worker::command;

/// A folder with a site of one camera that nobody serves.
fn ready() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    site::write(dir.path(), &[pole()]);
    dir
}

fn pole() -> Pole {
    Pole::new("pole", "rtsp://127.0.0.1:9/camera")
}

/// Exit code and message of a start that is refused. What is logged before is left aside.
#[track_caller]
fn refused(dir: &Path, command: Command) -> String {
    let ran = run(command);
    assert_eq!(ran.stdout, "");
    let at = ran.stderr.find("error: ").unwrap_or_else(|| panic!("no error: {ran:?}"));
    format!("{:?}\n{}", ran.code, plain(&ran.stderr[at..], dir))
}

#[test]
fn no_camera_has_a_stream() {
    let dir = tempfile::tempdir().unwrap();
    sites::write(dir.path(), sites::SITE, sites::SIGNALS);
    for how in ["run", "ingest"] {
        insta::assert_snapshot!(
            "no_camera_has_a_stream",
            refused(dir.path(), command(how, dir.path()))
        );
    }
}

#[test]
fn another_process_has_the_data() {
    let dir = ready();
    let _held = Log::open(&dir.path().join("data"), LogOptions::default()).unwrap();
    let text = refused(dir.path(), command("run", dir.path()));
    insta::assert_snapshot!(text.replace(&std::process::id().to_string(), "PID"));
}

#[test]
fn the_data_folder_is_a_file() {
    let dir = ready();
    std::fs::write(dir.path().join("data"), "").unwrap();
    insta::assert_snapshot!(refused(dir.path(), command("run", dir.path())));
}

#[test]
fn the_port_is_in_use() {
    let dir = ready();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let mut command = crate::common::command(["ingest"]);
    command.arg(dir.path().join("site.toml")).arg("--data").arg(dir.path().join("data"));
    command.args(["--http", &address.to_string()]);
    let text = refused(dir.path(), command);
    insta::assert_snapshot!(text.replace(&address.port().to_string(), "PORT"));
}

#[test]
fn a_password_is_not_set() {
    let dir = tempfile::tempdir().unwrap();
    let account = "user = \"viewer\"\npassword_env = \"NO_SUCH_VARIABLE_IS_SET\"";
    site::write(dir.path(), &[pole().with(account)]);
    insta::assert_snapshot!("a_password_variable", refused(dir.path(), command("run", dir.path())));
    let account = "user = \"viewer\"\npassword_file = \"camera.password\"";
    site::write(dir.path(), &[pole().with(account)]);
    insta::assert_snapshot!("a_password_file", refused(dir.path(), command("run", dir.path())));
}

#[test]
fn a_model_is_missing() {
    let dir = ready();
    let mut command = command("run", dir.path());
    command.args(["--model", "no-such-model"]);
    insta::assert_snapshot!(refused(dir.path(), command));
}

#[test]
fn footage_is_mixed() {
    let dir = tempfile::tempdir().unwrap();
    let other = Pole::new("other", "rtsp://127.0.0.1:9/other");
    let text = site::text(&[pole(), other]);
    let text = text.replacen("width_px", "footage = \"real\"\nwidth_px", 1);
    sites::write(dir.path(), &text, sites::SIGNALS);
    insta::assert_snapshot!(refused(dir.path(), command("run", dir.path())));
}

#[test]
fn two_files_are_of_one_site() {
    let dir = ready();
    std::fs::copy(dir.path().join("site.toml"), dir.path().join("second.toml")).unwrap();
    let mut command = command("run", dir.path());
    command.arg(dir.path().join("second.toml"));
    insta::assert_snapshot!(refused(dir.path(), command));
}

#[test]
fn a_signal_log_is_missing() {
    let dir = ready();
    std::fs::remove_file(dir.path().join("signals.csv")).unwrap();
    insta::assert_snapshot!(refused(dir.path(), command("run", dir.path())));
}

#[test]
fn a_site_file_is_broken() {
    let dir = tempfile::tempdir().unwrap();
    site::write(dir.path(), &[Pole::new("pole", "rtsp://viewer:secret@127.0.0.1/camera")]);
    let text = refused(dir.path(), command("ingest", dir.path()));
    assert!(!text.contains("secret"), "{text}");
    insta::assert_snapshot!(text);
}
