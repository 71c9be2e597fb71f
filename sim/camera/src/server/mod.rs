//! The camera that runs: its handle, its threads, its sockets.

mod answers;
mod checks;
mod clients;
mod clips;
mod connection;
mod shared;
mod supervisor;
mod tls;
mod wire;

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::clip::Clip;
use crate::error::CameraError;
use crate::faults::Fault;
use crate::options::Options;
use checks::{bind_error, check, listen, sound};
use clips::Clips;
use shared::Shared;
use supervisor::{Command, Supervisor};

/// What a camera serves.
#[derive(Clone, Debug, PartialEq)]
pub struct ClipInfo {
    /// `H.264`, `H.265` or `Motion JPEG`.
    pub codec: &'static str,
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    /// Frames in one round.
    pub frames: usize,
    /// Length of one round: the last presentation time and one frame more.
    pub period: Duration,
    /// Presentation times in decode order, since the first frame.
    pub pts: Vec<Duration>,
}

impl ClipInfo {
    fn of(clip: &Clip) -> Self {
        Self {
            codec: clip.codec(),
            width_px: clip.width_px,
            height_px: clip.height_px,
            frames: clip.units.len(),
            period: Duration::from_nanos(clip.period_ns),
            pts: clip.units.iter().map(|unit| Duration::from_nanos(unit.pts_ns)).collect(),
        }
    }

    /// Mean frames a second.
    #[must_use]
    pub fn fps(&self) -> f64 {
        self.frames as f64 / self.period.as_secs_f64()
    }
}

/// A camera that serves a clip until it is dropped. Dropping it closes every connection and waits for
/// every thread.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    tls: bool,
    clip: ClipInfo,
    commands: Sender<Command>,
    wake: UnixStream,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Reads the clip (and those of its faults) and listens.
    ///
    /// # Errors
    /// Where a clip cannot be served, the port is taken, a TLS file is no use, or the system gives no
    /// thread.
    pub fn start(options: Options) -> Result<Self, CameraError> {
        check(&options)?;
        let tls = options.tls.as_ref().map(tls::config).transpose()?;
        let wanted = SocketAddr::new(options.bind, options.port);
        // Before the clip, which may take long: a taken port is known at once.
        let listener = listen(wanted)?;
        let address = listener.local_addr().map_err(|error| bind_error(wanted, &error))?;
        let mut clips = Clips::new(options.clip.clone());
        let clip = clips.first()?;
        for scheduled in &options.faults {
            clips.of(&scheduled.fault.kind)?;
        }
        let info = ClipInfo::of(&clip);
        let system = |cause: std::io::Error| CameraError::System {
            what: "socket",
            cause: cause.to_string(),
        };
        let (wake, woken) = UnixStream::pair().map_err(system)?;
        wake.set_nonblocking(true).map_err(system)?;
        woken.set_nonblocking(true).map_err(system)?;
        let (commands, received) = channel();
        let is_tls = tls.is_some();
        let shared = Arc::new(Shared::new(&options, address, tls, clip));
        let supervisor = Supervisor::new(shared, listener, clips, options.faults, received, woken);
        let thread = std::thread::Builder::new()
            .name("wayside-camera".to_owned())
            .spawn(move || supervisor.run())
            .map_err(|cause| CameraError::System { what: "thread", cause: cause.to_string() })?;
        Ok(Self { address, tls: is_tls, clip: info, commands, wake, thread: Some(thread) })
    }

    /// Where to find it, without name and password: `rtsp://127.0.0.1:8554/camera`. A camera that
    /// listens on every address is named by the loopback one.
    #[must_use]
    pub fn url(&self) -> String {
        let host = match self.address.ip() {
            IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            address => address,
        };
        let scheme = if self.tls { "rtsps" } else { "rtsp" };
        format!("{scheme}://{}{PATH}", SocketAddr::new(host, self.address.port()))
    }

    /// The TCP port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The address it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it serves at first.
    #[must_use]
    pub fn clip(&self) -> &ClipInfo {
        &self.clip
    }

    /// Makes a fault now. It acts when this returns: after `stop`, `switch` and `resolution` the
    /// connections are closed. The last two first read the clip, if it is new, and nobody is let
    /// in meanwhile; clips of [`Options::faults`] are read at the start.
    ///
    /// # Errors
    /// Where the other clip cannot be served, or numbers are out of range.
    pub fn fault(&self, fault: Fault) -> Result<(), CameraError> {
        sound(&fault)?;
        let (done, answer) = channel();
        self.send(Command::Fault { fault, done })?;
        answer.recv().map_err(|_| CameraError::Ended)?
    }

    /// Ends every fault that acts, as if its time were over. A forgotten session stays forgotten.
    ///
    /// # Errors
    /// Where the server has ended.
    pub fn heal(&self) -> Result<(), CameraError> {
        let (done, answer) = channel();
        self.send(Command::Heal { done })?;
        answer.recv().map_err(|_| CameraError::Ended)
    }

    /// Number of open connections.
    ///
    /// # Errors
    /// Where the server has ended.
    pub fn clients(&self) -> Result<usize, CameraError> {
        let (done, answer) = channel();
        self.send(Command::Clients { done })?;
        answer.recv().map_err(|_| CameraError::Ended)
    }

    fn send(&self, command: Command) -> Result<(), CameraError> {
        self.commands.send(command).map_err(|_| CameraError::Ended)?;
        // A full pipe wakes as well.
        let _ = (&self.wake).write(&[0]);
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.send(Command::End);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The path of the one stream.
const PATH: &str = "/camera";
