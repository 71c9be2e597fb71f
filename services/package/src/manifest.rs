//! `manifest.json`: what a package says. Its bytes are what is signed.

use serde::{Deserialize, Serialize};
use wayside_proto::{EventTime, Hash32, RedactionRecord};

use crate::json::{hash, instant, instant_or_null, rounded};
use crate::keys::{KeyId, VerifyingKey};
use crate::part::Part;

/// Version of the format.
pub const SCHEMA: u32 = 1;

/// The manifest. Unknown keys are refused: a reader that does not know a key cannot say what it means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of the format: 1.
    pub schema: u32,
    /// Id of the violation.
    pub violation: String,
    /// The junction.
    pub site: String,
    /// The camera.
    pub camera: String,
    /// The run of the worker that saw it.
    pub run: String,
    /// The track of the offending vehicle, unique within camera and run.
    pub track: u64,
    /// What it is: car, truck, bus or motorcycle.
    pub class: String,
    /// Name of the rule.
    pub rule: String,
    /// Version of the rule's definition.
    pub rule_version: u32,
    /// What the rule recognises, in one sentence.
    pub rule_sentence: String,
    /// When it happened.
    #[serde(with = "instant")]
    pub event_time: EventTime,
    /// Stop line, zone, crossing, conflict area or lane.
    pub place: String,
    /// Approach that the place belongs to, where it belongs to one.
    pub approach: Option<String>,
    /// Lane, where one is known.
    pub lane: Option<String>,
    /// The signal at the event, where the rule depends on one.
    pub signal: Option<SignalEntry>,
    /// What was measured, in the order of the rule.
    pub quantities: Vec<QuantityRecord>,
    /// How pixels become metres, for each camera that the site file calibrates.
    pub calibration: Vec<CalibrationRecord>,
    /// Where the times come from.
    pub clock: ClockRecord,
    /// Models that saw the vehicle.
    pub models: Vec<ModelRecord>,
    /// The program that judged and sealed.
    pub program: ProgramRecord,
    /// How the pictures were redacted.
    pub redaction: RedactionEntry,
    /// The clip.
    pub clip: ClipRecord,
    /// The three stills, in order of time.
    pub stills: Vec<StillRecord>,
    /// Whether the violation follows from the observations inside.
    pub replay: ReplayRecord,
    /// Every part but the manifest and the seal, in the order of the file.
    pub parts: Vec<PartRecord>,
    /// The place in the chain of the site's packages.
    pub chain: ChainLink,
    /// When it was sealed, by the clock of the service that sealed it.
    #[serde(with = "instant")]
    pub sealed_at: EventTime,
    /// The key that signed it.
    pub key: KeyRecord,
}

/// The signal at the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalEntry {
    /// The signal group.
    pub group: String,
    /// red, yellow or green.
    pub state: String,
    /// Since when; null where it was in force before the first record.
    #[serde(with = "instant_or_null")]
    pub since: Option<EventTime>,
}

/// A measured quantity, and how it arises.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuantityRecord {
    /// Name, for example `time_into_red`.
    pub name: String,
    /// Best estimate, six decimals.
    pub value: f64,
    /// Lower end of the 95% interval; null where unknown.
    pub low: Option<f64>,
    /// Upper end of the 95% interval; null where unknown.
    pub high: Option<f64>,
    /// Unit of all three.
    pub unit: String,
    /// How it is computed, as a formula.
    pub formula: String,
    /// How it arises here, in words and numbers.
    pub derivation: String,
}

/// How one camera's pixels become metres.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalibrationRecord {
    /// The camera.
    pub camera: String,
    /// Points known in the picture and on the ground.
    pub points: u32,
    /// Root-mean-square residual of these points on the ground, metres.
    pub residual_m: f64,
    /// The largest residual that the site file accepts, metres.
    pub residual_m_max: f64,
}

/// Where the times come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockRecord {
    /// recording, rtcp or arrival.
    pub source: String,
    /// Half-width of the 95% interval of a capture instant at the event, microseconds.
    pub uncertainty_us: u32,
    /// What that means, in one sentence.
    pub sentence: String,
}

/// A model file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelRecord {
    /// Its name in the model manifest.
    pub name: String,
    /// SHA-256 of the file, hex.
    pub sha256: String,
    /// What it was used for, for example `detector`.
    pub used_for: String,
}

/// The program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProgramRecord {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of the executable, hex; null where it could not be read.
    pub sha256: Option<String>,
}

