//! What review needs to know, in a process of its own or inside `wayside run`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use wayside_cases::Policy;
use wayside_review::TlsFiles;
use wayside_review::webhooks::sign::Secret;
use wayside_review::webhooks::{ENDPOINTS_MAX, Endpoint, SendOptions};

use super::desk_args::DeskArgs;
use crate::failure::Failure;

/// How people decide, and where citations go.
#[derive(Debug, Clone, Args)]
pub struct ReviewSettings {
    /// Where cases and decisions are.
    #[command(flatten)]
    pub desk: DeskArgs,
    /// Certificate of the API (PEM), with those of its authorities after it. Without it, answers go out in
    /// the clear: on this machine alone, or behind something that encrypts.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Its key (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Tokens of the API: see `wayside review token`. `wayside run` keeps them below --data where absent.
    #[arg(long, value_name = "FILE", env = "WAYSIDE_TOKENS")]
    pub tokens: Option<PathBuf>,
    /// File with the master keys for plates, `ID BASE64` a line; or set WAYSIDE_VAULT_KEY. `wayside run` makes
    /// one below --data where there is none.
    #[arg(long, value_name = "FILE")]
    pub vault_key: Option<PathBuf>,
    /// Public key of whoever may seal packages (PEM), or a folder of such keys; may be given more than
    /// once. Without it nobody vouches for the key that a package names; `wayside run` takes its own.
    #[arg(long, value_name = "FILE|DIR")]
    pub verify_key: Vec<PathBuf>,
    /// Where citations go; may be given more than once.
    #[arg(long, value_name = "URL")]
    pub webhook: Vec<String>,
    /// File with the webhook's secrets, one a line, as `wayside review secret` prints them: one file for
    /// each --webhook, in the same order.
    #[arg(long, value_name = "FILE")]
    pub webhook_secret_file: Vec<PathBuf>,
    /// Certificates (PEM) of the authorities of receivers, instead of the public ones.
    #[arg(long, value_name = "FILE")]
    pub webhook_ca: Option<PathBuf>,
    /// Let citations go out over http:// to other machines, where something else protects the way.
    #[arg(long)]
    pub webhook_plain: bool,
    /// How long a receiver may take to answer, seconds.
    #[arg(long, value_name = "S", default_value_t = 15,
          value_parser = clap::value_parser!(u16).range(1..=300))]
    pub webhook_timeout_s: u16,
    /// How long a claim holds without a sign of life, seconds.
    #[arg(long, value_name = "S", default_value_t = 600)]
    pub claim_s: u32,
    /// How long an approval can be undone before its citation is issued, seconds.
    #[arg(long, value_name = "S", default_value_t = 600)]
    pub undo_s: u32,
    /// Share of cases that two reviewers decide, 0 to 1.
    #[arg(long, value_name = "SHARE", default_value_t = 0.1)]
    pub second_review_share: f64,
    /// Share of claims that get a known case, 0 to 0.5.
    #[arg(long, value_name = "SHARE", default_value_t = 0.02)]
    pub known_share: f64,
    /// Share of errors above which a rule of a camera stands down, 0 to 1, at sites whose file is not named
    /// here.
    #[arg(long, value_name = "SHARE", default_value_t = wayside_site::model::ERROR_RATE_MAX)]
    pub error_rate_max: f64,
    /// Suggest no plates: reviewers read them from the stills.
    #[arg(long)]
    pub no_plate_reader: bool,
}

impl ReviewSettings {
    /// What the desk is held to.
    pub(crate) fn policy(&self) -> Policy {
        Policy {
            claim_s: self.claim_s,
            undo_s: self.undo_s,
            second_share: self.second_review_share,
            known_share: self.known_share,
            error_rate_max: self.error_rate_max,
            ..Policy::default()
        }
    }

    /// Certificate and key of the API.
    pub(crate) fn tls(&self) -> Option<TlsFiles> {
        let files = self.tls_cert.clone().zip(self.tls_key.clone());
        files.map(|(certificate, key)| TlsFiles { certificate, key })
    }

    /// How citations are sent.
    pub(crate) fn send(&self) -> SendOptions {
        SendOptions {
            timeout: Duration::from_secs(self.webhook_timeout_s.into()),
            authorities: self.webhook_ca.clone(),
            ..SendOptions::default()
        }
    }

    /// Each webhook with its file of secrets.
    pub(crate) fn endpoints(&self) -> Result<Vec<Endpoint>, Failure> {
        let (urls, files) = (&self.webhook, &self.webhook_secret_file);
        if urls.len() != files.len() || urls.len() > ENDPOINTS_MAX {
            return Err(Failure::input(format!(
                "there are {} times --webhook and {} times --webhook-secret-file\n  hint: one file for each \
                 webhook, in the same order, {ENDPOINTS_MAX} at most; `wayside review secret` makes a secret",
                urls.len(),
                files.len()
            )));
        }
        let each = urls.iter().zip(files).map(|(url, file)| {
            let secrets = Secret::read(file).map_err(Failure::input)?;
            Endpoint::new(url, secrets, self.webhook_plain).map_err(Failure::input)
        });
        each.collect()
    }

    /// What was said that has a meaning only where people decide in this process.
    pub(crate) fn said_in_vain(&self) -> Option<&'static str> {
        let said = |is: bool, name: &'static str| is.then_some(name);
        let path = |path: &Option<PathBuf>| path.as_deref().is_some_and(|path: &Path| path != "");
        said(!self.webhook.is_empty(), "--webhook")
            .or_else(|| said(path(&self.tls_cert), "--tls-cert"))
            .or_else(|| said(!self.verify_key.is_empty(), "--verify-key"))
            .or_else(|| said(path(&self.vault_key), "--vault-key"))
    }
}
