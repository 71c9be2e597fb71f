//! `wayside camera`.

use std::io::Write;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::mpsc::channel;

use clap::Args;
use wayside_camera::{
    CameraError, Credentials, EventSink, Options, ScheduledFault, Server, TlsFiles, parse_faults,
};
use wayside_proto::EventTime;

use crate::failure::Failure;
use crate::replay::inputs;

/// `wayside camera`.
#[derive(Debug, Clone, Args)]
#[command(after_help = CAMERA_HELP)]
pub struct CameraArgs {
    /// The clip: MP4, MOV or MKV with H.264, H.265 or Motion JPEG; served as it is, in a loop.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// TCP port; 0 picks a free one.
    #[arg(long, value_name = "N", default_value_t = 8554)]
    pub port: u16,
    /// Address to listen on; only this machine can reach the usual one, 0.0.0.0 is every address.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub bind: IpAddr,
    /// Capture time of the first frame (RFC 3339), for sender reports. Where absent, the instant at
    /// which a client's stream begins.
    #[arg(long, value_name = "TIME", value_parser = EventTime::parse)]
    pub start: Option<EventTime>,
    /// Who may watch; anybody where absent.
    #[arg(long, value_name = "NAME", requires = "password_env")]
    pub user: Option<String>,
    /// Environment variable that holds the user's password.
    #[arg(long, value_name = "VAR", requires = "user")]
    pub password_env: Option<String>,
    /// Certificate chain (PEM); the camera then speaks rtsps.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Private key of the certificate (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Send no RTCP sender reports, as cameras without a clock.
    #[arg(long)]
    pub no_sender_reports: bool,
    /// Faults and their times (TOML).
    #[arg(long, value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// Print the line that says it is ready as one JSON object.
    #[arg(long)]
    pub json: bool,
}

const CAMERA_HELP: &str = "Every client gets a stream of its own that begins with the clip's first frame. \
The first line on standard output says that the camera is ready, and its URL; clients and faults are told on \
standard error. Ctrl-C ends it.

A fault file has one table for each fault:
  [[fault]]
  at_s = 10.0      # seconds since the camera's start
  kind = \"stop\"
  for_s = 5.0      # seconds; until the end where absent

Kinds, and what else they take:
  stop        the camera goes away: clients closed, port not bound
  hang        connections stay open, nothing is sent or answered; then the backlog comes at once
  garbage     the payload of RTP packets is noise (seed)
  clock_jump  sender reports say another time (jump_s)
  frame_loss  RTP packets are lost (share, seed)
  half_open   open connections are forgotten for good; new ones are answered when the fault is over
  switch      the camera restarts with another clip (file)
  resolution  the camera restarts with its clip in another size, encoded anew (width_px, height_px)

Exit codes: 0 ended by Ctrl-C or SIGTERM; 1 the port or the system refused; 3 an input was refused.";

/// Serves until somebody has enough.
pub fn run(args: &CameraArgs) -> Result<(), Failure> {
    let (enough, wait) = channel();
    ctrlc::set_handler(move || {
        let _ = enough.send(());
    })
    .map_err(|error| Failure::failed(format!("Ctrl-C cannot be caught: {error}")))?;
    let server = Server::start(options(args)?).map_err(failure)?;
    println!("{}", if args.json { json(args, &server) } else { text(args, &server) });
    std::io::stdout()
        .flush()
        .map_err(|error| Failure::failed(format!("standard output is closed: {error}")))?;
    let _ = wait.recv();
    drop(server);
    Ok(())
}

fn options(args: &CameraArgs) -> Result<Options, Failure> {
    let credentials = match (&args.user, &args.password_env) {
        (Some(user), Some(variable)) => Some(credentials(user, variable)?),
        _ => None,
    };
    let tls = args.tls_cert.clone().zip(args.tls_key.clone());
    Ok(Options {
        bind: args.bind,
        port: args.port,
        start: args.start,
        credentials,
        tls: tls.map(|(cert, key)| TlsFiles { cert, key }),
        sender_reports: !args.no_sender_reports,
        faults: faults(args)?,
        events: Some(EventSink::new(|event| eprintln!("{event}"))),
        ..Options::new(&args.file)
    })
}

/// The password comes from the environment, since others can read the command line.
fn credentials(user: &str, variable: &str) -> Result<Credentials, Failure> {
    let password = std::env::var(variable).map_err(|error| {
        Failure::input(format!(
            "the environment variable {variable} holds no password: {error}\n  hint: export it first; \
             --password-env takes the variable's name, never the password"
        ))
    })?;
    Ok(Credentials { user: user.to_owned(), password })
}

fn faults(args: &CameraArgs) -> Result<Vec<ScheduledFault>, Failure> {
    let Some(path) = &args.faults else { return Ok(Vec::new()) };
    let text = inputs::text(path)?;
    parse_faults(path, &text.text).map_err(Failure::input)
}

fn failure(error: CameraError) -> Failure {
    match error {
        CameraError::Bind { .. }
        | CameraError::System { .. }
        | CameraError::Library { .. }
        | CameraError::MissingElement { .. }
        | CameraError::Ended => Failure::failed(error),
        _ => Failure::input(error),
    }
}

fn text(args: &CameraArgs, server: &Server) -> String {
    let clip = server.clip();
    let address = server.address();
    let whom = match address.ip() {
        ip if ip.is_loopback() => "for this machine alone".to_owned(),
        ip if ip.is_unspecified() => format!("on every address, port {}", address.port()),
        ip => format!("on {ip} alone"),
    };
    format!(
        "{} serves {} ({}, {}x{}, {:.2} frames/s, {:.2} s, in a loop) {whom}",
        server.url(),
        args.file.display(),
        clip.codec,
        clip.width_px,
        clip.height_px,
        clip.fps(),
        clip.period.as_secs_f64()
    )
}

fn json(args: &CameraArgs, server: &Server) -> String {
    let clip = server.clip();
    serde_json::json!({
        "url": server.url(), "address": server.address().ip(), "port": server.port(),
        "file": args.file.display().to_string(), "codec": clip.codec,
        "width_px": clip.width_px, "height_px": clip.height_px,
        "fps": clip.fps(), "frames": clip.frames, "period_s": clip.period.as_secs_f64(),
    })
    .to_string()
}
