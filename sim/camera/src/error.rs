//! Why a camera cannot be, in words for the person who has to mend it.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::faults::FaultFileErrors;

/// Why a camera could not be started, or a fault not be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CameraError {
    /// The clip is not there, or cannot be read.
    #[error("{}: cannot be read: {cause}\n  hint: {hint}", path.display())]
    Unreadable {
        /// The clip.
        path: PathBuf,
        /// What the system said.
        cause: String,
        /// What to do.
        hint: &'static str,
    },
    /// The clip is no recording that GStreamer can take apart, or is damaged.
    #[error("{}: is not a recording that can be read: {cause}\n  hint: take an MP4, MOV or MKV file; `gst-discoverer-1.0 FILE` and `ffprobe FILE` say what a file is", path.display())]
    NotARecording {
        /// The clip.
        path: PathBuf,
        /// What GStreamer said.
        cause: String,
    },
    /// The clip has no video.
    #[error("{}: has no video, only {found}\n  hint: take a recording with a video stream", path.display())]
    NoVideo {
        /// The clip.
        path: PathBuf,
        /// The streams it has.
        found: String,
    },
    /// The clip's video is of a kind that is not served.
    #[error("{}: the video is {codec}, and only H.264, H.265 and Motion JPEG are passed through\n  hint: convert it first, for example `ffmpeg -i FILE -c:v libx264 OUT.mp4`", path.display())]
    UnsupportedCodec {
        /// The clip.
        path: PathBuf,
        /// GStreamer's name of the codec.
        codec: String,
    },
    /// The clip is Motion JPEG of a kind that RTP cannot carry.
    #[error("{}: its pictures have Huffman tables of their own, which RTP does not carry (RFC 2435)\n  hint: encode it with the usual ones, for example `ffmpeg -i FILE -c:v mjpeg -huffman default OUT.mov`", path.display())]
    SpecialJpeg {
        /// The clip.
        path: PathBuf,
    },
    /// The clip's video cannot be served from its beginning on.
    #[error("{}: {cause}\n  hint: record or convert it anew, so that it begins with a key frame and every frame has its time", path.display())]
    Unservable {
        /// The clip.
        path: PathBuf,
        /// What is wrong.
        cause: String,
    },
    /// The clip does not fit into the memory that a camera may take.
    #[error("{}: the video is larger than {max_mib} MiB, and a camera keeps its clip in memory\n  hint: cut a shorter piece, for example `ffmpeg -i FILE -t 300 -c copy OUT.mp4`", path.display())]
    TooLarge {
        /// The clip.
        path: PathBuf,
        /// The limit.
        max_mib: u64,
    },
    /// A GStreamer element is missing.
    #[error(
        "the GStreamer element `{element}` is missing\n  hint: install the Debian package {package}"
    )]
    MissingElement {
        /// Its name.
        element: String,
        /// Where it comes from.
        package: &'static str,
    },
    /// GStreamer refused something that it should not.
    #[error(
        "GStreamer does not do what it should: {cause}\n  hint: `wayside doctor` looks at the installation"
    )]
    Library {
        /// What.
        cause: String,
    },
    /// The port cannot be had.
    #[error("{address}: cannot listen there: {cause}\n  hint: {hint}")]
    Bind {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        cause: String,
        /// What to do.
        hint: &'static str,
    },
    /// A TLS file is no use.
    #[error("{}: {cause}\n  hint: {hint}", path.display())]
    Tls {
        /// Certificate or key.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
        /// What to do.
        hint: &'static str,
    },
    /// Options that make no sense.
    #[error("{cause}\n  hint: {hint}")]
    BadOptions {
        /// What is wrong.
        cause: String,
        /// What to do.
        hint: &'static str,
    },
    /// The fault file is wrong.
    #[error(transparent)]
    Faults(#[from] FaultFileErrors),
    /// The system gave no thread or socket.
    #[error("the system gives no {what}: {cause}\n  hint: look at `ulimit -n` and `ulimit -u`")]
    System {
        /// What was asked for.
        what: &'static str,
        /// What the system said.
        cause: String,
    },
    /// The server has ended.
    #[error("the camera has ended\n  hint: start it anew")]
    Ended,
}

impl CameraError {
    pub(crate) fn unreadable(path: &std::path::Path, cause: &std::io::Error) -> Self {
        let hint = match cause.kind() {
            std::io::ErrorKind::NotFound => "check the path",
            std::io::ErrorKind::IsADirectory => "name a file in it",
            _ => "check the file and its permissions",
        };
        Self::Unreadable { path: path.to_owned(), cause: cause.to_string(), hint }
    }
}
