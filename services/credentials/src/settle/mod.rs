//! Takes chance out of signed credentials: salts that follow from the facts, and the hashes and the
//! signature that follow from them. No length changes, so that nothing else does.

mod boxes;

use c2pa::jumbf_io::{load_jumbf_from_memory, save_jumbf_to_memory};
use ed25519_dalek::{Signer, SigningKey};
use sha2::{Digest, Sha256};

use crate::signer::Signature;
use crate::{Facts, MediaKind, manifest};
use boxes::{HEADER_BYTES, JumbfBox};

/// `signed` with every salt derived from `facts`.
pub(crate) fn settle(
    signed: &[u8],
    last: &Signature,
    facts: &Facts,
    kind: MediaKind,
    key: &SigningKey,
) -> Result<Vec<u8>, String> {
    let mut store =
        load_jumbf_from_memory(kind.mime(), signed).map_err(|error| error.to_string())?;
    let manifest = single(boxes::superboxes(&store, 0..store.len())?, "manifest store")?;
    let manifest = single(boxes::superboxes(&store, manifest.children)?, "manifest")?;
    let parts = boxes::superboxes(&store, manifest.children)?;
    let named = |label: &str| {
        let found = parts.iter().find(|part| part.label.starts_with(label));
        found.cloned().ok_or_else(|| format!("no box {label} in the manifest"))
    };
    let (assertions, claim, signature) =
        (named("c2pa.assertions")?, named("c2pa.claim")?, named("c2pa.signature")?);

    // The claim's CBOR is what follows the description in its box.
    let claim = claim.children.start + HEADER_BYTES..claim.children.end;
    let claim_before = store[claim.clone()].to_vec();
    for assertion in boxes::superboxes(&store, assertions.children)? {
        let hashed = assertion.whole.start + HEADER_BYTES..assertion.whole.end;
        let before = Sha256::digest(&store[hashed.clone()]);
        let Some(salt) = assertion.salt.clone() else { continue };
        let purpose = format!("salt of {}", assertion.label);
        for (place, byte) in store[salt].iter_mut().zip(manifest::digest(facts, &purpose)) {
            *place = byte;
        }
        let after = Sha256::digest(&store[hashed]);
        replace(&mut store[claim.clone()], &before, &after, &assertion.label)?;
    }
    let mut message = last.message.clone();
    let claim_after = store[claim].to_vec();
    replace(&mut message, &claim_before, &claim_after, "the claim in what is signed")?;
    let again = key.sign(&message).to_bytes();
    replace(&mut store[signature.whole], &last.signature, &again, "the signature")?;
    save_jumbf_to_memory(kind.mime(), signed, &store).map_err(|error| error.to_string())
}

fn single(found: Vec<JumbfBox>, what: &str) -> Result<JumbfBox, String> {
    match <[JumbfBox; 1]>::try_from(found) {
        Ok([only]) => Ok(only),
        Err(found) => Err(format!("{} boxes where one {what} should be", found.len())),
    }
}

/// Puts `after` in the only place of `before`, which has the same length.
fn replace(bytes: &mut [u8], before: &[u8], after: &[u8], what: &str) -> Result<(), String> {
    let places: Vec<usize> = bytes
        .windows(before.len())
        .enumerate()
        .filter(|(_, window)| *window == before)
        .map(|(at, _)| at)
        .collect();
    match (places.as_slice(), before.len() == after.len()) {
        ([at], true) => {
            bytes[*at..*at + after.len()].copy_from_slice(after);
            Ok(())
        }
        (places, _) => Err(format!("{what}: found in {} places, expected one", places.len())),
    }
}
