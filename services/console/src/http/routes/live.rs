//! Live updates as server-sent events.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::unfold;
use serde::Deserialize;
use utoipa::IntoParams;
use wayside_http::{Problem, Query};
use wayside_proto::SiteId;

use crate::http::caller::Caller;
use crate::http::state::App;

/// How often it is looked whether the session still holds.
const LOOK: Duration = Duration::from_secs(5);

/// What is wanted.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LiveQuery {
    /// Tracks and clock of this junction alone. The other events come of all junctions.
    pub site: Option<String>,
    /// Whether tracks are wanted; they are where this is absent.
    pub tracks: Option<bool>,
    /// Where to go on: `event_id` of an overview or a state, or the id of the last event. The header
    /// `Last-Event-ID` goes before it.
    pub last_event_id: Option<String>,
    /// The role to act in, where it is not in the header `Wayside-Role`.
    pub role: Option<String>,
}

/// Live updates: `text/event-stream` with the events `tracks` ([CameraTracks], newest only, of a
/// camera at most 5 a second with `site`, and 1 a second without), `signals` ([LiveSignal]), `health` ([LiveHealth]), `event` ([EventJson]), `travel_time`
/// ([TravelTimeJson]), `evidence` ([LiveEvidence]), `citation` ([LiveCitation]), `stand_down`
/// ([LiveStandDown]), `sign` ([SignJson]), `clock` ([LiveClock], every second), `reset` ([LiveReset]) and
/// `missed` ([LiveMissed]). Ids are `{epoch}-{number}`; `tracks` and `clock` have none. A client that comes back
/// with `Last-Event-ID` gets every event once, as long as the server still has them; else the first event is
/// `reset`. A client that is too slow gets `missed` and goes on with the newest.
#[utoipa::path(get, path = "/api/v1/live", tag = "live", params(LiveQuery),
    responses((status = 200, body = String, content_type = "text/event-stream"),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json",
            description = "Too many clients.")))]
pub async fn live(
    State(app): State<App>,
    caller: Caller,
    Query(wanted): Query<LiveQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(site) = &wanted.site {
        app.sites().get(site).ok_or_else(|| Problem::not_found("site"))?;
    }
    let seat = app.seat(caller.account())?;
    let header = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let last_id = header.or(wanted.last_event_id.as_deref());
    let shared = app.shared();
    let client = shared.hub().join(last_id, shared.clock.clone());
    let client = client.of_site(wanted.site.map(SiteId));
    let client = if wanted.tracks == Some(false) { client.without_tracks() } else { client };
    let looked = Instant::now();
    let session = Session { app: app.clone(), caller, headers, role: wanted.role, looked };
    let stream = unfold((client, session, seat), |(mut client, mut session, seat)| async move {
        let next = client.next().await?;
        session.holds().then_some((Ok::<Bytes, Infallible>(next), (client, session, seat)))
    });
    let mut response = Body::from_stream(stream).into_response();
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
    // A proxy that collects answers would hold events back.
    answer.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

/// The session that the stream rests on.
struct Session {
    app: App,
    caller: Caller,
    headers: HeaderMap,
    role: Option<String>,
    looked: Instant,
}

impl Session {
    /// Whether it still holds; looked at every few seconds.
    fn holds(&mut self) -> bool {
        if self.looked.elapsed() < LOOK {
            return true;
        }
        self.looked = Instant::now();
        self.caller.still_holds(&self.app, &self.headers, self.role.as_deref())
    }
}
