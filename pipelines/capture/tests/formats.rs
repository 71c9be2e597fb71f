//! Every format that is promised, with frames that tell their own number.

mod common;

use common::{assert_whole, encode, ffmpeg, frames, has, open, read_all, steady};
use wayside_capture::{CaptureError, Reader, ReaderOptions, Rotation, Source};
use wayside_picture::Matrix;

const H264: &str = "openh264enc gop-size=10 ! h264parse";

#[test]
fn h264_in_mp4() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clip.mp4");
    encode(&path, &format!("{H264} ! mp4mux"), &steady(30));
    let mut reader = open(&path).unwrap();
    let info = reader.info().clone();
    assert_eq!((info.width, info.height), (common::WIDTH, common::HEIGHT));
    assert_eq!((info.container.as_str(), info.codec.as_str()), ("MP4", "H.264"));
    assert_eq!((info.fps, info.frames_estimate), (Some(25.0), Some(30)));
    assert_eq!((info.matrix, info.rotation), (Matrix::Bt601, Rotation::None));
    assert_eq!(info.duration.unwrap().as_millis(), 1200);
    assert!(info.warnings().is_empty(), "{:?}", info.warnings());
    let frames: Vec<_> = read_all(&mut reader).into_iter().map(|item| item.unwrap()).collect();
    assert_whole(&frames, &steady(30));
    assert_eq!(reader.next(), Ok(None));
}

#[test]
fn h264_with_reordered_frames_and_an_edit_list() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clip.mp4");
    if ffmpeg(&path, &["-c:v", "libx264", "-bf", "3", "-g", "12"], 40) {
        assert_whole(&frames(&path), &steady(40));
    }
    // A cut at 0.4 s leaves frames in the file that must not be shown.
    let cut = dir.path().join("cut.mp4");
    let source = path.to_string_lossy().into_owned();
    let status = std::process::Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-ss", "0.6", "-i", &source, "-c", "copy"])
        .arg(&cut)
        .status();
    if !status.is_ok_and(|s| s.success()) {
        println!("skipped: no ffmpeg to cut with");
        return;
    }
    // GStreamer 1.22 leaves out the end of such a clip; then that is said.
    let mut reader = open(&cut).unwrap();
    let items = read_all(&mut reader);
    let good: Vec<_> = items.iter().flatten().collect();
    for (n, frame) in (15..).zip(&good) {
        assert!(common::number_near(&frame.picture, n), "frame {n}");
    }
    assert!(good.len() >= 20);
    if good.len() < 25 {
        let CaptureError::Undecodable { frame, cause, fatal, .. } =
            items.last().unwrap().as_ref().unwrap_err()
        else {
            panic!("{items:?}")
        };
        assert_eq!((*frame, *fatal), (good.len() as u64, true));
        assert!(cause.contains("cut without encoding"), "{cause}");
    } else {
        assert_eq!(items.len(), 25);
    }
}

#[test]
fn h265_in_mp4() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clip.mp4");
    if has("x265enc") {
        encode(&path, "x265enc speed-preset=ultrafast ! h265parse ! mp4mux", &steady(30));
    } else if !ffmpeg(&path, &["-c:v", "libx265", "-tag:v", "hvc1"], 30) {
        return;
    }
    assert_eq!(open(&path).unwrap().info().codec, "H.265");
    assert_whole(&frames(&path), &steady(30));
}

#[test]
fn motion_jpeg_in_three_containers() {
    let dir = tempfile::tempdir().unwrap();
    for (name, mux, container) in [
        ("clip.avi", "avimux", "AVI"),
        ("clip.mp4", "qtmux", "MP4"),
        ("clip.mkv", "matroskamux", "Matroska"),
    ] {
        let path = dir.path().join(name);
        encode(&path, &format!("jpegenc quality=90 ! {mux}"), &steady(20));
        let info = open(&path).unwrap().info().clone();
        assert_eq!((info.container.as_str(), info.codec.as_str()), (container, "Motion JPEG"));
        assert_whole(&frames(&path), &steady(20));
    }
}

#[test]
fn varying_frame_times_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clip.mkv");
    let times = [0, 40, 90, 300, 301, 1000, 1040];
    encode(&path, &format!("{H264} ! matroskamux"), &times);
    assert_whole(&frames(&path), &times);
}

#[test]
fn repeated_times_are_repaired_and_said() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clip.mkv");
    encode(&path, "jpegenc ! matroskamux", &[0, 40, 40, 80]);
    let mut reader = open(&path).unwrap();
    let frames: Vec<_> = read_all(&mut reader).into_iter().map(|item| item.unwrap()).collect();
    assert_eq!(frames.len(), 4);
    assert!(frames.windows(2).all(|w| w[0].pts < w[1].pts));
    assert_eq!((reader.pts_repaired(), frames[2].pts_repaired), (1, true));
}

#[test]
fn sound_beside_the_pictures_is_ignored() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clip.mkv");
    common::launch(&format!(
        "videotestsrc num-buffers=20 ! video/x-raw,width=160,height=96,framerate=25/1 ! jpegenc ! mux. \
         audiotestsrc num-buffers=200 ! vorbisenc ! mux. matroskamux name=mux ! filesink location={}",
        path.display()
    ));
    assert_eq!(frames(&path).len(), 20);
}

#[test]
fn threads_and_queue_do_not_change_the_frames() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clip.mp4");
    encode(&path, &format!("{H264} ! mp4mux"), &steady(40));
    let read = |decoder_threads, queue_frames_max| {
        let options = ReaderOptions { decoder_threads, queue_frames_max, ..Default::default() };
        read_all(&mut Reader::open(&Source::File(path.clone()), options).unwrap())
    };
    let one = read(1, 1);
    assert_eq!(one.len(), 40);
    assert_eq!(one, read(2, 8));
    assert_eq!(one, read(4, 2));
}

#[test]
fn a_turn_asked_of_players_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clip.mp4");
    encode(&path, &format!("{H264} ! mp4mux"), &steady(5));
    // The matrix of the track header says a quarter turn clockwise.
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.windows(4).position(|w| w == b"tkhd").unwrap() + 4 + 40;
    let matrix = [0, 1 << 16, 0, -(1 << 16), 0, 0, (common::HEIGHT << 16) as i32, 0, 1 << 30];
    bytes[at..at + 36].copy_from_slice(&matrix.map(i32::to_be_bytes).concat());
    std::fs::write(&path, bytes).unwrap();
    let reader = open(&path).unwrap();
    assert_eq!(reader.info().rotation, Rotation::Clockwise90);
    assert_eq!(reader.info().warnings().len(), 1);
    // As stored, not turned.
    assert_eq!(reader.info().width, common::WIDTH);
}

#[test]
fn other_chroma_formats_are_converted_the_same_each_time() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clip.mkv");
    encode(&path, "videoconvert ! video/x-raw,format=Y42B ! jpegenc ! matroskamux", &steady(10));
    let first = frames(&path);
    assert_whole(&first, &steady(10));
    assert_eq!(first, frames(&path));
}
