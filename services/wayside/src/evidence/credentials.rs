//! Content credentials (C2PA) in stills and clips.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use wayside_credentials::{Credentials, Facts, Origin};
use wayside_evidence::ContentCredentials;
use wayside_package::{Part, SigningKey};
use wayside_proto::{Moment, Outcome, RedactedClip, SiteId};

use crate::failure::Failure;

/// Signs with the site's key: under the certificates of an authority, or under a chain that is made for
/// each site.
pub(super) struct SiteCredentials {
    pem: String,
    chain: Option<Arc<Credentials>>,
    made: Mutex<BTreeMap<SiteId, Arc<Credentials>>>,
}

impl SiteCredentials {
    pub(super) fn new(key: &SigningKey, chain: Option<&str>) -> Result<Self, Failure> {
        let pem = key.to_pem().map_err(Failure::input)?;
        let chain = chain.map(|chain| Credentials::from_pem(chain, &pem)).transpose();
        let chain = chain.map_err(Failure::input)?.map(Arc::new);
        Ok(Self { pem, chain, made: Mutex::default() })
    }

    fn of(&self, site: &SiteId) -> Result<Arc<Credentials>, String> {
        if let Some(chain) = &self.chain {
            return Ok(Arc::clone(chain));
        }
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = made.get(site) {
            return Ok(Arc::clone(known));
        }
        let new = Credentials::self_issued(site.as_str(), &self.pem);
        let new = Arc::new(new.map_err(|error| error.to_string())?);
        made.insert(site.clone(), Arc::clone(&new));
        Ok(new)
    }
}

impl ContentCredentials for SiteCredentials {
    fn add(
        &self,
        clip: &mut RedactedClip,
        outcome: &Outcome,
        is_simulated: bool,
    ) -> Result<(), String> {
        let credentials = self.of(&outcome.site)?;
        let rule = outcome.rule.replace('_', " ");
        let facts = |part: Part, title: String, captured_at| Facts {
            violation: outcome.id.0.clone(),
            part: part.name().to_owned(),
            title,
            site: outcome.site.0.clone(),
            camera: outcome.camera.0.clone(),
            rule: outcome.rule.to_owned(),
            captured_at,
            origin: if is_simulated { Origin::Simulation } else { Origin::Camera },
        };
        let mut stills = Vec::new();
        for (number, still) in clip.stills.iter().enumerate() {
            let part = match still.moment {
                Moment::Before => Part::Before,
                Moment::AtLine => Part::AtLine,
                Moment::After => Part::After,
            };
            let title = format!("{rule}, still {} of {}", number + 1, clip.stills.len());
            let signed = credentials.sign_still(&still.jpeg, &facts(part, title, still.time));
            stills.push(signed.map_err(|error| error.to_string())?);
        }
        let first = clip.frames.first().copied().unwrap_or(outcome.event_time);
        let facts = facts(Part::Clip, format!("{rule}, clip"), first);
        let mp4 = credentials.sign_clip(&clip.mp4, &facts).map_err(|error| error.to_string())?;
        // Only when all of it is signed is any of it replaced.
        clip.mp4 = mp4;
        for (still, jpeg) in clip.stills.iter_mut().zip(stills) {
            still.jpeg = jpeg;
        }
        Ok(())
    }
}
