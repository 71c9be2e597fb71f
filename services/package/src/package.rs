//! Opens a package.

use std::fmt;
use std::ops::Range;

use sha2::{Digest, Sha256};
use wayside_proto::convert::{Message, decode_observations};
use wayside_proto::{EventTime, Hash32, Observation, Outcome};
use wayside_rules::signals::SignalRecord;
use wayside_site::Site;

use crate::json::{FramesFile, SignalsFile};
use crate::keys::{KeyId, VerifyingKey};
use crate::manifest::{ChainLink, Manifest};
use crate::part::{COUNT, Part};
use crate::place::{Place, Problem};
use crate::seal::Seal;
use crate::zip;

/// A package that is whole: every part is as the manifest states, and the manifest is signed by the key
/// that it names. Whether anybody vouches for that key is for [`crate::verify`] to say.
#[derive(Clone, Debug)]
pub struct Package<'a> {
    manifest: Manifest,
    parts: [&'a [u8]; COUNT],
    key: VerifyingKey,
}

/// Why a file is no whole package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenError {
    /// Everything that is wrong, in the order of the file; never empty.
    pub problems: Vec<Problem>,
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it is no whole package")?;
        self.problems.iter().try_for_each(|problem| write!(f, "; {problem}"))
    }
}

impl std::error::Error for OpenError {}

/// What a look at each piece of a file gives.
pub(crate) struct Looked<'a> {
    pub(crate) parts: [&'a [u8]; COUNT],
    /// Where the file is not of the strict form.
    pub(crate) form: Vec<Problem>,
    pub(crate) manifest: Result<Manifest, String>,
    /// The key that the manifest names, where seal, manifest and key belong together.
    pub(crate) signed: Result<VerifyingKey, Problem>,
    /// For each listed part: whether it is as the manifest states.
    pub(crate) listed: Vec<(Part, Result<usize, String>)>,
}

/// Looks at every piece of a file.
///
/// # Errors
/// Where not even its layout can be told.
pub(crate) fn look(bytes: &[u8]) -> Result<Looked<'_>, Problem> {
    let zip::Read { parts, problems: form } = zip::read(bytes)?;
    let bytes_of = |part: Part| parts[part.index()];
    let manifest = Manifest::read(bytes_of(Part::Manifest));
    let seal = Seal::read(bytes_of(Part::Seal));
    let damaged = |part| form.iter().any(|problem| problem.place == Place::Part(part));
    let signed = match (&manifest, &seal) {
        (Err(problem), _) => Err(Problem::new(Place::Part(Part::Manifest), problem.clone())),
        (_, Err(problem)) => Err(Problem::new(Place::Part(Part::Seal), problem.clone())),
        (Ok(manifest), Ok(seal)) => signed(manifest, seal, bytes_of(Part::Manifest), damaged),
    };
    let listed = Part::ALL
        .into_iter()
        .filter(|part| part.is_listed())
        .map(|part| (part, compare(manifest.as_ref().ok(), part, bytes_of(part))))
        .collect();
    Ok(Looked { parts, form, manifest, signed, listed })
}

fn signed(
    manifest: &Manifest,
    seal: &Seal,
    bytes: &[u8],
    damaged: impl Fn(Part) -> bool,
) -> Result<VerifyingKey, Problem> {
    // A damaged checksum tells which of the two was changed; where none is, both were rewritten.
    let blame =
        if damaged(Part::Manifest) && !damaged(Part::Seal) { Part::Manifest } else { Part::Seal };
    let wrong = |what: String| Err(Problem::new(Place::Part(blame), what));
    let Some((id, key)) = manifest.key.key() else {
        let what = format!("the id {} is not that of the public key beside it", manifest.key.id);
        return Err(Problem::new(Place::Part(Part::Manifest), what));
    };
    if id != seal.key_id {
        return wrong(format!(
            "it was signed with key {}, and the manifest names key {id}",
            seal.key_id
        ));
    }
    if !seal.is_of(&key, bytes) {
        return wrong(format!("the signature of key {id} is not of this manifest"));
    }
    Ok(key)
}

fn compare(manifest: Option<&Manifest>, part: Part, bytes: &[u8]) -> Result<usize, String> {
    let Some(record) = manifest.and_then(|manifest| manifest.part(part)) else {
        return Err("it cannot be checked, since the manifest cannot be read".to_owned());
    };
    if record.size_bytes != bytes.len() as u64 {
        return Err(format!(
            "it has {} bytes, and the manifest states {}",
            bytes.len(),
            record.size_bytes
        ));
    }
    if record.sha256.0[..] != Sha256::digest(bytes)[..] {
        return Err(
            "it is not what was sealed: its SHA-256 is not the one in the manifest".to_owned()
        );
    }
    Ok(bytes.len())
}

