//! The console made ready, and started: in a process of its own, or inside `wayside run`.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use wayside_accounts::http::HttpOptions;
use wayside_accounts::{Accounts, AccountsOptions, PublicUrl, commands, oidc};
use wayside_bus::Bus;
use wayside_console::feed::LookBack;
use wayside_console::web::Web;
use wayside_console::{Parts, Service, ServiceOptions, SignStates, SiteEntry, Sites as Shown};
use wayside_desk::Desk;
use wayside_http::Clock;
use wayside_listen::Bound;
use wayside_proto::{ReportSource, SignalReport};
use wayside_rules::signals::SignalRecord;
use wayside_workbench::sites::Shelf;
use wayside_workbench::{Workbench, WorkbenchOptions, http as workbench_http};

use super::engine::Program;
use super::pictures::Cameras;
use super::waiting::OfDesk;
use crate::cli::ModelArgs;
use crate::commands::console_args::ConsoleSettings;
use crate::failure::Failure;
use crate::replay::inputs;
use crate::sites::{Loaded, Sites};

/// How often recordings whose time is over are looked for.
const TIDY_EVERY: Duration = Duration::from_secs(60);
/// The file of accounts below the folder of data.
const ACCOUNTS: &str = "accounts.sqlite";
/// Recordings and jobs below the folder of data.
const WORKBENCH: &str = "workbench";

/// What can be refused before anything runs.
pub(crate) struct Opened {
    listen: Bound,
    settings: ConsoleSettings,
    accounts: Arc<Accounts>,
    data: PathBuf,
}

/// What is there when it starts.
pub(crate) struct Surroundings<'a> {
    pub(crate) bus: &'a Arc<dyn Bus>,
    pub(crate) sites: &'a Sites,
    pub(crate) models: &'a ModelArgs,
    /// The API of review.
    pub(crate) review: Option<Router>,
    /// Its desk.
    pub(crate) desk: Option<Arc<Desk>>,
    /// Where pictures of cameras come from.
    pub(crate) pictures: Option<Cameras>,
    /// Signs.
    pub(crate) signs: Option<Arc<dyn SignStates>>,
}

/// The console while it runs.
pub(crate) struct Console {
    service: Service,
    shown: Arc<Shown>,
    bench: Arc<Workbench>,
    tidied: Instant,
}

impl Opened {
    /// Opens accounts, and prints the link for the first where there is none.
    pub(crate) fn open(
        settings: &ConsoleSettings,
        listen: SocketAddr,
        data: &Path,
    ) -> Result<Self, Failure> {
        std::fs::create_dir_all(data).map_err(|error| Failure::unwritable(data, &error))?;
        // Links and passkeys name the port, so it is taken before they are made.
        let listen = Bound::to(listen).map_err(Failure::failed)?;
        let url = PublicUrl::parse(&settings.public_url(listen.addr())).map_err(Failure::input)?;
        let mut options = AccountsOptions::new(url);
        if let Some(file) = &settings.oidc {
            options.providers = oidc::read_providers(file).map_err(Failure::input)?;
        }
        let file = settings.accounts.clone().unwrap_or_else(|| data.join(ACCOUNTS));
        let accounts = Accounts::open(&file, options).map_err(Failure::failed)?;
        Ok(Self { listen, settings: settings.clone(), accounts, data: data.to_owned() })
    }

    /// Who is signed in.
    pub(crate) fn accounts(&self) -> &Arc<Accounts> {
        &self.accounts
    }

    /// Where new site files go.
    pub(crate) fn sites_folder(&self) -> Option<PathBuf> {
        self.settings.sites_folder.clone()
    }

    /// Starts it.
    pub(crate) fn start(self, at: Surroundings<'_>) -> Result<Console, Failure> {
        let clock = Clock::system();
        let entries: Result<Vec<SiteEntry>, Failure> = at.sites.all().map(entry).collect();
        let shown = Arc::new(Shown::new(entries?));
        let cameras = at.pictures.map(Arc::new);
        let engine = Program {
            bus: Arc::clone(at.bus),
            models: at.models.clone(),
            cameras: cameras.clone(),
            clock: clock.clone(),
        };
        let files: BTreeMap<String, PathBuf> =
            at.sites.all().map(|loaded| (loaded.site.id().0, loaded.path.clone())).collect();
        let shelf = Shelf::new(files, self.settings.sites_folder.clone());
        let bench = Workbench::open(
            &self.data.join(WORKBENCH),
            shelf,
            Arc::new(engine),
            WorkbenchOptions::default(),
        )
        .map_err(Failure::failed)?;
        let bench = Arc::new(bench);
        let app = workbench_http::App::new(Arc::clone(&bench), Arc::clone(&self.accounts));
        let desk =
            at.desk.map(|desk| Arc::new(OfDesk(desk)) as Arc<dyn wayside_console::ReviewQueue>);
        let pictures = cameras.map(|cameras| cameras as Arc<dyn wayside_console::Pictures>);
        let parts = Parts {
            bus: Arc::clone(at.bus),
            sites: Arc::clone(&shown),
            accounts: Arc::clone(&self.accounts),
            sign_in: HttpOptions { origin: self.settings.origin() },
            review: at.review,
            engineer: Some(workbench_http::router(app)),
            pictures,
            signs: at.signs,
            queue: desk,
            web: Web::embedded(),
            look_back: LookBack::default(),
            clock: clock.clone(),
        };
        let options = ServiceOptions { listen: self.listen, tls: self.settings.tls() };
        let service = Service::start(parts, options).map_err(Failure::failed)?;
        let url = self.settings.public_url(service.addr());
        tracing::info!("the console is on {url}");
        let link = commands::setup_address(&self.accounts, clock.now()).map_err(Failure::failed)?;
        if let Some(link) = link {
            // On standard error, and not in the log: whoever has it becomes the first account.
            eprintln!("Open this link once, to make the first account of the console:\n  {link}");
        }
        Ok(Console { service, shown, bench, tidied: Instant::now() })
    }
}

impl Console {
    /// A site file has changed.
    pub(crate) fn replace(&self, loaded: &Loaded) {
        self.bench.found(loaded.site.id().as_str(), loaded.path.clone());
        match entry(loaded) {
            Ok(entry) => self.shown.put(entry),
            Err(failure) => tracing::warn!("the console keeps the signals that it had: {failure}"),
        }
    }

    /// Looks after it: why it cannot go on; none while it can.
    pub(crate) fn look(&mut self) -> Option<String> {
        if self.tidied.elapsed() >= TIDY_EVERY {
            self.tidied = Instant::now();
            if let Err(error) = self.bench.tidy() {
                tracing::warn!("a recording whose time is over stays for now: {error}");
            }
        }
        self.service.failure()
    }
}

/// A site with what its signal log says.
fn entry(loaded: &Loaded) -> Result<SiteEntry, Failure> {
    let site = Arc::clone(&loaded.site);
    let log = site.file().signals.log.as_ref().map(|log| inputs::beside(&loaded.path, log));
    let records = match log {
        Some(path) => inputs::signal_records(&site, &path)?.0,
        None => Vec::new(),
    };
    let report = |record: SignalRecord| SignalReport {
        site: site.id(),
        group: record.group,
        state: record.state,
        time: record.time,
        source: ReportSource::Log,
    };
    let logged = Arc::new(records.into_iter().map(report).collect());
    Ok(SiteEntry { logged, ..SiteEntry::new(Arc::clone(&loaded.site)) })
}
