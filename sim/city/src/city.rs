//! The city as a whole.

use std::sync::Arc;

use wayside_proto::SiteId;
use wayside_proto::convert::FrameProblem;

use crate::cycle::CYCLE_US;
use crate::junction::Junction;
use crate::names::{CAMERAS_PER_SITE, run_name, site_name};
use crate::options::{CityOptions, OptionsError};
use crate::rng::Rng;
use crate::section::{SectionPlan, SectionStream};
use crate::site_file;
use crate::stream::SiteStream;
use crate::tape::{Tape, TapePlayer};

/// A city of cameras. Its sites are independent of each other: N cameras cost N times one.
#[derive(Clone, Debug)]
pub struct City {
    options: CityOptions,
}

impl City {
    /// The city of these options.
    ///
    /// # Errors
    /// Where one lies outside its range.
    pub fn new(options: CityOptions) -> Result<Self, OptionsError> {
        options.check()?;
        Ok(Self { options })
    }

    /// What it was made of.
    #[must_use]
    pub fn options(&self) -> &CityOptions {
        &self.options
    }

    /// Sites, numbered from 0.
    #[must_use]
    pub fn sites(&self) -> u32 {
        self.options.cameras.div_ceil(CAMERAS_PER_SITE)
    }

    /// Cameras of a site: four, fewer at the last one.
    #[must_use]
    pub fn cameras_of(&self, site: u32) -> u32 {
        let before = site.saturating_mul(CAMERAS_PER_SITE);
        self.options.cameras.saturating_sub(before).min(CAMERAS_PER_SITE)
    }

    /// The stream of a site, from the beginning.
    #[must_use]
    pub fn junction(&self, site: u32) -> Junction {
        Junction::new(&self.options, site, self.cameras_of(site))
    }

    /// The first `count` sites, each with four cameras, as tapes of `cycles` signal cycles; no more
    /// than there are sites.
    ///
    /// # Errors
    /// Where a message breaks the contract.
    pub fn tapes(&self, count: u32, cycles: u32) -> Result<Vec<Arc<Tape>>, FrameProblem> {
        let period_us = i64::from(cycles.max(1)) * CYCLE_US;
        (0..count.min(self.sites()))
            .map(|number| {
                let mut junction = Junction::new(&self.options, number, CAMERAS_PER_SITE);
                let mut events = Vec::new();
                while junction.next_us() < period_us {
                    junction.step(&mut events);
                }
                junction.finish(&mut events);
                Tape::new(self.options.start, period_us, events).map(Arc::new)
            })
            .collect()
    }

    /// The stream of a site as messages, from the beginning: generated where there are no tapes, else
    /// played from the one whose turn it is, from a place of its own.
    #[must_use]
    pub fn stream(&self, site: u32, tapes: &[Arc<Tape>]) -> SiteStream {
        let turn = site.checked_rem(tapes.len() as u32).unwrap_or(0);
        let Some(tape) = tapes.get(turn as usize) else { return self.junction(site).into() };
        let mut rng = Rng::new(self.options.seed, &[u64::from(site), 0x7a9e]);
        let offset_us = rng.below(tape.period_us().unsigned_abs()) as i64;
        let run = run_name(self.options.seed);
        let (name, cameras) = (SiteId(site_name(site)), self.cameras_of(site) as usize);
        let start = self.options.start;
        TapePlayer::new(Arc::clone(tape), name, &run, start, cameras, offset_us).into()
    }

    /// Sections, numbered from 0: one between the two sites of a pair.
    #[must_use]
    pub fn sections(&self) -> u32 {
        self.sites() / 2
    }

    /// The passages of a section, from the beginning.
    #[must_use]
    pub fn section(&self, number: u32) -> SectionStream {
        SectionStream::new(&self.options, number)
    }

    /// The site file of a site, TOML.
    #[must_use]
    pub fn site_file(&self, site: u32) -> String {
        let section = site / 2;
        let plan =
            (section < self.sections()).then(|| SectionPlan::new(self.options.seed, section));
        site_file::text(site, self.cameras_of(site), self.options.start, plan.as_ref())
    }
}
