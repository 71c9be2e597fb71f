//! A sign of NTCIP 1203 that answers SNMPv1 and v2c over UDP. It reads and writes BER with code of its own,
//! so that the library under test is not its own judge. Its clock can be set forward.

use std::collections::BTreeMap;
use std::net::{SocketAddr, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// An object identifier below `dms`.
type Below = Vec<u64>;

const DMS: [u64; 10] = [1, 3, 6, 1, 4, 1, 1206, 4, 2, 3];

#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    Number(i64),
    Octets(Vec<u8>),
}

/// What the sign is.
#[derive(Default)]
pub struct Face {
    objects: BTreeMap<Below, Value>,
    /// Markup and the instant at which it ends.
    shown: Option<(String, Instant)>,
    forward: Duration,
    /// Requests that are not answered.
    pub deaf: u32,
    /// Objects that it refuses to have written.
    pub read_only: Vec<Below>,
    /// Everything that it showed, in order, with its minutes; empty for blank.
    pub history: Vec<(String, u16)>,
    pub community: Vec<u8>,
    pub requests: u64,
}

impl Face {
    fn now(&self) -> Instant {
        Instant::now() + self.forward
    }

    /// Its own timer.
    fn turn(&mut self) {
        let over = self.shown.as_ref().is_some_and(|(_, ends)| self.now() >= *ends);
        if over {
            let end = self.objects.get(&vec![6, 15, 0]);
            assert_eq!(end, Some(&Value::Octets(vec![7, 0, 1, 0, 0])), "blank at the end");
            self.shown = None;
        }
        let source = if self.shown.is_some() { vec![3, 0, 1, 0, 0] } else { vec![7, 0, 1, 0, 0] };
        self.objects.insert(vec![6, 5, 0], Value::Octets(source));
        let multi =
            self.shown.as_ref().map_or_else(Vec::new, |(multi, _)| multi.clone().into_bytes());
        self.objects.insert(vec![5, 8, 1, 3, 5, 1], Value::Octets(multi));
    }

    fn set(&mut self, at: &Below, value: Value) -> Result<(), u32> {
        if self.read_only.contains(at) {
            return Err(17);
        }
        let text = |face: &Self| match face.objects.get(&vec![5, 8, 1, 3, 3, 1]) {
            Some(Value::Octets(octets)) => String::from_utf8_lossy(octets).into_owned(),
            _ => String::new(),
        };
        match (at.as_slice(), &value) {
            // dmsMessageStatus: modifyReq, validateReq.
            ([5, 8, 1, 9, 3, 1], Value::Number(6)) => {
                self.objects.insert(at.clone(), Value::Number(2));
                return Ok(());
            }
            ([5, 8, 1, 9, 3, 1], Value::Number(7)) => {
                let multi = text(self);
                let sound = !multi.contains("REFUSED");
                self.objects.insert(at.clone(), Value::Number(if sound { 4 } else { 5 }));
                self.objects
                    .insert(vec![5, 8, 1, 5, 3, 1], Value::Number(i64::from(checksum(&multi))));
                self.objects.insert(vec![5, 9, 0], Value::Number(if sound { 2 } else { 5 }));
                self.objects.insert(vec![6, 18, 0], Value::Number(if sound { 2 } else { 3 }));
                return Ok(());
            }
            ([6, 3, 0], Value::Octets(code)) => return self.activate(code, text(self)),
            _ => {}
        }
        self.objects.insert(at.clone(), value);
        Ok(())
    }

    fn activate(&mut self, code: &[u8], multi: String) -> Result<(), u32> {
        assert_eq!(code.len(), 12);
        let minutes = u16::from_be_bytes([code[0], code[1]]);
        let sum = u16::from_be_bytes([code[6], code[7]]);
        self.objects.insert(vec![6, 17, 0], Value::Number(2));
        match code[3] {
            7 => {
                self.shown = None;
                self.history.push((String::new(), minutes));
            }
            3 if sum == checksum(&multi) => {
                let ends = self.now() + Duration::from_secs(60) * u32::from(minutes);
                self.shown = Some((multi.clone(), ends));
                self.history.push((multi, minutes));
            }
            _ => {
                self.objects.insert(vec![6, 17, 0], Value::Number(7));
                return Err(5);
            }
        }
        Ok(())
    }
}

/// CRC-16 of ISO 3309 over the markup, the beacon and the pixel service, both off.
fn checksum(multi: &str) -> u16 {
    let mut sum = 0xFFFF_u16;
    for byte in multi.bytes().chain([0, 0]) {
        sum ^= u16::from(byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0x8408 } else { sum >> 1 };
        }
    }
    !sum
}

