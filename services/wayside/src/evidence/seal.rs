//! With what packages are sealed: key, credentials, what is said of the program.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use wayside_evidence::{
    About, ContentCredentials, Footage, MakeOptions, S3Options, ServiceOptions, Store, Window,
};
use wayside_package::keys::RingKey;
use wayside_package::{KeyRing, ModelRecord, ProgramRecord, SigningKey};

use super::Making;
use super::credentials::SiteCredentials;
use crate::failure::Failure;
use crate::keys::{self, KeyArgs};
use crate::replay::digest;

/// How packages are sealed.
#[derive(Debug, Clone, Default, Args)]
pub struct SealArgs {
    /// The key that signs.
    #[command(flatten)]
    pub key: KeyArgs,
    /// Public keys, or folders of keys, whose packages are adopted where they were stored and not
    /// published, besides those of the signing key: after a rotation, the key before.
    #[arg(long, value_name = "FILE|DIR")]
    pub trusted_key: Vec<PathBuf>,
    /// Certificate chain (PEM) of the signing key, for content credentials (C2PA) in stills and clip. Without it
    /// a chain is made from the key, and other people's tools say that they do not know the issuer.
    #[arg(long, value_name = "FILE", env = "WAYSIDE_CREDENTIALS_CERT")]
    pub credentials_cert: Option<PathBuf>,
    /// Put no content credentials into stills and clip; the package's seal covers them all the same.
    #[arg(long, conflicts_with = "credentials_cert")]
    pub no_credentials: bool,
    /// How much before the event a clip shows, seconds.
    #[arg(long, value_name = "S", default_value_t = 5.0, value_parser = side)]
    pub clip_before_s: f64,
    /// How much after the event a clip shows, seconds.
    #[arg(long, value_name = "S", default_value_t = 5.0, value_parser = side)]
    pub clip_after_s: f64,
}

fn side(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (1.0..=25.0).contains(&seconds) => Ok(seconds),
        _ => Err("1 to 25 seconds".to_owned()),
    }
}

/// What is needed to seal.
pub(crate) struct Sealing {
    pub(crate) key: SigningKey,
    pub(crate) trusted: KeyRing,
    pub(crate) credentials: Option<Arc<dyn ContentCredentials>>,
    pub(crate) window: Window,
}

impl SealArgs {
    /// Reads keys and certificates.
    pub(crate) fn open(&self) -> Result<Sealing, Failure> {
        let key = keys::signing(&self.key)?;
        let trusted = keys::ring(&self.trusted_key)?;
        let window = Window { before_s: self.clip_before_s, after_s: self.clip_after_s };
        let chain = self.credentials_cert.as_deref().map(keys::text).transpose()?;
        let mut credentials: Option<Arc<dyn ContentCredentials>> = None;
        if !self.no_credentials {
            credentials = Some(Arc::new(SiteCredentials::new(&key, chain.as_deref())?));
        }
        Ok(Sealing { key, trusted, credentials, window })
    }
}

/// Key and store of `wayside run`, opened before any camera is.
pub(crate) struct Packing {
    sealing: Sealing,
    store: Arc<Store>,
}

impl Packing {
    pub(crate) fn open(place: &str, args: &SealArgs) -> Result<Self, Failure> {
        Ok(Self { sealing: args.open()?, store: store(place)? })
    }

    /// Where packages are.
    pub(crate) fn store(&self) -> Arc<Store> {
        Arc::clone(&self.store)
    }

    /// The keys that packages of this process are held to: its own, and those that it trusts besides.
    pub(crate) fn ring(&self) -> KeyRing {
        let mut ring = self.sealing.trusted.clone();
        let own = self.sealing.key.verifying();
        let name = format!("key-{}", own.id());
        ring.add(RingKey::new(own, &name));
        ring
    }

    /// With the pictures of this process, and name and digest of its detector.
    pub(crate) fn making(self, footage: Arc<dyn Footage>, model: (&str, &str)) -> Making {
        let Self { sealing, store } = self;
        tracing::info!(
            "packages in {}, signed with key {}",
            store.place(),
            sealing.key.verifying().id()
        );
        let options = MakeOptions { window: sealing.window, ..MakeOptions::default() };
        let service = ServiceOptions::default();
        let about = about(Some(model));
        Making { store, footage, sealing, about, options, service, json: false }
    }
}

/// Opens a store by its address.
pub(crate) fn store(place: &str) -> Result<Arc<Store>, Failure> {
    let options = S3Options::from_environment().map_err(Failure::input)?;
    Ok(Arc::new(Store::open(place, &options).map_err(Failure::input)?))
}

/// What packages say of this program, and of the detector.
pub(crate) fn about(model: Option<(&str, &str)>) -> About {
    // A program that cannot read itself says so by saying nothing.
    let file = std::env::current_exe().ok();
    let sha256 = file.and_then(|file| digest::of_path(&file).ok());
    let detector = |(name, sha256): (&str, &str)| ModelRecord {
        name: name.to_owned(),
        sha256: sha256.to_owned(),
        used_for: "detector".to_owned(),
    };
    About {
        program: ProgramRecord {
            name: "wayside".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            sha256,
        },
        models: model.map(detector).into_iter().collect(),
    }
}
