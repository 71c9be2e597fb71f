//! One client: its requests, its stream, its end. One thread each.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use wayside_proto::EventTime;

use super::PATH;
use super::shared::{Shared, chance};
use super::wire::{Heard, Wire};
use crate::event::Event;
use crate::faults::Weather;
use crate::rtsp::{Access, Gate, Input, Request, Response, status, take};
use crate::stream::{Offer, Packet, Player, Timing, Transport, offers, sdp};

/// No thread sleeps longer without looking at the faults.
const TICK: Duration = Duration::from_millis(20);
/// As the `Session` header says, seconds.
const SESSION_S: u64 = 60;
/// A client that says nothing for so long is gone. Inside one connection TCP says so.
const SILENCE_MAX: Duration = Duration::from_secs(SESSION_S * 3 / 2);
/// UDP packets in a row; then the receiver gets a moment to empty its buffer.
const UDP_BURST: usize = 32;
const UDP_PAUSE: Duration = Duration::from_micros(500);

pub(super) struct Connection {
    number: u64,
    generation: u64,
    peer: SocketAddr,
    local: SocketAddr,
    wire: Wire,
    inbox: Vec<u8>,
    gate: Gate,
    shared: Arc<Shared>,
    session: Option<Session>,
    heard: Instant,
    joined: bool,
}

/// What SETUP made.
struct Session {
    id: String,
    transport: Transport,
    player: Option<Player>,
}

const GONE: &str = "the camera went away";

/// Why a connection ended.
type Cause = String;

impl Connection {
    pub(super) fn new(
        stream: TcpStream,
        peer: SocketAddr,
        number: u64,
        generation: u64,
        shared: Arc<Shared>,
    ) -> io::Result<Self> {
        Ok(Self {
            number,
            generation,
            peer,
            local: stream.local_addr()?,
            wire: Wire::new(stream, shared.tls.clone())?,
            inbox: Vec::new(),
            gate: Gate::new(shared.credentials.clone(), [chance(), chance()]),
            shared,
            session: None,
            heard: Instant::now(),
            joined: false,
        })
    }

    /// Serves the client until one of both has enough.
    pub(super) fn run(mut self) {
        let cause = loop {
            if let Err(cause) = self.turn() {
                break if self.dismissed() { GONE.to_owned() } else { cause };
            }
        };
        if self.joined {
            let (client, peer) = (self.number, self.peer);
            self.shared.tell(&Event::Left { client, peer, cause });
        }
    }

    fn turn(&mut self) -> Result<(), Cause> {
        let weather = self.shared.weather(self.number);
        if self.dismissed() {
            return Err(GONE.to_owned());
        }
        if weather.forgotten {
            // The session and its sockets stay open; what comes is not read as anything.
            return self.hear(TICK, false);
        }
        if weather.silent {
            std::thread::sleep(TICK);
            return Ok(());
        }
        let due = self
            .player()
            .filter(|_| self.joined)
            .map_or(TICK, |player| player.due().saturating_duration_since(Instant::now()));
        self.hear(due.min(TICK), true)?;
        if self.joined { self.play(&weather) } else { Ok(()) }
    }

    /// Whether the camera has gone away, and this connection with it.
    fn dismissed(&self) -> bool {
        self.shared.ended() || self.shared.weather(self.number).generation != self.generation
    }

    fn player(&self) -> Option<&Player> {
        self.session.as_ref()?.player.as_ref()
    }

    /// Reads what has come; answers it, or throws it away.
    fn hear(&mut self, wait: Duration, answer: bool) -> Result<(), Cause> {
        match self.wire.read(wait, &mut self.inbox) {
            Ok(Heard::Nothing) => {}
            Ok(Heard::Bytes) => self.heard = Instant::now(),
            Ok(Heard::Closed) => return Err("it closed the connection".to_owned()),
            Err(error) => return Err(format!("the connection broke: {error}")),
        }
        if !answer {
            self.inbox.clear();
            return Ok(());
        }
        if self.session.as_ref().is_some_and(|session| session.transport.heard()) {
            self.heard = Instant::now();
        }
        if self.heard.elapsed() > SILENCE_MAX {
            return Err(format!("it said nothing for {} s", SILENCE_MAX.as_secs()));
        }
        loop {
            match take(&mut self.inbox) {
                Ok(None) => return Ok(()),
                Ok(Some(Input::Packet)) => {}
                Ok(Some(Input::Request(request))) => self.answer(&request)?,
                Err(malformed) => return Err(format!("it sent {malformed}")),
            }
        }
    }

    /// Sends what is due.
    fn play(&mut self, weather: &Weather) -> Result<(), Cause> {
        let Some(session) = &mut self.session else { return Ok(()) };
        let Some(player) = &mut session.player else { return Ok(()) };
        while let Some(packets) = player.next(Instant::now(), weather) {
            match &session.transport {
                Transport::Interleaved { rtp, rtcp } => {
                    let mut bytes = Vec::new();
                    for packet in &packets {
                        let (channel, packet) = match packet {
                            Packet::Rtp(packet) => (*rtp, packet),
                            Packet::Rtcp(packet) => (*rtcp, packet),
                        };
                        bytes.extend([b'$', channel]);
                        bytes.extend((packet.len() as u16).to_be_bytes());
                        bytes.extend_from_slice(packet);
                    }
                    let sent = self.wire.write(&bytes);
                    sent.map_err(|error| format!("it takes no more: {error}"))?;
                }
                Transport::Udp { rtp, rtcp } => {
                    for (number, packet) in packets.iter().enumerate() {
                        // A port that nobody listens on is no error: datagrams get lost.
                        let _ = match packet {
                            Packet::Rtp(packet) => rtp.send(packet),
                            Packet::Rtcp(packet) => rtcp.send(packet),
                        };
                        if number % UDP_BURST == UDP_BURST - 1 {
                            std::thread::sleep(UDP_PAUSE);
                        }
                    }
                }
            }
            // A backlog may be long, and a fault may begin in it.
            let now = self.shared.weather(self.number);
            if self.shared.ended() || now != *weather {
                break;
            }
        }
        Ok(())
    }

    fn answer(&mut self, request: &Request) -> Result<(), Cause> {
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

enum Refusal {
    Access(String),
    Path,
}

const METHODS: &str = "OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, SET_PARAMETER, TEARDOWN";

/// A stream that begins now.
fn timing(start: Option<EventTime>) -> Timing {
    let began = Instant::now();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = EventTime(i64::try_from(now.as_micros()).unwrap_or(i64::MAX));
    Timing { began, start: start.unwrap_or(now) }
}