/// Answers while it lives.
pub struct Agent {
    pub addr: SocketAddr,
    face: Arc<Mutex<Face>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Agent {
    pub fn start(community: &str) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
        socket.set_read_timeout(Some(Duration::from_millis(50))).expect("a time-out");
        let addr = socket.local_addr().expect("an address");
        let face = Face { community: community.as_bytes().to_vec(), ..Face::default() };
        let (face, stop) = (Arc::new(Mutex::new(face)), Arc::new(AtomicBool::new(false)));
        let (shared, stopped) = (Arc::clone(&face), Arc::clone(&stop));
        let serve = move || {
            let mut buffer = vec![0; 65_536];
            while !stopped.load(Ordering::Relaxed) {
                let Ok((length, from)) = socket.recv_from(&mut buffer) else { continue };
                let mut face = shared.lock().expect("whole");
                face.requests += 1;
                if face.deaf > 0 {
                    face.deaf -= 1;
                    continue;
                }
                if let Some(answer) = answer(&mut face, &buffer[..length]) {
                    socket.send_to(&answer, from).expect("sent");
                }
            }
        };
        let thread = Some(std::thread::spawn(serve));
        Self { addr, face, stop, thread }
    }

    pub fn with<T>(&self, look: impl FnOnce(&mut Face) -> T) -> T {
        let mut face = self.face.lock().expect("whole");
        face.turn();
        look(&mut face)
    }

    /// What stands on the sign; none where it is blank.
    pub fn shown(&self) -> Option<String> {
        self.with(|face| face.shown.as_ref().map(|(multi, _)| multi.clone()))
    }

    /// Seconds until the sign goes blank by itself.
    pub fn left_s(&self) -> f64 {
        self.with(|face| {
            let now = face.now();
            face.shown
                .as_ref()
                .map_or(0.0, |(_, ends)| ends.saturating_duration_since(now).as_secs_f64())
        })
    }

    pub fn forward(&self, seconds: u64) {
        self.with(|face| face.forward += Duration::from_secs(seconds));
    }

    pub fn history(&self) -> Vec<(String, u16)> {
        self.with(|face| face.history.clone())
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Tag, content, rest.
fn take(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match *first {
        short @ 0..=0x7F => (usize::from(short), rest),
        long => {
            let count = usize::from(long & 0x7F);
            let (digits, rest) = rest.split_at_checked(count)?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

fn put(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    match content.len() {
        short @ 0..=0x7F => bytes.push(short as u8),
        long => {
            bytes.push(0x82);
            bytes.extend(u16::try_from(long).expect("short").to_be_bytes());
        }
    }
    bytes.extend(content);
    bytes
}

fn number(content: &[u8]) -> i64 {
    let negative = content.first().is_some_and(|byte| byte & 0x80 != 0);
    let start = if negative { -1 } else { 0 };
    content.iter().fold(start, |number, byte| number << 8 | i64::from(*byte))
}

fn put_number(number: i64) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let cut = (0..7)
        .take_while(|place| {
            let (this, next) = (bytes[*place], bytes[place + 1]);
            (this == 0 && next & 0x80 == 0) || (this == 0xFF && next & 0x80 != 0)
        })
        .count();
    put(2, &bytes[cut..])
}

fn oid(content: &[u8]) -> Vec<u64> {
    let mut all = vec![1, 3];
    let mut part = 0;
    for byte in &content[1..] {
        part = part << 7 | u64::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            all.push(part);
            part = 0;
        }
    }
    all
}

fn answer(face: &mut Face, request: &[u8]) -> Option<Vec<u8>> {
    let (0x30, message, _) = take(request)? else { return None };
    let (2, version, rest) = take(message)? else { return None };
    let (4, community, rest) = take(rest)? else { return None };
    if community != face.community {
        return None;
    }
    let (kind, pdu, _) = take(rest)?;
    let (2, id, rest) = take(pdu)? else { return None };
    let (_, _, rest) = take(rest)?;
    let (_, _, rest) = take(rest)?;
    let (0x30, binds, _) = take(rest)? else { return None };
    let (0x30, bind, _) = take(binds)? else { return None };
    let (6, name, rest) = take(bind)? else { return None };
    let (tag, content, _) = take(rest)?;
    let full = oid(name);
    let below = full.strip_prefix(&DMS[..])?.to_vec();
    face.turn();
    let (status, value) = match kind {
        // GET
        0xA0 => match face.objects.get(&below) {
            Some(Value::Number(number)) => (0, put_number(*number)),
            Some(Value::Octets(octets)) => (0, put(4, octets)),
            None => (2, put(5, &[])),
        },
        // SET
        0xA3 => {
            let value = match tag {
                2 => Value::Number(number(content)),
                4 => Value::Octets(content.to_vec()),
                _ => return None,
            };
            let status = face.set(&below, value).err().unwrap_or(0);
            (status, put(tag, content))
        }
        _ => return None,
    };
    let bind = put(0x30, &[put(6, name), value].concat());
    let body = [
        put(2, id),
        put_number(i64::from(status)),
        put_number(i64::from(status.min(1))),
        put(0x30, &bind),
    ]
    .concat();
    Some(put(0x30, &[put(2, version), put(4, community), put(0xA2, &body)].concat()))
}
