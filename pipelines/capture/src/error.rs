//! What can go wrong, in words for the person who has to mend it.

use std::path::PathBuf;
use std::time::Duration;

/// Why footage could not be read or written.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CaptureError {
    /// Nothing at this path.
    #[error("{}: no such file or folder. Check the path.", path.display())]
    NotFound {
        /// What was asked for.
        path: PathBuf,
    },
    /// A file of zero bytes.
    #[error("{}: the file is empty (0 bytes). The recording or the copy failed; fetch it again.", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The path, pattern or rate makes no sense.
    #[error("{}: {cause}. {hint}", path.display())]
    BadSource {
        /// The source as given.
        path: PathBuf,
        /// What is wrong.
        cause: String,
        /// What to do.
        hint: String,
    },
    /// No picture in a folder or behind a pattern.
    #[error("{}: no JPEG or PNG image here. A sequence is a folder, a pattern such as frame_%05d.jpg, or a glob such as *.png.", path.display())]
    NoImages {
        /// The folder, pattern or glob.
        path: PathBuf,
    },
    /// Something that is no video at all.
    #[error("{}: not a video ({cause}). Give an MP4, MKV, AVI or MOV file, or an image sequence.", path.display())]
    NotVideo {
        /// The file.
        path: PathBuf,
        /// What it is, or why it was not recognised.
        cause: String,
    },
    /// Sound without pictures.
    #[error("{}: no video stream, only audio ({streams}). Export the recording with its pictures.", path.display())]
    AudioOnly {
        /// The file.
        path: PathBuf,
        /// The streams found.
        streams: String,
    },
    /// A codec that no installed element decodes.
    #[error("{}: the video is {codec}, and no decoder for it is installed. {hint}", path.display())]
    NoDecoder {
        /// The file.
        path: PathBuf,
        /// The codec's name.
        codec: String,
        /// Which element and package to install.
        hint: String,
    },
    /// GStreamer itself, or an element that Wayside always needs, is missing.
    #[error(
        "the GStreamer element `{element}` ({purpose}) is missing. Install the Debian package {package}; `wayside doctor` lists all."
    )]
    MissingElement {
        /// Name of the element.
        element: String,
        /// What it is for.
        purpose: &'static str,
        /// Debian package.
        package: &'static str,
    },
    /// The file cannot be opened as a video although it is one.
    #[error("{}: {cause}. {hint}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
        /// What to do.
        hint: String,
    },
    /// Frames that could not be decoded. Unless `fatal`, reading goes on with the next good frame.
    #[error(
        "{}: frame {frame} at {} could not be decoded: {cause}. {hint}",
        path.display(), seconds(*time)
    )]
    Undecodable {
        /// The file or sequence.
        path: PathBuf,
        /// Number of the first frame that is missing.
        frame: u64,
        /// Its time since the first frame.
        time: Duration,
        /// Time of the last frame that is missing, where it is known.
        until: Option<Duration>,
        /// Why.
        cause: String,
        /// What it means, and what to do.
        hint: String,
        /// Whether no frame follows.
        fatal: bool,
    },
    /// No frame and no error for too long.
    #[error(
        "{}: no frame within {} after frame {frame} at {}. The disk or a decoder hangs; copy the file to a local disk, or raise the stall timeout.",
        path.display(), seconds(*waited), seconds(*time)
    )]
    Stalled {
        /// The file or sequence.
        path: PathBuf,
        /// Number of the frame that was waited for.
        frame: u64,
        /// Time of the last frame.
        time: Duration,
        /// How long it was waited.
        waited: Duration,
    },
    /// The pictures change their size on the way.
    #[error(
        "{}: the picture changes from {}x{} to {}x{} at frame {frame} ({}). One calibration holds for one size: split the recording there.",
        path.display(), from.0, from.1, to.0, to.1, seconds(*time)
    )]
    SizeChanged {
        /// The file or sequence.
        path: PathBuf,
        /// First frame of the new size.
        frame: u64,
        /// Its time.
        time: Duration,
        /// Old width and height, pixels.
        from: (u32, u32),
        /// New width and height, pixels.
        to: (u32, u32),
    },
    /// The pictures do not have the size of the calibration.
    #[error(
        "the video is {}x{} (aspect {:.3}), the calibration is for {}x{} (aspect {:.3}). {hint}",
        found.0, found.1, aspect(*found), expected.0, expected.1, aspect(*expected)
    )]
    SizeMismatch {
        /// Width and height of the calibration, pixels.
        expected: (u32, u32),
        /// Width and height of the video, pixels.
        found: (u32, u32),
        /// What to do.
        hint: String,
    },
    /// The address of a live camera makes no sense.
    #[error("{url}: {cause}. {hint}")]
    BadCamera {
        /// The address, without user and password.
        url: String,
        /// What is wrong.
        cause: String,
        /// What to do.
        hint: String,
    },
    /// A video could not be written.
    #[error("{}: the video could not be written: {cause}. {hint}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: String,
        /// What to do.
        hint: String,
    },
    /// GStreamer cannot be started, or refuses a request that should always work.
    #[error("GStreamer: {cause}. `wayside doctor` checks the installation.")]
    Library {
        /// What it said.
        cause: String,
    },
}

impl CaptureError {
    /// Whether [`crate::Reader::next`] may be called again and goes on after the damage.
    #[must_use]
    pub fn is_recoverable(&self) -> bool {
        matches!(self, Self::Undecodable { fatal: false, .. })
    }
}

/// Time for a person: seconds with milliseconds.
#[must_use]
pub fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}

fn aspect(size: (u32, u32)) -> f64 {
    f64::from(size.0) / f64::from(size.1.max(1))
}
