//! Turns pictures into detections with ONNX models.
//!
//! `runtime` opens the ONNX Runtime library, `manifest` says which models there are and what their
//! tensors mean, `store` finds a model's file or downloads it, `regions` derives from the site file
//! where in a picture to look, and [`Detector`] looks there and merges what it sees.
//! [`FaceDetector`] finds faces, only for them to be hidden. [`Embedder`] turns motor vehicles, and nothing else, into vectors that expire within minutes.
//! [`Outliner`] tells which pixels are a vehicle's, only for all others' to be hidden.
//! [`LineReader`] reads plates, only inside sealed evidence.
//!
//! Deliberately absent: decoding of video, batching across cameras, tracking, blurring, and any
//! model that computes a vector from a person or a face (PV-3). People are detected for two
//! purposes only: to be blurred and to be counted.

mod detector;
mod embedder;
mod error;
mod faces;
mod line;
pub mod manifest;
mod outline;
pub mod regions;
pub mod runtime;
pub mod store;
pub mod suppress;
mod tiny_onnx;

pub use detector::Detector;
pub use embedder::{Embedder, Embedding, Refused, Vehicle};
pub use error::{ErrorKind, InferenceError};
pub use faces::{Face, FaceDetector};
pub use line::{LINE_HEIGHT_PX, LINE_WIDTH_PX_MAX, LINES_MAX, Letter, LineReader};
pub use outline::{OutlineShares, Outliner};
pub use runtime::{Provider, RunOptions, Runtime};
