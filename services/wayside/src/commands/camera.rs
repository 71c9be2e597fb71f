//! `wayside camera`.

use std::io::Write;
use std::sync::mpsc::channel;

use wayside_camera::{
    CameraError, Credentials, EventSink, Options, ScheduledFault, Server, TlsFiles, parse_faults,
};

use crate::cli::CameraArgs;
use crate::failure::Failure;
use crate::replay::inputs;

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
