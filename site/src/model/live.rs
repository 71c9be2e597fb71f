//! A live camera: where its stream is, whose clock it keeps, and what its picture is held against.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The live stream of a camera, for `wayside run` and `wayside ingest`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rtsp {
    /// Address, `rtsp://host:port/path`, or `rtsps://` for TLS. No user and no password in it.
    pub url: String,
    /// How pictures travel.
    #[serde(default)]
    pub transport: Transport,
    /// User name, where the camera asks for one.
    #[serde(default)]
    pub user: Option<String>,
    /// Environment variable of the worker that holds the password.
    #[serde(default)]
    pub password_env: Option<String>,
    /// File that holds the password, relative to the site file; its line end is cut off.
    #[serde(default)]
    pub password_file: Option<String>,
    /// Certificate (PEM) to trust besides the system's, for `rtsps://`; relative to the site file.
    #[serde(default)]
    pub tls_ca: Option<String>,
    /// How long packets wait for those that come late, milliseconds.
    #[serde(default = "jitter_ms")]
    pub jitter_ms: u32,
    /// A stream without a picture for this long has stalled and is opened anew, seconds.
    #[serde(default = "silence_s_max")]
    pub silence_s_max: f64,
    /// How far the camera's clock may be off before its rules stand down, milliseconds.
    #[serde(default = "clock_error_ms_max")]
    pub clock_error_ms_max: f64,
    /// What the camera's clock is compared with.
    #[serde(default)]
    pub clock_reference: ClockReference,
}

fn jitter_ms() -> u32 {
    200
}

fn silence_s_max() -> f64 {
    2.0
}

fn clock_error_ms_max() -> f64 {
    500.0
}

/// How pictures travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// Inside the RTSP connection: nothing is lost on the way.
    #[default]
    Tcp,
    /// In packets of their own: less delay, and lost packets are gaps.
    Udp,
}

/// What a camera's clock is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClockReference {
    /// The worker's clock: both are kept by NTP or PTP.
    #[default]
    Worker,
    /// The camera's own first report: only jumps and drift count. For cameras that replay recorded
    /// footage with its old time.
    FirstReport,
}

/// What the worker looks at besides road users.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WatchKeys {
    /// Picture of the empty road that was calibrated on (PNG or JPEG), relative to the site file. Where
    /// absent, the worker learns one from the first pictures after its start, and cannot know whether
    /// the camera was moved before.
    pub reference: Option<String>,
    /// A picture that has moved by more than this share of its width stands the rules down.
    pub moved_share_max: f64,
    /// Whether the detector rests while nothing moves.
    pub motion_gate: bool,
}

impl Default for WatchKeys {
    fn default() -> Self {
        Self { reference: None, moved_share_max: 0.006, motion_gate: true }
    }
}
