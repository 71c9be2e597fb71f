//! Lines of passages, travel times and receipts.
//!
//! A passage's embedding is never written as text: a line says only how many numbers it has.

use serde::{Deserialize, Serialize};

use super::LineError;
use super::parts::{GapLine, json, rounded};
use crate::{
    Deletion, EventTime, Hash32, Passage, PassageContent, Receipt, RoadUserClass, Spread,
    TravelTime,
};

/// The line of a passage, without a line break.
#[must_use]
pub fn passage_line(passage: &Passage) -> String {
    let line = PassageLine {
        id: passage.id().map(|id| id.to_string()),
        section: passage.section.as_str(),
        end: passage.end.as_str(),
        site: passage.site.as_str(),
        camera: passage.camera.as_str(),
        run: passage.run.as_str(),
        sequence: passage.sequence,
        time: passage.time.to_string(),
        clock_uncertainty_us: passage.clock_uncertainty_us,
        expires: passage.expires.to_string(),
        vehicle: passage.vehicle().map(|vehicle| VehicleLine {
            track: vehicle.track.0,
            class: RoadUserClass::from(vehicle.class).as_str(),
            class_confidence: rounded(f64::from(vehicle.class_confidence)),
            lane: vehicle.lane.as_deref(),
            time_uncertainty_us: vehicle.time_uncertainty_us,
            speed_ms: rounded(vehicle.speed_ms),
            speed_sigma_ms: rounded(vehicle.speed_sigma_ms),
            embedding_dimensions: vehicle.embedding.len(),
            looks: vehicle.looks,
        }),
        gap: match &passage.content {
            PassageContent::Gap(gap) => Some(GapLine::from(gap)),
            PassageContent::Vehicle(_) | PassageContent::Mark => None,
        },
    };
    json(&line)
}

/// The line of a travel time, without a line break.
#[must_use]
pub fn travel_time_line(time: &TravelTime) -> String {
    let abstained = time.abstained.iter().map(|(cause, count)| (cause.as_str(), *count));
    json(&TravelTimeLine {
        section: time.section.as_str(),
        time: time.time.to_string(),
        window_s: time.window_s,
        matched: time.matched,
        entered: time.entered,
        left: time.left,
        abstained: abstained.collect(),
        travel_time_s: time.travel_time_s.map(SpreadLine::from),
        mean_speed_ms: time.mean_speed_ms.map(SpreadLine::from),
    })
}

/// The line of a receipt, without a line break. [`parse_receipts`] reads it back.
#[must_use]
pub fn receipt_line(receipt: &Receipt) -> String {
    let deletion = &receipt.deletion;
    let (first, last) = deletion.span.unzip();
    json(&ReceiptLine {
        what: receipt.what.clone(),
        number: receipt.number,
        deleted: deletion.deleted,
        first: first.map(|time| time.to_string()),
        last: last.map(|time| time.to_string()),
        limit: deletion.limit.to_string(),
        when: deletion.when.to_string(),
        policy: deletion.policy.clone(),
        previous: receipt.previous.to_string(),
        hash: receipt.hash.to_string(),
    })
}

/// Every receipt in `text`, one a line; empty lines are skipped. Whether their hashes hold is what
/// [`verify_chain`](crate::verify_chain) says.
///
/// # Errors
/// At the first line that is no receipt.
pub fn parse_receipts(text: &str) -> Result<Vec<Receipt>, LineError> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| {
            receipt(line).map_err(|problem| LineError {
                line: index + 1,
                problem,
                hint: "each line is one receipt, as `wayside receipts list` writes it".to_owned(),
            })
        })
        .collect()
}

fn receipt(line: &str) -> Result<Receipt, String> {
    let line: ReceiptLine = serde_json::from_str(line)
        .map_err(|error| error.to_string().replace(" at line 1 column", ", column"))?;
    let time =
        |key: &str, text: &str| EventTime::parse(text).map_err(|error| format!("`{key}`: {error}"));
    let first = line.first.as_deref().map(|text| time("first", text)).transpose()?;
    let last = line.last.as_deref().map(|text| time("last", text)).transpose()?;
    Ok(Receipt {
        number: line.number,
        previous: hash("previous", &line.previous)?,
        hash: hash("hash", &line.hash)?,
        deletion: Deletion {
            deleted: line.deleted,
            span: first.zip(last),
            limit: time("limit", &line.limit)?,
            when: time("when", &line.when)?,
            policy: line.policy,
        },
        what: line.what,
    })
}

fn hash(key: &str, text: &str) -> Result<Hash32, String> {
    let wrong = || format!("`{key}`: not a hash of 64 digits in hex");
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    let mut hash = Hash32::default();
    for (index, byte) in hash.0.iter_mut().enumerate() {
        let digits = text.get(2 * index..2 * index + 2).ok_or_else(wrong)?;
        *byte = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
    }
    Ok(hash)
}

#[derive(Serialize)]
struct PassageLine<'a> {
    id: Option<String>,
    section: &'a str,
    end: &'a str,
    site: &'a str,
    camera: &'a str,
    run: &'a str,
    sequence: u64,
    time: String,
    clock_uncertainty_us: u32,
    expires: String,
    vehicle: Option<VehicleLine<'a>>,
    gap: Option<GapLine>,
}

#[derive(Serialize)]
struct VehicleLine<'a> {
    track: u64,
    class: &'a str,
    class_confidence: f64,
    lane: Option<&'a str>,
    time_uncertainty_us: u32,
    speed_ms: f64,
    speed_sigma_ms: f64,
    embedding_dimensions: usize,
    looks: u32,
}

#[derive(Serialize)]
struct TravelTimeLine<'a> {
    section: &'a str,
    time: String,
    window_s: u32,
    matched: u32,
    entered: u32,
    left: u32,
    abstained: std::collections::BTreeMap<&'static str, u32>,
    travel_time_s: Option<SpreadLine>,
    mean_speed_ms: Option<SpreadLine>,
}

#[derive(Serialize)]
struct SpreadLine {
    median: f64,
    lower_quartile: f64,
    upper_quartile: f64,
}

impl From<Spread> for SpreadLine {
    fn from(spread: Spread) -> Self {
        Self {
            median: rounded(spread.median),
            lower_quartile: rounded(spread.lower_quartile),
            upper_quartile: rounded(spread.upper_quartile),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(expecting = "one JSON object")]
struct ReceiptLine {
    what: String,
    number: u64,
    deleted: u64,
    first: Option<String>,
    last: Option<String>,
    limit: String,
    when: String,
    policy: String,
    previous: String,
    hash: String,
}
