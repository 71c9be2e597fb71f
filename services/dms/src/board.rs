//! What every sign shows now, for pages and the console.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use wayside_proto::{EventTime, SignPictogram};
use wayside_signs::multi::Face;
use wayside_signs::{Show, SignPlan, Why};

use crate::state::{Lamps, SignState, Standing};

/// What every sign shows now.
#[derive(Clone, Debug)]
pub struct Board {
    signs: Arc<Mutex<BTreeMap<String, Panel>>>,
    pages_url: Option<String>,
}

/// One sign.
#[derive(Clone, Debug)]
struct Panel {
    site: String,
    title: String,
    face: Option<Face>,
    address: Option<String>,
    shown: Option<Show>,
    pages: Vec<Lamps>,
    why: Why,
    fault: Option<String>,
    /// When the arbiter was last asked.
    looked: Option<EventTime>,
}

/// What a page is told: what to show and for how long.
pub(crate) struct Told {
    pub(crate) title: String,
    pub(crate) matrix: bool,
    pub(crate) dark: Option<(u16, u16)>,
    pub(crate) why: Why,
    pub(crate) show: Option<Show>,
    pub(crate) pages: Vec<Lamps>,
}

/// An arbiter that was not asked for that long says nothing, seconds: its thread hangs or has ended.
const SILENT_S: f64 = 3.0;

impl Board {
    pub(crate) fn new(plans: &[SignPlan], pages_url: Option<String>) -> Self {
        let panel = |plan: &SignPlan| Panel {
            site: plan.site.0.clone(),
            title: plan.title.clone(),
            face: plan.face,
            address: None,
            shown: None,
            pages: Vec::new(),
            why: Why::NoSource,
            fault: None,
            looked: None,
        };
        let signs = plans.iter().map(|plan| (plan.sign.0.clone(), panel(plan))).collect();
        Self { signs: Arc::new(Mutex::new(signs)), pages_url }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Panel>> {
        self.signs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the arbiter says at this instant.
    pub(crate) fn put(&self, sign: &str, shown: Option<&Show>, why: Option<Why>, now: EventTime) {
        if let Some(panel) = self.lock().get_mut(sign) {
            let other = panel.shown.as_ref().map(|show| &show.text) != shown.map(|show| &show.text);
            if other {
                panel.pages =
                    shown.map_or_else(Vec::new, |show| lamps(panel.face, &show.text.multi));
            }
            panel.shown = shown.cloned();
            panel.why = why.unwrap_or(Why::Nothing);
            panel.looked = Some(now);
        }
    }

    pub(crate) fn reached_at(&self, sign: &str, address: &str) {
        if let Some(panel) = self.lock().get_mut(sign) {
            panel.address = Some(address.to_owned());
        }
    }

    pub(crate) fn fault(&self, sign: &str, fault: Option<String>) {
        if let Some(panel) = self.lock().get_mut(sign) {
            panel.fault = fault;
        }
    }

    /// What a page shows at this instant; none for a sign that is not there.
    pub(crate) fn told(&self, sign: &str, now: EventTime) -> Option<Told> {
        let signs = self.lock();
        let panel = signs.get(sign)?;
        let (show, why) = panel.at(now);
        let dark = panel.face.map(|face| face.dark()).map(|dark| (dark.width, dark.height));
        Some(Told {
            title: panel.title.clone(),
            matrix: panel.face.is_some(),
            dark,
            why,
            pages: show.map_or_else(Vec::new, |_| panel.pages.clone()),
            show: show.cloned(),
        })
    }

    /// Names of the signs, their titles and junctions.
    pub(crate) fn names(&self) -> Vec<(String, String, String)> {
        let signs = self.lock();
        signs.iter().map(|(sign, p)| (sign.clone(), p.title.clone(), p.site.clone())).collect()
    }

    /// How every sign is, in order of name.
    #[must_use]
    pub fn states(&self, now: EventTime) -> Vec<SignState> {
        let url = |sign: &str| self.pages_url.as_ref().map(|url| format!("{url}/signs/{sign}"));
        self.lock().iter().map(|(sign, panel)| panel.state(sign, url(sign), now)).collect()
    }
}

impl Panel {
    /// What is shown at this instant, or why nothing is.
    fn at(&self, now: EventTime) -> (Option<&Show>, Why) {
        let asked =
            self.looked.is_some_and(|looked| (-1.0..SILENT_S).contains(&now.since_s(looked)));
        if !asked {
            return (None, Why::NoSource);
        }
        let holds = |show: &&Show| now >= show.text.not_before && now < show.until;
        match &self.shown {
            Some(show) if holds(&show) => (Some(show), Why::Nothing),
            Some(show) if now >= show.text.expires => (None, Why::Expired),
            // The lease is over: whoever said so was not heard again.
            Some(_) => (None, Why::NoSource),
            None => (None, self.why),
        }
    }

    fn state(&self, sign: &str, page_url: Option<String>, now: EventTime) -> SignState {
        let (show, why) = self.at(now);
        let text = show.map(|show| &show.text);
        SignState {
            sign: sign.to_owned(),
            site: self.site.clone(),
            name: self.title.clone(),
            kind: if self.face.is_some() { "matrix" } else { "billboard" },
            state: match (show, why) {
                (Some(_), _) => Standing::Showing,
                (None, Why::Nothing | Why::Expired) => Standing::Blank,
                (None, Why::NoSource | Why::ClockBack | Why::ClockAhead) => Standing::NoSource,
            },
            why: show.is_none().then_some(why.as_str()),
            text: text.map_or_else(Vec::new, |text| text.lines.clone()),
            pictogram: text.and_then(|text| text.pictogram).map(SignPictogram::as_str),
            multi: text.map_or_else(String::new, |text| text.multi.clone()),
            priority: text.map(|text| text.priority),
            since: text.map(|text| text.not_before.to_string()),
            expires: text.map(|text| text.expires.to_string()),
            source: show.map(|show| show.source.clone()),
            page_url,
            pages: show.map_or_else(Vec::new, |_| self.pages.clone()),
            address: self.address.clone(),
            fault: self.fault.clone(),
        }
    }
}

/// Lamps of each page; none for a billboard. What is shown was read before.
fn lamps(face: Option<Face>, multi: &str) -> Vec<Lamps> {
    let pages = face.and_then(|face| face.render(multi).ok()).unwrap_or_default();
    pages
        .iter()
        .map(|page| Lamps {
            rows: page.rows(),
            on_ms: u32::from(page.on_ds) * 100,
            off_ms: u32::from(page.off_ds) * 100,
        })
        .collect()
}
