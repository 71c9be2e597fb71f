//! What an enforcer has done.

/// What one call of [`crate::Enforcer::run_once`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Records read.
    pub read: u64,
    /// Partitions that this process has.
    pub partitions: usize,
    /// Records of these that are still to be read, as far as is known.
    pub lag: u64,
    /// It is still reading again what it had read before a restart.
    pub catching_up: bool,
    /// Outcomes and dead letters stored.
    pub stored: u64,
    /// Outcomes and dead letters that the log knew already.
    pub duplicates: u64,
}

/// Counters since the enforcer was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Observations of the site that were taken, those read again after a restart included.
    pub observed: u64,
    /// Observations read again after a restart.
    pub read_again: u64,
    /// Violations decided, and those offered to the log once more after a restart.
    pub violations: u64,
    /// Voids, in the same way.
    pub voids: u64,
    /// Outcomes that a restart decided again and that were known.
    pub known: u64,
    /// Outcomes about tracks whose beginning could not be read again; they are not stored.
    pub given_up: u64,
    /// Records that could not be read.
    pub dead_letters: u64,
    /// Records that retention had deleted before they were read.
    pub missed: u64,
    /// Observations that were not later than the one before them; they are not judged.
    pub out_of_order: u64,
    /// Observations of other sites.
    pub other_sites: u64,
    /// Signal reports taken.
    pub signals: u64,
    /// Observations of cameras beyond the number that a site may have.
    pub cameras_refused: u64,
    /// Cameras that were silent for too long.
    pub cameras_dropped: u64,
    /// Living tracks of these; nothing was concluded about them any more.
    pub tracks_dropped: u64,
    /// Commits that were refused because the partition had become another's; done again there.
    pub lost: u64,
    /// Now: cameras.
    pub cameras: u64,
    /// Now: tracks that have not ended.
    pub tracks_alive: u64,
    /// Now: observations that wait for the allowed lateness.
    pub waiting: u64,
    /// Now: cameras with a track that a restart would give up.
    pub cameras_beyond_rewind: u64,
}

impl Totals {
    /// Adds what another part has counted and has now.
    pub(crate) fn add(&mut self, other: &Self) {
        self.add_past(other);
        self.cameras += other.cameras;
        self.tracks_alive += other.tracks_alive;
        self.waiting += other.waiting;
        self.cameras_beyond_rewind += other.cameras_beyond_rewind;
    }

    /// Adds what another part has counted; what it had is gone.
    pub(crate) fn add_past(&mut self, other: &Self) {
        self.observed += other.observed;
        self.read_again += other.read_again;
        self.violations += other.violations;
        self.voids += other.voids;
        self.known += other.known;
        self.given_up += other.given_up;
        self.dead_letters += other.dead_letters;
        self.missed += other.missed;
        self.out_of_order += other.out_of_order;
        self.other_sites += other.other_sites;
        self.signals += other.signals;
        self.cameras_refused += other.cameras_refused;
        self.cameras_dropped += other.cameras_dropped;
        self.tracks_dropped += other.tracks_dropped;
        self.lost += other.lost;
    }
}
