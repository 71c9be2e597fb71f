//! Where the console learns what signs show.

use wayside_dms::{Board, Standing};
use wayside_proto::EventTime;

use crate::shapes::{SignCondition, SignJson, SignPage};

/// Knows what signs show.
pub trait SignStates: Send + Sync + std::fmt::Debug {
    /// All signs as they are at `now`, in order of id. Asked every second and for every request: it answers out
    /// of memory, without waiting.
    fn states(&self, now: EventTime) -> Vec<SignJson>;
}

impl SignStates for Board {
    fn states(&self, now: EventTime) -> Vec<SignJson> {
        let shown = Self::states(self, now).into_iter().map(|sign| SignJson {
            sign: sign.sign,
            site: sign.site,
            name: sign.name,
            kind: sign.kind.to_owned(),
            state: match sign.state {
                Standing::Showing => SignCondition::Showing,
                Standing::Blank => SignCondition::Blank,
                Standing::NoSource => SignCondition::NoSource,
            },
            why: sign.why.map(str::to_owned),
            text: sign.text,
            pictogram: sign.pictogram.map(str::to_owned),
            multi: sign.multi,
            priority: sign.priority,
            since: sign.since,
            expires: sign.expires,
            page_url: sign.page_url,
            pages: sign
                .pages
                .into_iter()
                .map(|page| SignPage { rows: page.rows, on_ms: page.on_ms, off_ms: page.off_ms })
                .collect(),
            fault: sign.fault,
        });
        shown.collect()
    }
}
