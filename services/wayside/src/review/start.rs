//! Review made ready, and started: in a process of its own, or inside `wayside run`.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wayside_bus::Bus;
use wayside_cases::Account;
use wayside_desk::{Desk, DeskOptions};
use wayside_evidence::Store;
use wayside_http::Clock;
use wayside_package::KeyRing;
use wayside_plates::Vault;
use wayside_proto::SiteId;
use wayside_proto::convert::RULE_NAMES;
use wayside_review::auth::{AnyOf, Authenticator, TokenFile};
use wayside_review::http::Limits;
use wayside_review::webhooks::delivery;
use wayside_review::{Packages, Service, ServiceOptions};

use super::home::Home;
use super::metrics::Teller;
use super::plates;
use super::store::Stored;
use crate::commands::desk_args::DeskArgs;
use crate::commands::review_args::ReviewSettings;
use crate::failure::Failure;
use crate::keys;
use crate::sites::{Loaded, Sites};

/// The environment variable that may hold the master keys for plates.
const VAULT_KEY: &str = "WAYSIDE_VAULT_KEY";
/// The account of the service in the audit log.
const ACCOUNT: &str = "wayside-review";

/// Everything that review needs and that can be refused before anything runs.
pub(crate) struct Reviewing {
    tokens: TokenFile,
    vault: Vault,
    ring: KeyRing,
    desk: DeskArgs,
    settings: ReviewSettings,
    options: ServiceOptions,
}

/// What is there when it starts.
pub(crate) struct Surroundings<'a> {
    pub(crate) bus: &'a Arc<dyn Bus>,
    pub(crate) store: Arc<Store>,
    /// Sites whose files say their share of errors.
    pub(crate) sites: &'a Sites,
    pub(crate) models_dir: Option<&'a Path>,
    pub(crate) onnxruntime: Option<&'a Path>,
    /// Who else is known, besides the tokens: sessions of people.
    pub(crate) sessions: Option<Arc<dyn Authenticator>>,
}

/// Review while it runs.
pub(crate) struct Running {
    /// Cases, API, citations.
    pub(crate) service: Service,
    /// Cases and decisions.
    pub(crate) desk: Arc<Desk>,
    clock: Clock,
    teller: Teller,
}

impl Running {
    /// Tells the metrics; why it cannot go on, and none while it can. To be called a few times a second.
    pub(crate) fn look(&mut self) -> Option<String> {
        self.teller.tell(&self.service, self.clock.now());
        self.service.failure()
    }
}

impl Reviewing {
    /// Reads what the arguments name. With a `home`, what they do not name is there, and `ring` has the keys that
    /// packages are held to where none is named. With no address for `listen` whoever starts it serves it.
    pub(crate) fn open(
        settings: &ReviewSettings,
        listen: Option<SocketAddr>,
        home: Option<(&Home, KeyRing)>,
    ) -> Result<Self, Failure> {
        let (home, own_ring) = home.unzip();
        let tokens = match (&settings.tokens, home) {
            (Some(file), _) => TokenFile::open(file),
            (None, Some(home)) => {
                let path = home.tokens();
                let tokens = TokenFile::open_or_make(&path);
                if let Ok(true) = tokens.as_ref().map(TokenFile::is_empty) {
                    tracing::warn!(
                        "nobody has a token of review yet: `wayside review token new --account reviewer-01 --role reviewer \
                         --tokens {}` makes one, which holds at once",
                        path.display()
                    );
                }
                tokens
            }
            (None, None) => return Err(Failure::input("--tokens is missing")),
        };
        let named = (settings.vault_key.as_ref(), std::env::var_os(VAULT_KEY));
        let vault = match (named, home) {
            ((None, None), Some(home)) => vault(Some(&home.vault_key()?))?,
            ((named, _), _) => vault(named)?,
        };
        let ring = match own_ring.filter(|_| settings.verify_key.is_empty()) {
            Some(ring) => ring,
            None => keys::ring(&settings.verify_key)?,
        };
        let desk = match home {
            Some(home) => settings.desk.or_file(home.desk()),
            None => settings.desk.clone(),
        };
        let options = ServiceOptions {
            listen,
            tls: settings.tls(),
            limits: Limits::default(),
            endpoints: settings.endpoints()?,
            send: settings.send(),
            delivery: delivery::Policy::default(),
            account: Account::new(ACCOUNT).map_err(Failure::failed)?,
        };
        let tokens = tokens.map_err(Failure::input)?;
        Ok(Self { tokens, vault, ring, desk, settings: settings.clone(), options })
    }

    /// Starts it.
    pub(crate) fn start(self, at: Surroundings<'_>, clock: &Clock) -> Result<Running, Failure> {
        let Self { tokens, vault, ring, desk, settings, options } = self;
        let desk = Arc::new(desk.open(DeskOptions {
            policy: settings.policy(),
            error_rates_max: error_rates(at.sites),
            vault: Some(Arc::new(vault)),
            ..DeskOptions::default()
        })?);
        let packages = Packages::new(Arc::new(Stored(at.store)), ring);
        let reader = (!settings.no_plate_reader)
            .then(|| plates::open(at.models_dir, at.onnxruntime))
            .flatten();
        let mut known: Vec<Arc<dyn Authenticator>> = vec![Arc::new(tokens)];
        known.extend(at.sessions);
        let auth = Arc::new(AnyOf::new(known));
        let service = Service::start(at.bus, &desk, auth, packages, reader, clock, options)
            .map_err(Failure::failed)?;
        match service.url() {
            Some(url) => tracing::info!("review on {url}, decisions in {}", desk.place()),
            None => tracing::info!("review with decisions in {}", desk.place()),
        }
        Ok(Running { service, desk, clock: clock.clone(), teller: Teller::new() })
    }
}

/// What the site files say of their rules.
fn error_rates(sites: &Sites) -> BTreeMap<(SiteId, String), f64> {
    let of = |loaded: &Loaded| {
        let site = Arc::clone(&loaded.site);
        RULE_NAMES.map(|rule| ((site.id(), rule.to_owned()), site.error_rate_max(rule)))
    };
    sites.all().flat_map(of).collect()
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
