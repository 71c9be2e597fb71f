//! What a replay of the console was made with: the site file and its signal log, kept beside the results, so that they
//! mean the same tomorrow.

use std::path::{Path, PathBuf};

use wayside_workbench::engine::ReplayOrder;

use crate::replay::inputs;

/// Names in a job's folder.
const SITE: &str = "site.toml";
const SIGNALS: [&str; 2] = ["signals.csv", "signals.jsonl"];

/// Site file and signal log of a replay.
pub(super) struct Kept {
    pub(super) site_file: PathBuf,
    pub(super) signals: Option<PathBuf>,
}

/// Writes them into the job's folder.
pub(super) fn keep(order: &ReplayOrder) -> Result<Kept, String> {
    let said = |error: &dyn std::fmt::Display| format!("the site file cannot be used: {error}");
    let mut text = match (&order.draft, &order.site_file) {
        (Some(text), _) => text.clone(),
        (None, Some(file)) => std::fs::read_to_string(file).map_err(|error| said(&error))?,
        (None, None) => return Err("there is no site file".to_owned()),
    };
    if let Some(start) = &order.start {
        text = beginning(&text, start)?;
    }
    std::fs::create_dir_all(&order.folder).map_err(|error| said(&error))?;
    let site_file = order.folder.join(SITE);
    std::fs::write(&site_file, &text).map_err(|error| said(&error))?;
    let document: toml_edit::DocumentMut = text.parse().map_err(|error| said(&error))?;
    let log = document.get("signals").and_then(|signals| signals.get("log"));
    let Some(log) = log.and_then(toml_edit::Item::as_str) else {
        return Ok(Kept { site_file, signals: None });
    };
    let log = Path::new(log);
    let beside =
        order.site_file.as_deref().map(|file| inputs::beside(file, &log.to_string_lossy()));
    let from = beside.filter(|path| path.is_file()).ok_or_else(|| {
        format!(
            "the signal log {} is not beside the site file\n  hint: bring it in Calibrate, under signals and rules",
            log.display()
        )
    })?;
    let lines = log.extension().is_some_and(|end| end != "csv");
    let [csv, jsonl] = SIGNALS;
    let signals = order.folder.join(if lines { jsonl } else { csv });
    std::fs::copy(from, &signals)
        .map_err(|error| format!("the signal log cannot be kept: {error}"))?;
    Ok(Kept { site_file, signals: Some(signals) })
}

/// Those of a job's folder.
pub(super) fn of(folder: &Path) -> Kept {
    let signals = SIGNALS.iter().map(|name| folder.join(name)).find(|path| path.is_file());
    Kept { site_file: folder.join(SITE), signals }
}

/// The text of a site file with another beginning of its recordings.
pub(super) fn beginning(text: &str, start: &str) -> Result<String, String> {
    let parsed = text.parse::<toml_edit::DocumentMut>();
    let mut document = parsed.map_err(|error| format!("the site file cannot be used: {error}"))?;
    let head = document.get_mut("site").and_then(toml_edit::Item::as_table_like_mut);
    if let Some(head) = head
        && head.get("start").and_then(toml_edit::Item::as_str) != Some(start)
    {
        head.insert("start", toml_edit::value(start));
    }
    Ok(document.to_string())
}
