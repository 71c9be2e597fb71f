//! What a connection answers.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use wayside_proto::EventTime;

use super::PATH;
use super::connection::{Cause, Connection, Session};
use super::shared::chance;
use crate::event::Event;
use crate::rtsp::{Access, Request, Response, status};
use crate::stream::{Offer, Player, Timing, Transport, offers, sdp};

/// A session must be heard of so often, seconds.
pub(super) const SESSION_S: u64 = 60;

enum Refusal {
    Access(String),
    Path,
}

const METHODS: &str = "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, SET_PARAMETER, TEARDOWN";

impl Connection {
    /// Answers a request. An error is the reason to close.
    pub(super) fn answer(&mut self, request: &Request) -> Result<(), Cause> {
        let cseq = request.header("CSeq").map(str::to_owned);
        let new = |status| Response::new(status, cseq.as_deref());
        let (response, end) = match self.refuse(request) {
            Some(Refusal::Access(challenge)) => {
                (new(status::UNAUTHORIZED).with("WWW-Authenticate", &challenge), None)
            }
            Some(Refusal::Path) => (new(status::NOT_FOUND), None),
            None => match request.method.as_str() {
                "OPTIONS" => (new(status::OK).with("Public", METHODS), None),
                "DESCRIBE" => (self.describe(new(status::OK)), None),
                "SETUP" => (self.set_up(request, &new), None),
                "PLAY" => (self.start(request, &new), None),
                "GET_PARAMETER" | "SET_PARAMETER" => (self.in_session(new(status::OK)), None),
                "TEARDOWN" => {
                    self.session = None;
                    (new(status::OK), Some("it said goodbye".to_owned()))
                }
                _ => (new(status::METHOD_NOT_ALLOWED).with("Allow", METHODS), None),
            },
        };
        let sent = self.wire.write(&response.bytes());
        sent.map_err(|error| format!("it takes no answer: {error}"))?;
        // Only now, so that the answer to PLAY comes before the first packet.
        if let (Some(session), "PLAY") = (&mut self.session, request.method.as_str())
            && let Some(player) = &mut session.player
            && !self.joined
        {
            self.joined = true;
            player.begin(timing(self.shared.start));
            let transport = match (&session.transport, self.wire.is_tls()) {
                (Transport::Udp { .. }, _) => "UDP",
                (Transport::Interleaved { .. }, true) => "TLS",
                (Transport::Interleaved { .. }, false) => "TCP",
            };
            let (client, peer) = (self.number, self.peer);
            self.shared.tell(&Event::Joined { client, peer, transport });
        }
        end.map_or(Ok(()), Err)
    }

    /// Whether this request is refused, whatever it is.
    fn refuse(&self, request: &Request) -> Option<Refusal> {
        if request.method == "OPTIONS" {
            return None;
        }
        let (client, peer) = (self.number, self.peer);
        if let Access::Denied { challenge, tried } = self.gate.check(request) {
            if tried {
                let cause = "wrong name or password".to_owned();
                self.shared.tell(&Event::Refused { client, peer, cause });
            }
            return Some(Refusal::Access(challenge));
        }
        let path = request.path();
        let path = path.strip_suffix("/track0").unwrap_or(path);
        if !matches!(path, "" | "*" | PATH) {
            let cause = format!("there is no {path:?}, only {PATH}");
            self.shared.tell(&Event::Refused { client, peer, cause });
            return Some(Refusal::Path);
        }
        None
    }

    fn describe(&self, response: Response) -> Response {
        let scheme = if self.wire.is_tls() { "rtsps" } else { "rtsp" };
        let clip = self.shared.clip();
        response
            .with("Content-Base", &format!("{scheme}://{}{PATH}/", self.local))
            .body("application/sdp", sdp(&clip, self.shared.ip(), self.generation + 1))
    }

    fn set_up(&mut self, request: &Request, new: &dyn Fn(status::Status) -> Response) -> Response {
        if self.joined {
            return new(status::NOT_VALID_IN_STATE);
        }
        let mut wanted = offers(request.header("Transport").unwrap_or(""));
        // RTP beside an encrypted connection would not be encrypted.
        wanted.retain(|offer| !self.wire.is_tls() || matches!(offer, Offer::Interleaved(..)));
        let Some(offer) = wanted.first() else {
            return new(status::UNSUPPORTED_TRANSPORT);
        };
        let transport = match *offer {
            Offer::Interleaved(rtp, rtcp) => Transport::Interleaved { rtp, rtcp },
            Offer::Udp(rtp, rtcp) => {
                match Transport::udp(self.local.ip(), self.peer.ip(), (rtp, rtcp)) {
                    Ok(transport) => transport,
                    Err(error) => {
                        let cause = format!("no UDP ports: {error}");
                        self.shared.tell(&Event::Trouble { cause });
                        return new(status::UNAVAILABLE);
                    }
                }
            }
        };
        let chance = chance();
        let clip = self.shared.clip();
        let player =
            Player::new(clip, timing(self.shared.start), self.shared.sender_reports, chance);
        let ssrc = player.ssrc();
        let agreed = match (offer, transport.server_ports()) {
            (Offer::Udp(rtp, rtcp), Some((own_rtp, own_rtcp))) => format!(
                "RTP/AVP;unicast;client_port={rtp}-{rtcp};server_port={own_rtp}-{own_rtcp};\
                 ssrc={ssrc:08X};mode=\"PLAY\""
            ),
            (Offer::Udp(rtp, rtcp), None) => {
                format!("RTP/AVP;unicast;client_port={rtp}-{rtcp};ssrc={ssrc:08X};mode=\"PLAY\"")
            }
            (Offer::Interleaved(rtp, rtcp), _) => format!(
                "RTP/AVP/TCP;unicast;interleaved={rtp}-{rtcp};ssrc={ssrc:08X};mode=\"PLAY\""
            ),
        };
        let id = format!("{chance:016x}");
        self.session = Some(Session { id, transport, player: Some(player) });
        self.in_session(new(status::OK)).with("Transport", &agreed)
    }

    fn start(&mut self, request: &Request, new: &dyn Fn(status::Status) -> Response) -> Response {
        let Some(session) = &self.session else { return new(status::SESSION_NOT_FOUND) };
        let asked = request.header("Session").and_then(|id| id.split(';').next()).map(str::trim);
        if asked.is_some_and(|asked| asked != session.id) {
            return new(status::SESSION_NOT_FOUND);
        }
        let response = self.in_session(new(status::OK)).with("Range", "npt=now-");
        let Some(player) = self.player().filter(|_| !self.joined) else { return response };
        let (sequence, rtp) = player.first();
        let scheme = if self.wire.is_tls() { "rtsps" } else { "rtsp" };
        let url = format!("{scheme}://{}{PATH}/track0", self.local);
        response.with("RTP-Info", &format!("url={url};seq={sequence};rtptime={rtp}"))
    }

    fn in_session(&self, response: Response) -> Response {
        match &self.session {
            Some(session) => {
                response.with("Session", &format!("{};timeout={SESSION_S}", session.id))
            }
            None => response,
        }
    }
}

/// A stream that begins now.
fn timing(start: Option<EventTime>) -> Timing {
    let began = Instant::now();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = EventTime(i64::try_from(now.as_micros()).unwrap_or(i64::MAX));
    Timing { began, start: start.unwrap_or(now) }
}
