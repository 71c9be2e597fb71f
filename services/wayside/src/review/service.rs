//! `wayside review`: the service in a process of its own.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use wayside_cases::{Account, Policy};
use wayside_desk::DeskOptions;
use wayside_plates::Vault;
use wayside_proto::SiteId;
use wayside_proto::convert::RULE_NAMES;
use wayside_review::auth::TokenFile;
use wayside_review::http::Limits;
use wayside_review::webhooks::delivery;
use wayside_review::webhooks::sign::Secret;
use wayside_review::webhooks::{ENDPOINTS_MAX, Endpoint, SendOptions};
use wayside_review::{Clock, Packages, Service, ServiceOptions, TlsFiles};
use wayside_telemetry::{Board, Readiness};

use super::plates;
use super::store::Stored;
use crate::commands::review::ReviewServeArgs;
use crate::failure::Failure;
use crate::keys;
use crate::sites::{Loaded, Sites};

/// How often the main thread looks after its parts.
const EVERY: Duration = Duration::from_millis(100);
/// The environment variable that may hold the master keys for plates.
const VAULT_KEY: &str = "WAYSIDE_VAULT_KEY";
/// The account of the service in the audit log.
const ACCOUNT: &str = "wayside-review";

/// Runs until `stop`, the time that was given, or a failure.
pub(crate) fn serve(args: &ReviewServeArgs, stop: &AtomicBool) -> Result<(), Failure> {
    let tokens = args.tokens.as_ref().ok_or_else(|| Failure::input("--tokens is missing"))?;
    let auth = Arc::new(TokenFile::open(tokens).map_err(Failure::input)?);
    let (endpoints, vault) = (endpoints(args)?, Arc::new(vault(args.vault_key.as_ref())?));
    let ring = keys::ring(&args.verify_key)?;
    let options = ServiceOptions {
        listen: args.listen,
        tls: args
            .tls_cert
            .clone()
            .zip(args.tls_key.clone())
            .map(|(certificate, key)| TlsFiles { certificate, key }),
        limits: Limits::default(),
        endpoints,
        send: SendOptions {
            timeout: Duration::from_secs(args.webhook_timeout_s.into()),
            authorities: args.webhook_ca.clone(),
            ..SendOptions::default()
        },
        delivery: delivery::Policy::default(),
        account: Account::new(ACCOUNT).map_err(Failure::failed)?,
    };
    wayside_telemetry::install().map_err(Failure::failed)?;
    let board = Board::new(&[Readiness::Bus]);
    let serving = wayside_telemetry::serve(args.http, board.clone()).map_err(Failure::failed)?;
    tracing::info!("metrics, health and readiness on http://{}", serving.addr());
    let desk = args.desk.open(DeskOptions {
        policy: policy(args),
        error_rates_max: error_rates(&args.site)?,
        vault: Some(vault),
        ..DeskOptions::default()
    })?;
    let packages = Packages::new(Arc::new(Stored(args.store.open()?)), ring);
    let reader = (!args.no_plate_reader)
        .then(|| plates::open(args.models_dir.as_deref(), args.onnxruntime.as_deref()))
        .flatten();
    let bus = args.bus.open_as(args.instance.as_deref())?;
    let scheme = if options.tls.is_some() { "https" } else { "http" };
    let place = desk.place().to_owned();
    let clock = Clock::system();
    let service = Service::start(&bus, &Arc::new(desk), auth, packages, reader, &clock, options)
        .map_err(Failure::failed)?;
    tracing::info!("review on {scheme}://{}, decisions in {place}", service.addr());
    board.ready(Readiness::Bus, true, &bus.place());
    let began = Instant::now();
    let mut failure = None;
    while !stop.load(Ordering::Relaxed) && failure.is_none() {
        if args.for_s.is_some_and(|limit| began.elapsed().as_secs_f64() >= limit) {
            break;
        }
        std::thread::sleep(EVERY);
        board.beat();
        failure = service.failure();
    }
    drop(service);
    drop(serving);
    failure.map_or(Ok(()), |why| Err(Failure::failed(why)))
}

fn policy(args: &ReviewServeArgs) -> Policy {
    Policy {
        claim_s: args.claim_s,
        undo_s: args.undo_s,
        second_share: args.second_review_share,
        known_share: args.known_share,
        error_rate_max: args.error_rate_max,
        ..Policy::default()
    }
}

/// What the site files say of their rules.
fn error_rates(paths: &[PathBuf]) -> Result<BTreeMap<(SiteId, String), f64>, Failure> {
    let sites = Sites::load(paths)?;
    let of = |loaded: &Loaded| {
        let site = Arc::clone(&loaded.site);
        RULE_NAMES.map(|rule| ((site.id(), rule.to_owned()), site.error_rate_max(rule)))
    };
    Ok(sites.all().flat_map(of).collect())
}

/// Each webhook with its file of secrets.
fn endpoints(args: &ReviewServeArgs) -> Result<Vec<Endpoint>, Failure> {
    let (urls, files) = (&args.webhook, &args.webhook_secret_file);
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
        Endpoint::new(url, secrets, args.webhook_plain).map_err(Failure::input)
    });
    each.collect()
}

/// The master keys for plates: without them no approval could be kept.
fn vault(file: Option<&PathBuf>) -> Result<Vault, Failure> {
    match file {
        Some(file) => Vault::from_file(file).map_err(Failure::input),
        None if std::env::var_os(VAULT_KEY).is_some() => {
            Vault::from_env(VAULT_KEY).map_err(Failure::input)
        }
        None => Err(Failure::input(format!(
            "there is no master key for plates\n  hint: `wayside review vault-key` prints one; keep it in a \
             file and name that with --vault-key, or put it into {VAULT_KEY}"
        ))),
    }
}
