//! From pictures and surroundings to a draft, and from a package back to its draft.

use wayside_package::{Draft, DraftError, ModelRecord, Package, Part, ProgramRecord};
use wayside_proto::{
    EvidenceFailure, Moment, Outcome, RedactedClip, RedactedStill, RedactionRecord,
};

use crate::sources::Gathered;

/// What packages say of the program and its models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// The program.
    pub program: ProgramRecord,
    /// Models that saw the vehicles; those of the redaction come with the pictures.
    pub models: Vec<ModelRecord>,
}

/// Adds content credentials to stills and clip.
pub trait ContentCredentials: Send + Sync {
    /// Puts credentials into the stills and the clip, which say whether the footage is simulated.
    ///
    /// # Errors
    /// Where they cannot be written; the pictures are to be as they were.
    fn add(
        &self,
        clip: &mut RedactedClip,
        outcome: &Outcome,
        is_simulated: bool,
    ) -> Result<(), String>;
}

pub(crate) fn draft(
    outcome: &Outcome,
    gathered: Gathered,
    clip: RedactedClip,
    about: &About,
) -> Draft {
    Draft {
        outcome: outcome.clone(),
        site_toml: gathered.site_toml,
        observations: gathered.observations,
        signals: gathered.signals,
        clip,
        models: about.models.clone(),
        program: about.program.clone(),
    }
}

/// The draft of a package, so that it can be sealed again with another link; none where a part cannot be
/// read.
pub(crate) fn recover(package: &Package<'_>) -> Option<Draft> {
    let manifest = package.manifest();
    let redaction = &manifest.redaction;
    let models = redaction.models.iter().map(|model| (model.name.clone(), model.sha256.clone()));
    let stills = Moment::ALL.iter().zip([Part::Before, Part::AtLine, Part::After]);
    let stills = stills.zip(&manifest.stills).map(|((moment, part), record)| RedactedStill {
        moment: *moment,
        time: record.time,
        jpeg: package.part(part).to_vec(),
    });
    let outcome = package.outcome().ok()?;
    Some(Draft {
        clip: RedactedClip {
            violation: outcome.id.clone(),
            width_px: manifest.clip.width_px,
            height_px: manifest.clip.height_px,
            mp4: package.part(Part::Clip).to_vec(),
            frames: package.clip_frames().ok()?,
            stills: stills.collect(),
            redaction: RedactionRecord {
                method: redaction.method.clone(),
                models: models.collect(),
                frames: redaction.frames,
                hidden_road_users: redaction.hidden_road_users,
                hidden_faces: redaction.hidden_faces,
                hidden_movers: redaction.hidden_movers,
                hidden_share: redaction.hidden_share,
                block_px: (redaction.block_px_min, redaction.block_px_max),
            },
        },
        outcome,
        site_toml: String::from_utf8(package.part(Part::Site).to_vec()).ok()?,
        observations: package.observations().ok()?,
        signals: package.signals().ok()?,
        models: manifest.models.clone(),
        program: manifest.program.clone(),
    })
}

/// What is recorded where a draft cannot be sealed.
pub(crate) fn cause(error: &DraftError) -> EvidenceFailure {
    match error {
        DraftError::NoTrack { .. } => EvidenceFailure::NoTrack,
        DraftError::TooLarge { .. } => EvidenceFailure::NotStored,
        _ => EvidenceFailure::NoPictures,
    }
}