/// How the pictures were redacted; the fields of [`RedactionRecord`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedactionEntry {
    /// Name and version of the method.
    pub method: String,
    /// Detectors that looked for what must be hidden.
    pub models: Vec<ModelRecord>,
    /// Frames redacted.
    pub frames: u32,
    /// Regions hidden, summed over frames.
    pub hidden_road_users: u64,
    /// Faces hidden inside the offending vehicle, summed over frames.
    pub hidden_faces: u64,
    /// Blocks hidden because they differ from the static background, summed over frames.
    pub hidden_movers: u64,
    /// Mean share of the picture that is hidden, 0 to 1.
    pub hidden_share: f64,
    /// Smallest side of a block that replaces pixels.
    pub block_px_min: u32,
    /// Largest side of a block that replaces pixels.
    pub block_px_max: u32,
}

impl From<&RedactionRecord> for RedactionEntry {
    fn from(record: &RedactionRecord) -> Self {
        let model = |(name, sha256): &(String, String)| ModelRecord {
            name: name.clone(),
            sha256: sha256.clone(),
            used_for: "redaction".to_owned(),
        };
        Self {
            method: record.method.clone(),
            models: record.models.iter().map(model).collect(),
            frames: record.frames,
            hidden_road_users: record.hidden_road_users,
            hidden_faces: record.hidden_faces,
            hidden_movers: record.hidden_movers,
            hidden_share: rounded(record.hidden_share),
            block_px_min: record.block_px.0,
            block_px_max: record.block_px.1,
        }
    }
}

/// The clip.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClipRecord {
    /// Width of the pictures.
    pub width_px: u32,
    /// Height of the pictures.
    pub height_px: u32,
    /// Frames of the clip.
    pub frames: u32,
    /// Capture instant of the first frame.
    #[serde(with = "instant")]
    pub from: EventTime,
    /// Capture instant of the last frame.
    #[serde(with = "instant")]
    pub to: EventTime,
}

/// A still.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StillRecord {
    /// before, at_line or after.
    pub moment: String,
    /// Capture instant of the frame.
    #[serde(with = "instant")]
    pub time: EventTime,
}

/// Whether the violation follows from the observations inside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplayRecord {
    /// Whether the rules gave the very same outcome when it was sealed.
    pub follows: bool,
    /// In one sentence: over which span, or why not.
    pub sentence: String,
    /// First instant of the observations inside.
    #[serde(with = "instant_or_null")]
    pub from: Option<EventTime>,
    /// Last instant of the observations inside.
    #[serde(with = "instant_or_null")]
    pub to: Option<EventTime>,
}

/// A part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartRecord {
    /// Its name.
    pub name: String,
    /// Its size.
    pub size_bytes: u64,
    /// Its SHA-256.
    #[serde(with = "hash")]
    pub sha256: Hash32,
}

/// A place in the chain of one site's packages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainLink {
    /// Number of the package, from 0.
    pub number: u64,
    /// SHA-256 of the manifest of the package before; zeros for the first.
    #[serde(with = "hash")]
    pub previous: Hash32,
}

impl ChainLink {
    /// The place of a site's first package.
    #[must_use]
    pub fn first() -> Self {
        Self { number: 0, previous: Hash32::default() }
    }
}

/// The key that signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRecord {
    /// Its id.
    pub id: String,
    /// Its public half, 64 hex digits. Anybody can name a key of their own here: it shows that the
    /// package is whole, not who sealed it.
    #[serde(with = "hash")]
    pub public: Hash32,
}

impl KeyRecord {
    pub(crate) fn of(key: &VerifyingKey) -> Self {
        Self { id: key.id().to_string(), public: Hash32(key.to_bytes()) }
    }

    /// The key; none where the id is not that of the public half.
    pub(crate) fn key(&self) -> Option<(KeyId, VerifyingKey)> {
        let key = VerifyingKey::from_bytes(&self.public.0)?;
        let id = key.id();
        (id.as_str() == self.id).then_some((id, key))
    }
}

impl Manifest {
    /// The manifest in these bytes.
    ///
    /// # Errors
    /// What is wrong, as the end of a sentence about it.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Version {
            schema: Option<u32>,
        }
        let version: Version = serde_json::from_slice(bytes)
            .map_err(|error| format!("it is no JSON object: {error}"))?;
        match version.schema {
            Some(SCHEMA) => {}
            Some(other) => {
                return Err(format!(
                    "it has version {other} of the format, and this program reads version {SCHEMA}"
                ));
            }
            None => return Err("it does not say which version of the format it has".to_owned()),
        }
        let read: Self =
            serde_json::from_slice(bytes).map_err(|error| format!("it cannot be read: {error}"))?;
        let listed: Vec<&str> = read.parts.iter().map(|part| part.name.as_str()).collect();
        let wanted = Part::ALL.into_iter().filter(|part| part.is_listed()).map(Part::name);
        if !wanted.eq(listed.iter().copied()) {
            return Err("it does not list each part once, in the order of the file".to_owned());
        }
        Ok(read)
    }

    /// What it states of a part; none for the manifest and the seal.
    #[must_use]
    pub fn part(&self, part: Part) -> Option<&PartRecord> {
        self.parts.iter().find(|record| record.name == part.name())
    }
}
