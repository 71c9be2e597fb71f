//! How the endpoints are, for the API.

use std::sync::{Mutex, PoisonError};

use super::delivery::State;

/// How one endpoint is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointState {
    /// Its address without a query.
    pub url: String,
    /// Its deliveries.
    pub state: State,
}

/// Written by the endpoint's thread, read by the API.
#[derive(Debug)]
pub(super) struct Shared {
    url: String,
    state: Mutex<State>,
}

impl Shared {
    pub(super) fn new(url: String, state: State) -> Self {
        Self { url, state: Mutex::new(state) }
    }

    pub(super) fn set(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    pub(super) fn get(&self) -> EndpointState {
        let state = *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        EndpointState { url: self.url.clone(), state }
    }
}
