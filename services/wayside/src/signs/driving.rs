//! Signs on a bus that is there, with their pages.

use std::path::Path;
use std::sync::Arc;

use wayside_bus::Bus;
use wayside_dms::{Options, Service, SiteFile};
use wayside_listen::{Bound, Listening, TlsFiles};
use wayside_signs::Templates;

use crate::commands::signs::SignsSettings;
use crate::failure::Failure;
use crate::sites::Sites;

/// Files of templates that are read, at most.
const FILES_MAX: usize = 256;

/// Drives signs and serves their pages while it lives. The pages end first: then nothing asks any more.
pub(crate) struct Driving {
    pages: Listening,
    service: Service,
}

impl Driving {
    /// Starts to drive the signs of these sites.
    pub(crate) fn start(
        bus: Arc<dyn Bus>,
        sites: &Sites,
        settings: &SignsSettings,
        source: &str,
        feed: bool,
    ) -> Result<Self, Failure> {
        let templates = templates(settings.templates.as_deref())?;
        let files = site_files(sites);
        let tls = settings.signs_tls_cert.clone().zip(settings.signs_tls_key.clone());
        let tls = tls.map(|(certificate, key)| TlsFiles { certificate, key });
        // The address has to be known before the pages are: their URL stands in the state of each sign.
        let scheme = if tls.is_some() { "https" } else { "http" };
        let listen = Bound::to(settings.signs_listen).map_err(Failure::failed)?;
        let options = Options {
            feed,
            pages_url: Some(format!("{scheme}://{}", listen.addr())),
            broken: |what| {
                wayside_telemetry::invariant_violated(wayside_telemetry::Invariant::Sg1, what)
            },
            ..Options::new(source, templates)
        };
        let service = Service::start(bus, &files, options).map_err(refused)?;
        let threads = wayside_listen::Options { name: "sign-pages", ..Default::default() };
        let pages = Listening::serve(listen, tls.as_ref(), service.router(), threads)
            .map_err(Failure::failed)?;
        Ok(Self { pages, service })
    }

    /// The signs.
    pub(crate) fn service(&self) -> &Service {
        &self.service
    }

    /// Where the pages are, without a path.
    pub(crate) fn url(&self) -> String {
        self.pages.url()
    }

    /// Why signs are not driven any more, or their pages are not served.
    pub(crate) fn failure(&self) -> Option<String> {
        self.service.failure().or_else(|| self.pages.failure())
    }
}

fn refused(error: wayside_dms::DmsError) -> Failure {
    match error {
        wayside_dms::DmsError::Bus(_) | wayside_dms::DmsError::Thread(_) => Failure::failed(error),
        other => Failure::input(other),
    }
}

pub(crate) fn site_files(sites: &Sites) -> Vec<SiteFile> {
    let folder = |path: &Path| path.parent().unwrap_or(Path::new("")).to_path_buf();
    let file = |loaded: &crate::sites::Loaded| SiteFile {
        site: Arc::clone(&loaded.site),
        folder: folder(&loaded.path),
    };
    sites.all().map(file).collect()
}

/// The built-in templates and those of a folder.
pub(crate) fn templates(folder: Option<&Path>) -> Result<Templates, Failure> {
    let mut own = Vec::new();
    if let Some(folder) = folder {
        let listed =
            std::fs::read_dir(folder).map_err(|error| Failure::unreadable(folder, &error))?;
        let mut paths = Vec::new();
        for entry in listed.take(FILES_MAX) {
            paths.push(entry.map_err(|error| Failure::unreadable(folder, &error))?.path());
        }
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
        paths.sort();
        for path in paths {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path)
                .map_err(|error| Failure::unreadable(&path, &error))?;
            own.push((name, text));
        }
    }
    Templates::with(&own).map_err(Failure::input)
}
