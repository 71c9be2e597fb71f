//! The sections that the site files name.

use std::collections::BTreeMap;

use wayside_proto::{SectionEnd, SectionId};
use wayside_sections::Settings;
use wayside_site::{Site, sections_agree};

/// What is known of every section.
#[derive(Debug, Default)]
pub(crate) struct SectionMap {
    settings: BTreeMap<SectionId, Settings>,
    expiry_us_max: i64,
}

impl SectionMap {
    /// From all site files. A section belongs to the file of its exit.
    ///
    /// # Errors
    /// Where two files say different things of one section.
    pub(crate) fn of(sites: &[&Site]) -> Result<Self, String> {
        let mut map = Self::default();
        let mut by_section: BTreeMap<&str, Vec<&Site>> = BTreeMap::new();
        for site in sites {
            for section in &site.file().sections {
                by_section.entry(&section.id).or_default().push(site);
                let expiry_us = (section.expiry_s * 1e6).round() as i64;
                map.expiry_us_max = map.expiry_us_max.max(expiry_us);
                if let Some(settings) = Settings::of(site, &section.id) {
                    map.settings.insert(settings.section.clone(), settings);
                }
            }
        }
        for files in by_section.values() {
            let Some((first, others)) = files.split_first() else { continue };
            for other in others {
                if let Some(found) = sections_agree(first, other).first() {
                    return Err(found.to_string());
                }
            }
        }
        Ok(map)
    }

    pub(crate) fn get(&self, section: &SectionId) -> Option<&Settings> {
        self.settings.get(section)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.settings.is_empty()
    }

    /// The longest that a passage is kept, microseconds.
    pub(crate) fn expiry_us_max(&self) -> i64 {
        self.expiry_us_max
    }

    /// Every section.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &SectionId> {
        self.settings.keys()
    }
}

/// The end in the words of the index.
pub(crate) fn end(end: SectionEnd) -> wayside_index::End {
    match end {
        SectionEnd::Entry => wayside_index::End::Entry,
        SectionEnd::Exit => wayside_index::End::Exit,
    }
}
