//! Whether two site files that share a section say the same about it.

use std::fmt;

use super::Site;
use crate::model::Section;
use wayside_proto::SectionEnd;

/// One thing that two files say differently of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionDisagreement {
    /// The section.
    pub section: String,
    /// The key, for example `length_m` or `exit.site`.
    pub key: String,
    /// The sites, by id.
    pub sites: [String; 2],
    /// What each of them says.
    pub values: [String; 2],
}

impl fmt::Display for SectionDisagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ([here, there], [one, other]) = (&self.sites, &self.values);
        write!(
            f,
            "section {}: {} is {one} in site {here} and {other} in site {there}\n  hint: a section \
             that two files share has the same values in both",
            self.section, self.key
        )
    }
}

/// What two files say differently of the sections that they share, in the order of the first. Empty
/// where they agree, or share none.
#[must_use]
pub fn sections_agree(a: &Site, b: &Site) -> Vec<SectionDisagreement> {
    let mut found = Vec::new();
    for section in &a.file().sections {
        let other = b.section(&section.id);
        let mut differs = |key: &str, one: String, other: String| {
            if one != other {
                found.push(SectionDisagreement {
                    section: section.id.clone(),
                    key: key.to_owned(),
                    sites: [a.file().site.id.clone(), b.file().site.id.clone()],
                    values: [one, other],
                });
            }
        };
        if let Some(other) = other {
            for ((key, one), (_, other)) in values(section).into_iter().zip(values(other)) {
                differs(key, one, other);
            }
            for end in SectionEnd::ALL {
                let key = format!("{}.site", end.as_str());
                differs(&key, owner(a, section, end), owner(b, other, end));
            }
        } else if SectionEnd::ALL.into_iter().any(|end| owner(a, section, end) == b.file().site.id)
        {
            differs("id", format!("`{}`", section.id), "not there".to_owned());
        }
    }
    for section in &b.file().sections {
        let here =
            SectionEnd::ALL.into_iter().any(|end| owner(b, section, end) == a.file().site.id);
        if here && a.section(&section.id).is_none() {
            found.push(SectionDisagreement {
                section: section.id.clone(),
                key: "id".to_owned(),
                sites: [a.file().site.id.clone(), b.file().site.id.clone()],
                values: ["not there".to_owned(), format!("`{}`", section.id)],
            });
        }
    }
    found
}

/// The site whose file describes a gate.
fn owner(site: &Site, section: &Section, end: SectionEnd) -> String {
    section.gate(end).site.clone().unwrap_or_else(|| site.file().site.id.clone())
}

/// What matching and judging depend on, defaults filled in.
fn values(section: &Section) -> [(&'static str, String); 8] {
    let limit = |limit: Option<f64>| limit.map_or("absent".to_owned(), |limit| limit.to_string());
    [
        ("length_m", section.length_m.to_string()),
        ("length_sigma_m", section.length_sigma_m_or_default().to_string()),
        ("limit_kmh", limit(section.limit_kmh)),
        ("limit_truck_kmh", limit(section.limit_truck_kmh)),
        ("limit_bus_kmh", limit(section.limit_bus_kmh)),
        ("expiry_s", section.expiry_s.to_string()),
        ("travel_time_s_max", section.travel_time_s_max_or_default().to_string()),
        ("speed_kmh_max", section.speed_kmh_max.to_string()),
    ]
}
