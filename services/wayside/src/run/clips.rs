//! Redacted clips and live pictures of the cameras at work: in this process for its own evidence, and over HTTP
//! where it is asked for.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use wayside_ingest::live::{Clips, Cutter, LivePictures, WorkerClock};
use wayside_ingest::serve::{ClipServer, TOKEN_CHARS_MIN, TlsFiles, Token};

use crate::commands::run::ClipArgs;
use crate::failure::Failure;
use crate::models::Models;

/// The variable with the token: never an argument, which every list of processes shows.
const VARIABLE: &str = "WAYSIDE_CLIPS_TOKEN";
/// Longest token file, bytes.
const FILE_BYTES_MAX: u64 = 4_096;

/// What makes clips, and what serves them.
pub(super) struct Serving {
    clips: Clips,
    server: Option<ClipServer>,
    url: Option<String>,
}

impl Serving {
    /// Starts redaction with detectors of its own, where `--clips` asks for it or this process itself does
    /// (`here`).
    pub(super) fn start(
        args: &ClipArgs,
        here: bool,
        models: &Models,
        (cutter, pictures): (Cutter, LivePictures),
        clock: WorkerClock,
    ) -> Result<Option<Self>, Failure> {
        if args.clips.is_none() && !here {
            return Ok(None);
        }
        let door = args.clips.map(|addr| door(args, addr)).transpose()?;
        let eyes = models.eyes()?;
        if !eyes.sees_faces() {
            tracing::info!(
                "the model centerface is not here: clips hide the windows of near vehicles as a whole; `wayside models pull centerface` gets it"
            );
        }
        let clips = Clips::start(eyes, cutter, clock).map_err(Failure::failed)?;
        let (mut server, mut url) = (None, None);
        if let Some((addr, token, tls)) = door {
            let maker = Arc::new(clips.clone());
            let started = ClipServer::start(addr, token, tls.as_ref(), maker, Some(pictures))
                .map_err(Failure::input)?;
            let known_by = args.clips_url.clone().unwrap_or_else(|| started.url());
            tracing::info!("redacted clips and live pictures on {} ({known_by})", started.addr());
            (server, url) = (Some(started), Some(known_by));
        }
        Ok(Some(Self { clips, server, url }))
    }

    /// The redaction, for evidence that is made in this process.
    pub(super) fn clips(&self) -> Clips {
        self.clips.clone()
    }

    /// Where clips are, for the health of cameras.
    pub(super) fn url(&self) -> Option<String> {
        self.url.clone()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Whoever waits hears of it while the server still answers.
        self.clips.stop();
        self.server = None;
    }
}

/// What it takes to serve others.
fn door(
    args: &ClipArgs,
    addr: SocketAddr,
) -> Result<(SocketAddr, Token, Option<TlsFiles>), Failure> {
    let token = token(args)?;
    if args.clips_url.is_none() && addr.ip().is_unspecified() {
        return Err(Failure::input(format!(
            "clips are to be served on {addr}, and others cannot know this worker by that address\n  hint: give the one they know it by with --clips-url"
        )));
    }
    let tls = match (&args.clips_tls_cert, &args.clips_tls_key) {
        (Some(certificate), Some(key)) => {
            Some(TlsFiles { certificate: certificate.clone(), key: key.clone() })
        }
        _ => None,
    };
    Ok((addr, token, tls))
}

/// The token from its file, or from the environment.
fn token(args: &ClipArgs) -> Result<Token, Failure> {
    let (text, place) = match (&args.clips_token_file, std::env::var(VARIABLE)) {
        (Some(path), _) => (read(path)?, path.display().to_string()),
        (None, Ok(text)) => (text, VARIABLE.to_owned()),
        (None, Err(_)) => {
            return Err(Failure::input(
                "clips are served only to who knows a token, and there is none\n  hint: name a file that holds it with --clips-token-file, or set WAYSIDE_CLIPS_TOKEN",
            ));
        }
    };
    Token::parse(&text).ok_or_else(|| {
        Failure::input(format!(
            "{place} holds no token of at least {TOKEN_CHARS_MIN} printable characters without spaces"
        ))
    })
}

fn read(path: &Path) -> Result<String, Failure> {
    let unreadable = |error: std::io::Error| Failure::unreadable(path, &error);
    if std::fs::metadata(path).map_err(unreadable)?.len() > FILE_BYTES_MAX {
        return Err(Failure::input(format!(
            "{} has more than {FILE_BYTES_MAX} bytes\n  hint: a token file holds the token and nothing else",
            path.display()
        )));
    }
    std::fs::read_to_string(path).map_err(unreadable)
}
