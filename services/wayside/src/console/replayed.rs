//! A replay that was ordered in the console: `wayside replay` as a process of its own, so that a recording
//! that breaks a decoder, or takes all memory, takes nothing else with it.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde::Deserialize;
use wayside_proto::RoadUserClass;
use wayside_proto::json::{OutcomeLine, parse_lines};
use wayside_workbench::engine::{FoundEvent, FoundQuantity, Outcome, ReplayOrder, Watched};

use super::kept::{self, Kept};
use crate::cli::ModelArgs;

/// How often it is looked after.
const LOOK: Duration = Duration::from_millis(200);
/// Bytes of what it says that are kept: the last ones hold the error.
const SAID_BYTES_MAX: usize = 16 * 1024;
/// Bytes of violations or voids that are read.
const LINES_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A line of `--progress-lines`.
#[derive(Deserialize)]
struct Line {
    done: u64,
    total: Option<u64>,
}

/// What of `--json` is shown.
#[derive(Default, Deserialize)]
struct Summary {
    frames: Option<u64>,
    /// Why the result must not be relied on.
    unfit: Option<String>,
    #[serde(default)]
    warnings: Vec<String>,
}

/// Replays, and reads what came of it.
pub(super) fn replay(
    order: &ReplayOrder,
    models: &ModelArgs,
    watched: &Watched,
) -> Result<Outcome, String> {
    let program = std::env::current_exe()
        .map_err(|error| format!("the program does not find itself: {error}"))?;
    let Kept { site_file, signals } = kept::keep(order)?;
    let out = order.folder.join("out");
    let mut command = Command::new(program);
    command.arg("replay").arg(site_file).arg("--out").arg(&out);
    if let Some(signals) = signals {
        command.arg("--signals").arg(signals);
    }
    command.arg("--video").arg(&order.recording).args(["--json", "--progress-lines"]);
    if let Some(camera) = &order.camera {
        command.args(["--camera", camera]);
    }
    let paths: [(&str, Option<&PathBuf>); 2] = [
        ("--models-dir", models.models_dir.as_ref()),
        ("--onnxruntime", models.onnxruntime.as_ref()),
    ];
    for (name, path) in paths {
        if let Some(path) = path {
            command.arg(name).arg(path);
        }
    }
    if let Some(model) = &models.model {
        command.args(["--model", model]);
    }
    command.args(["--provider", &models.provider]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child =
        command.spawn().map_err(|error| format!("the replay cannot be started: {error}"))?;
    let (status, said, summary) = std::thread::scope(|scope| {
        let (errors, output) = (child.stderr.take(), child.stdout.take());
        let reading = scope.spawn(|| errors.map(|errors| listen(errors, watched)));
        let counting = scope.spawn(|| output.map(summary));
        let status = wait(&mut child, watched);
        let said = reading.join().ok().flatten().unwrap_or_default();
        (status, said, counting.join().ok().flatten().unwrap_or_default())
    });
    let status = status?;
    if watched.is_cancelled() {
        return Err("it was cancelled".to_owned());
    }
    if !status.success() {
        return Err(if said.is_empty() { format!("the replay ended with {status}") } else { said });
    }
    let Summary { frames, unfit, mut warnings } = summary;
    warnings.extend(unfit);
    Ok(Outcome::Replay {
        violations: events(&out.join("violations.jsonl"), "violation")?,
        voids: events(&out.join("voids.jsonl"), "void")?,
        files: Vec::new(),
        frames,
        warnings,
    })
}

/// What it prints at its end; empty where it cannot be read.
fn summary(output: impl std::io::Read) -> Summary {
    let mut bytes = Vec::new();
    // What is cut off is no summary; the pipe is read to its end all the same, so that nobody waits.
    let mut output = output;
    let _ = (&mut output).take(LINES_BYTES_MAX).read_to_end(&mut bytes);
    let _ = std::io::copy(&mut output, &mut std::io::sink());
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// Takes its progress, and keeps the end of what else it says.
fn listen(errors: impl std::io::Read, watched: &Watched) -> String {
    let mut said = String::new();
    // A line that never ends would be taken whole.
    for line in BufReader::new(errors).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        match serde_json::from_str::<Line>(&line) {
            Ok(Line { done, total: Some(total) }) if total > 0 => {
                watched.at(done as f64 / total as f64);
            }
            Ok(_) => {}
            Err(_) => {
                said.push_str(&line);
                said.push('\n');
                let over = said.len().saturating_sub(SAID_BYTES_MAX);
                if let Some(at) =
                    (over..said.len()).find(|at| said.is_char_boundary(*at)).filter(|_| over > 0)
                {
                    said.drain(..at);
                }
            }
        }
    }
    said.trim().to_owned()
}

fn wait(child: &mut Child, watched: &Watched) -> Result<std::process::ExitStatus, String> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if watched.is_cancelled() => {
                // It may have ended in this very moment.
                let _ = child.kill();
                return child.wait().map_err(|error| error.to_string());
            }
            Ok(None) => std::thread::sleep(LOOK),
            Err(error) => return Err(format!("the replay cannot be looked after: {error}")),
        }
    }
}

fn events(file: &Path, kind: &str) -> Result<Vec<FoundEvent>, String> {
    let unreadable =
        |error: &dyn std::fmt::Display| format!("the replay's results cannot be read: {error}");
    let open = std::fs::File::open(file).map_err(|error| unreadable(&error))?;
    let mut text = String::new();
    open.take(LINES_BYTES_MAX).read_to_string(&mut text).map_err(|error| unreadable(&error))?;
    let lines = parse_lines(&text).map_err(|error| unreadable(&error))?;
    Ok(lines.iter().map(|line| found(line, kind)).collect())
}

/// An outcome as the workbench shows it.
pub(super) fn found(line: &OutcomeLine, kind: &str) -> FoundEvent {
    let quantities = line.quantities.iter().map(|quantity| FoundQuantity {
        name: quantity.name.clone(),
        value: quantity.value,
        low: quantity.low,
        high: quantity.high,
        unit: quantity.unit.clone(),
    });
    FoundEvent {
        id: line.id.clone(),
        kind: kind.to_owned(),
        rule: line.rule.clone(),
        site: line.site.clone(),
        camera: line.camera.clone(),
        track: Some(line.track),
        time: line.event_time.to_string(),
        vehicle_class: Some(RoadUserClass::from(line.class).as_str().to_owned()),
        lane: line.lane.clone(),
        place: Some(line.place.clone()),
        cause: line.void.as_ref().map(|void| void.cause.as_str().to_owned()),
        detail: line.void.as_ref().map(|void| void.detail.clone()),
        quantities: quantities.collect(),
    }
}
