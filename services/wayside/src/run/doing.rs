//! What a process does besides watching.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use wayside_bus::Bus;
use wayside_cases::retention::RetentionPolicy;
use wayside_desk::{Desk, DeskOptions};
use wayside_evidence::Store;
use wayside_ingest::live::WorkerClock;

use crate::commands::desk_args::DeskArgs;
use crate::commands::run::RunArgs;
use crate::commands::signs::SignsSettings;
use crate::console::Opened;
use crate::enforce::Judging;
use crate::evidence::Packing;
use crate::failure::Failure;
use crate::retention::{Keeping, RetentionThread};
use crate::review::{Home, Reviewing};
use crate::sites::Sites;

/// What it does; each is opened before any camera is.
#[derive(Default)]
pub(crate) struct Doing<'a> {
    /// Rules and sections.
    pub(crate) judging: Option<&'a Judging>,
    /// Packages.
    pub(crate) evidence: Option<Packing>,
    /// Cases, decisions, citations.
    pub(crate) review: Option<Reviewing>,
    /// Packages and cases whose time is over.
    pub(crate) retention: Option<PackageRetention>,
    /// The console.
    pub(crate) console: Option<Opened>,
    /// Signs.
    pub(crate) signs: Option<&'a SignsSettings>,
}

/// How long packages and cases are kept.
pub(crate) struct PackageRetention {
    policy: RetentionPolicy,
    every: Duration,
    /// A database of decisions of an earlier start, used where nobody decides now.
    desk: Option<DeskArgs>,
    /// Whether others may keep packages in the same store.
    shared: bool,
    /// With Kafka, review is a process that this one does not know.
    embedded: bool,
}

impl PackageRetention {
    /// As the arguments say.
    pub(crate) fn of(args: &RunArgs) -> Self {
        let data = &args.ingest.bus.data;
        let desk = args.settings.desk.or_file(Home::desk_below(data));
        Self {
            policy: args.spans.policy(),
            every: Duration::from_secs(args.retention_every * 60),
            desk: Some(desk).filter(DeskArgs::is_there),
            shared: args.evidence.as_deref().is_some_and(|place| place.contains("://")),
            embedded: args.ingest.bus.kafka.is_none(),
        }
    }

    /// Starts it, with the desk of this process where there is one. Without one and with Kafka nothing is deleted
    /// here: the packages of living cases would go by their age.
    pub(crate) fn start(
        self,
        store: Arc<Store>,
        desk: Option<Arc<Desk>>,
        sites: &Sites,
        bus: &Arc<dyn Bus>,
        clock: WorkerClock,
    ) -> Result<Option<RetentionThread>, Failure> {
        let desk = match (desk, self.desk) {
            (Some(desk), _) => Some(desk),
            (None, Some(args)) => Some(Arc::new(args.open(DeskOptions::default())?)),
            (None, None) if self.embedded => None,
            (None, None) => {
                tracing::info!("packages stay until `wayside retention run` deletes them");
                return Ok(None);
            }
        };
        let own = || sites.all().map(|loaded| loaded.site.id()).collect::<BTreeSet<_>>();
        let (policy, every) = (self.policy, self.every);
        let keeping = Keeping { store, desk, sites: self.shared.then(own), policy, every };
        RetentionThread::start(keeping, bus, clock).map(Some)
    }
}
