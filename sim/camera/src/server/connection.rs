//! One client: its requests, its stream, its end. One thread each.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::answers::SESSION_S;
use super::shared::{Shared, chance};
use super::wire::{Heard, Wire};
use crate::event::Event;
use crate::faults::Weather;
use crate::rtsp::{Gate, Input, take};
use crate::stream::{Packet, Player, Transport};

/// No thread sleeps longer without looking at the faults.
const TICK: Duration = Duration::from_millis(20);
/// A client that says nothing for so long is gone, unless it takes packets over its connection: there
/// TCP says when it is gone.
const SILENCE_MAX: Duration = Duration::from_secs(SESSION_S * 3 / 2);
/// UDP packets in a row; then the receiver gets a moment to empty its buffer.
const UDP_BURST: usize = 32;
const UDP_PAUSE: Duration = Duration::from_micros(500);

pub(super) struct Connection {
    pub(super) number: u64,
    pub(super) generation: u64,
    pub(super) peer: SocketAddr,
    pub(super) local: SocketAddr,
    pub(super) wire: Wire,
    inbox: Vec<u8>,
    pub(super) gate: Gate,
    pub(super) shared: Arc<Shared>,
    pub(super) session: Option<Session>,
    heard: Instant,
    pub(super) joined: bool,
}

/// What SETUP made.
pub(super) struct Session {
    pub(super) id: String,
    pub(super) transport: Transport,
    pub(super) player: Option<Player>,
}

const GONE: &str = "the camera went away";

/// Why a connection ended.
pub(super) type Cause = String;

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

    pub(super) fn player(&self) -> Option<&Player> {
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
        let alive = self.session.as_ref().is_some_and(|session| match &session.transport {
            Transport::Interleaved { .. } => self.joined,
            udp => udp.heard(),
        });
        if alive {
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
}
