//! Signing and verifying keys, wherever they are: files, folders, the environment.
//!
//! A folder of keys has `NAME.key.pem` (private, for its owner alone), `NAME.pub.pem` (public) and `active`, a
//! line with the name of the key that signs. A retired key leaves its public half, which says until when
//! it signed.

mod folder;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use wayside_package::keys::RingKey;
use wayside_package::{KeyRing, SigningKey};

pub use folder::Folder;

use crate::failure::Failure;

/// Bytes that a key file may have.
const FILE_BYTES_MAX: u64 = 64 << 10;
/// The variable that may hold the signing key as PEM text.
pub const ENVIRONMENT: &str = "WAYSIDE_SIGNING_KEY";

/// Which key signs.
#[derive(Debug, Clone, Default, Args)]
pub struct KeyArgs {
    /// Private key (PEM) that signs evidence packages, or a folder of keys as `wayside keys new` makes it.
    /// Where absent: the PEM text in the environment variable WAYSIDE_SIGNING_KEY.
    #[arg(long, value_name = "FILE|DIR")]
    pub signing_key: Option<PathBuf>,
}

/// The key that signs: of the file or folder that is named, else of the environment.
///
/// # Errors
/// Where there is none, or what is there is no such key.
pub fn signing(args: &KeyArgs) -> Result<SigningKey, Failure> {
    if let Some(path) = &args.signing_key {
        let file = if path.is_dir() { Folder::at(path).active_key_file()? } else { path.clone() };
        return SigningKey::from_pem(&text(&file)?).map_err(|error| wrong(&file, &error));
    }
    match std::env::var(ENVIRONMENT) {
        Ok(text) if !text.trim().is_empty() => SigningKey::from_pem(&text)
            .map_err(|error| Failure::input(format!("the variable {ENVIRONMENT}: {error}"))),
        _ => Err(Failure::input(format!(
            "there is no key to sign with\n  hint: make one with `wayside keys new --out DIR` and name it with \
             --signing-key DIR, or put its PEM text into {ENVIRONMENT}"
        ))),
    }
}

/// The public keys of these files and folders.
///
/// # Errors
/// Where one cannot be read, or is no public key.
pub fn ring(paths: &[PathBuf]) -> Result<KeyRing, Failure> {
    let mut ring = KeyRing::new();
    for path in paths {
        if !path.is_dir() {
            ring.add(public(path)?);
            continue;
        }
        let listed = Folder::at(path).list()?;
        if listed.is_empty() {
            return Err(Failure::input(format!(
                "{} has no public keys\n  hint: they are called NAME.pub.pem",
                path.display()
            )));
        }
        listed.into_iter().for_each(|listed| ring.add(listed.key));
    }
    Ok(ring)
}

/// The public key of one file, named after the file where it does not say its name.
pub fn public(path: &Path) -> Result<RingKey, Failure> {
    let mut key = RingKey::from_file(&text(path)?).map_err(|error| wrong(path, &error))?;
    if key.name.is_empty() {
        let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        key.name = name.trim_end_matches(".pem").trim_end_matches(".pub").to_owned();
    }
    Ok(key)
}

/// The text of a key file.
pub fn text(path: &Path) -> Result<String, Failure> {
    let unreadable = |error: std::io::Error| Failure::unreadable(path, &error);
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(FILE_BYTES_MAX).read_to_end(&mut bytes).map_err(unreadable)?;
    // What is no text is no PEM, and that is what will be said.
    Ok(String::from_utf8(bytes).unwrap_or_default())
}

fn wrong(path: &Path, error: &wayside_package::KeyError) -> Failure {
    Failure::input(format!("{}: {error}", path.display()))
}
