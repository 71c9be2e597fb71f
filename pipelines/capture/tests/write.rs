//! Writing and reading back.

mod common;

use std::time::Duration;

use common::{assert_whole, frames, message, picture, steady};
use wayside_capture::{Mp4Writer, check_container};
use wayside_picture::Matrix;

fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

#[test]
fn what_is_written_is_read_back() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.mp4");
    let mut writer = Mp4Writer::create(&path, 160, 96, 25, 1).unwrap();
    for (n, time) in (0..).zip(steady(50)) {
        writer.write(&picture(n, 160, 96), ms(time)).unwrap();
    }
    assert!(!path.exists());
    writer.finish().unwrap();
    assert_whole(&frames(&path), &steady(50));
    assert_eq!(check_container(&path).unwrap(), None);
    let bytes = std::fs::read(&path).unwrap();
    let find = |kind: &[u8]| bytes.windows(4).position(|w| w == kind).unwrap();
    assert!(find(b"moov") < find(b"mdat"), "the index is not in front");
    let left: Vec<_> =
        std::fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["out.mp4"]);
}

#[test]
fn the_same_pictures_give_the_same_bytes_and_the_matrix_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str| {
        let path = dir.path().join(name);
        let mut writer = Mp4Writer::create(&path, 160, 96, 10, 1).unwrap();
        for n in 0..20 {
            let mut picture = picture(n, 160, 96);
            picture.matrix = Matrix::Bt709;
            writer.write(&picture, ms(100 * n)).unwrap();
        }
        writer.finish().unwrap();
        path
    };
    let (a, b) = (frames(&write("a.mp4")), frames(&write("b.mp4")));
    assert_eq!(a, b);
    assert_eq!(a[0].picture.matrix, Matrix::Bt709);
}

#[test]
fn a_writer_that_is_dropped_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = Mp4Writer::create(&dir.path().join("out.mp4"), 160, 96, 25, 1).unwrap();
    writer.write(&picture(0, 160, 96), ms(0)).unwrap();
    drop(writer);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn refusals() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let mut text = Vec::new();
    let mut note = |error| text.push(message(&error, dir.path()));
    note(Mp4Writer::create(&at("no/out.mp4"), 160, 96, 25, 1).err().unwrap());
    note(Mp4Writer::create(&at("out.mp4"), 161, 96, 25, 1).err().unwrap());
    let mut writer = Mp4Writer::create(&at("out.mp4"), 160, 96, 25, 1).unwrap();
    note(writer.write(&picture(0, 80, 96), ms(0)).unwrap_err());
    writer.write(&picture(0, 160, 96), ms(40)).unwrap();
    note(writer.write(&picture(0, 160, 96), ms(40)).unwrap_err());
    let idle = Mp4Writer::create(&at("idle.mp4"), 160, 96, 25, 1).unwrap();
    note(idle.finish().unwrap_err());
    insta::assert_snapshot!(text.join("\n"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_no_hang() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("out.mp4");
    std::os::unix::fs::symlink("/dev/full", dir.path().join("out.mp4.partial")).unwrap();
    let mut writer = Mp4Writer::create(&path, 160, 96, 25, 1).unwrap();
    let mut result = Ok(());
    for n in 0..200 {
        result = writer.write(&picture(n, 160, 96), ms(40 * n));
        if result.is_err() {
            break;
        }
    }
    let error = result.and_then(|()| writer.finish()).unwrap_err();
    insta::assert_snapshot!(message(&error, dir.path()));
    assert!(!path.exists());
}
