//! A ticketing system that is not always well, and counts what reaches it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::serve::{Asked, serve};

#[derive(Default)]
struct Got {
    posts: usize,
    /// Revisions in the order in which they came for the first time, by violation.
    citations: BTreeMap<String, Vec<u64>>,
}

/// The receiver.
pub struct Ticketing {
    port: u16,
    got: Arc<Mutex<Got>>,
}

impl Ticketing {
    pub fn start() -> Self {
        let got = Arc::new(Mutex::new(Got::default()));
        let keep = Arc::clone(&got);
        Self { port: serve(move |asked| (take(&mut lock(&keep), &asked), Vec::new())), got }
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/citations", self.port)
    }

    pub fn posts(&self) -> usize {
        lock(&self.got).posts
    }

    /// Revisions by violation, as they came.
    pub fn cited(&self) -> BTreeMap<String, Vec<u64>> {
        lock(&self.got).citations.clone()
    }
}

fn lock(got: &Mutex<Got>) -> MutexGuard<'_, Got> {
    got.lock().unwrap_or_else(PoisonError::into_inner)
}

fn take(got: &mut Got, asked: &Asked) -> u16 {
    got.posts += 1;
    assert!(asked.header("webhook-signature").is_some(), "{:?}", asked.headers);
    let event: Value = serde_json::from_slice(&asked.body).unwrap();
    let revision = event["data"]["revision"].as_u64().unwrap();
    let violation = event["data"]["violation"].as_str().unwrap().to_owned();
    // Each third post is taken and answered with a failure, so that it comes again; each fourth is
    // refused before it is read.
    if got.posts.is_multiple_of(4) {
        return 503;
    }
    let revisions = got.citations.entry(violation).or_default();
    if !revisions.contains(&revision) {
        revisions.push(revision);
    }
    if got.posts.is_multiple_of(3) { 500 } else { 204 }
}