impl Looked<'_> {
    /// The manifest, unless it is what was changed: then what it states says nothing about the parts.
    pub(crate) fn manifest_to_hold(&self) -> Option<&Manifest> {
        let blamed = |problem: &Problem| problem.place == Place::Part(Part::Manifest);
        let changed = self.form.iter().any(blamed) || self.signed.as_ref().is_err_and(blamed);
        self.manifest.as_ref().ok().filter(|_| !changed)
    }
}

impl<'a> Package<'a> {
    /// The package in these bytes; nothing is copied.
    ///
    /// # Errors
    /// Everything that is wrong with it, and where.
    pub fn open(bytes: &'a [u8]) -> Result<Self, OpenError> {
        let looked = look(bytes).map_err(|problem| OpenError { problems: vec![problem] })?;
        let held = looked.manifest_to_hold().is_some();
        let mut problems = looked.form;
        let mut add = |problem: Problem| {
            if problems.iter().all(|known| known.place != problem.place) {
                problems.push(problem);
            }
        };
        let key = looked.signed.map_err(&mut add).ok();
        for (part, result) in looked.listed {
            if let Err(what) = result
                && held
            {
                add(Problem::new(Place::Part(part), what));
            }
        }
        match (looked.manifest, key) {
            (Ok(manifest), Some(key)) if problems.is_empty() => {
                Ok(Self { manifest, parts: looked.parts, key })
            }
            _ => Err(OpenError { problems }),
        }
    }

    /// What it says.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The bytes of a part.
    #[must_use]
    pub fn part(&self, part: Part) -> &'a [u8] {
        self.parts[part.index()]
    }

    /// The key that signed it, as the package itself names it.
    #[must_use]
    pub fn key(&self) -> VerifyingKey {
        self.key
    }

    /// Id of that key.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.key.id()
    }

    /// SHA-256 of the manifest: what the next package of the site names.
    #[must_use]
    pub fn manifest_sha256(&self) -> Hash32 {
        Hash32(Sha256::digest(self.part(Part::Manifest)).into())
    }

    /// The place of the site's next package.
    #[must_use]
    pub fn next_link(&self) -> ChainLink {
        let number = self.manifest.chain.number.saturating_add(1);
        ChainLink { number, previous: self.manifest_sha256() }
    }

    /// Every region of the file, in order; together they are the file.
    #[must_use]
    pub fn places(&self) -> Vec<(Place, Range<usize>)> {
        zip::places(&self.parts)
    }

    /// The violation.
    ///
    /// # Errors
    /// Where the part is none.
    pub fn outcome(&self) -> Result<Outcome, Problem> {
        Outcome::from_bytes(self.part(Part::OutcomePb)).map_err(|e| wrong(Part::OutcomePb, e))
    }

    /// The site under which it was judged.
    ///
    /// # Errors
    /// Where the part is no sound site file.
    pub fn site(&self) -> Result<Site, Problem> {
        let text = std::str::from_utf8(self.part(Part::Site)).map_err(|e| wrong(Part::Site, e))?;
        Site::parse(Part::Site.name(), text).map_err(|errors| {
            let first = errors.first().map(ToString::to_string).unwrap_or_default();
            wrong(Part::Site, format!("it is not sound: {first}"))
        })
    }

    /// What the rules saw.
    ///
    /// # Errors
    /// Where the part is no sequence of observations.
    pub fn observations(&self) -> Result<Vec<Observation>, Problem> {
        decode_observations(self.part(Part::Observations)).map_err(|e| wrong(Part::Observations, e))
    }

    /// What the signal groups showed.
    ///
    /// # Errors
    /// Where the part is no time line.
    pub fn signals(&self) -> Result<Vec<SignalRecord>, Problem> {
        let file: SignalsFile = serde_json::from_slice(self.part(Part::Signals))
            .map_err(|e| wrong(Part::Signals, e))?;
        file.records
            .iter()
            .map(|entry| entry.record().map_err(|e| wrong(Part::Signals, e)))
            .collect()
    }

    /// Capture instant of each frame of the clip.
    ///
    /// # Errors
    /// Where the part is no list of instants.
    pub fn clip_frames(&self) -> Result<Vec<EventTime>, Problem> {
        let file: FramesFile = serde_json::from_slice(self.part(Part::ClipFrames))
            .map_err(|e| wrong(Part::ClipFrames, e))?;
        Ok(file.frames.into_iter().map(|instant| instant.0).collect())
    }
}

fn wrong(part: Part, what: impl ToString) -> Problem {
    Problem::new(Place::Part(part), what.to_string())
}
