//! What all threads of a camera know.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustls::ServerConfig;
use wayside_proto::EventTime;

use crate::clip::Clip;
use crate::event::Event;
use crate::faults::{Conditions, Weather};
use crate::options::{Credentials, EventSink, Options};

/// What changes while it runs.
struct State {
    conditions: Conditions,
    clip: Arc<Clip>,
}

/// What all threads of a camera know.
pub(super) struct Shared {
    pub(super) address: SocketAddr,
    pub(super) start: Option<EventTime>,
    pub(super) credentials: Option<Credentials>,
    pub(super) tls: Option<Arc<ServerConfig>>,
    pub(super) sender_reports: bool,
    events: Option<EventSink>,
    ended: AtomicBool,
    state: Mutex<State>,
}

impl Shared {
    pub(super) fn new(
        options: &Options,
        address: SocketAddr,
        tls: Option<Arc<ServerConfig>>,
        clip: Arc<Clip>,
    ) -> Self {
        Self {
            address,
            start: options.start,
            credentials: options.credentials.clone(),
            tls,
            sender_reports: options.sender_reports,
            events: options.events.clone(),
            ended: AtomicBool::new(false),
            state: Mutex::new(State { conditions: Conditions::default(), clip }),
        }
    }

    /// The address for the session description.
    pub(super) fn ip(&self) -> IpAddr {
        self.address.ip()
    }

    pub(super) fn tell(&self, event: &Event) {
        if let Some(EventSink(hear)) = &self.events {
            hear(event);
        }
    }

    /// Every connection must close.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::Release);
    }

    pub(super) fn ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    pub(super) fn weather(&self, connection: u64) -> Weather {
        self.state().conditions.weather(connection)
    }

    pub(super) fn clip(&self) -> Arc<Clip> {
        Arc::clone(&self.state().clip)
    }

    /// Looks at the faults, or changes them.
    pub(super) fn conditions<T>(&self, act: impl FnOnce(&mut Conditions) -> T) -> T {
        act(&mut self.state().conditions)
    }

    /// Another clip for those who come from now on.
    pub(super) fn serve(&self, clip: Arc<Clip>) {
        self.state().clip = clip;
    }

    // Threads that panic leave a state that is whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 64 bits that nobody can guess: the standard library keys its hash tables with them.
pub(super) fn chance() -> u64 {
    RandomState::new().build_hasher().finish()
}
