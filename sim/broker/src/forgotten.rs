//! A defect of Kafka that a test must tell from one of ours.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::{Broker, BrokerError, BrokerOptions};

/// How often a broker may lose a transaction before somebody has to look.
const ATTEMPTS_MAX: u32 = 5;
/// Nothing was written for so long: longer than transactions of tests may last (10 s), and than the broker
/// takes to notice.
const FORGOTTEN: Duration = Duration::from_secs(20);
const PATIENCE: Duration = Duration::from_secs(10);
/// `DescribeProducers`, version 0.
const DESCRIBE_PRODUCERS: i16 = 61;
const ANSWER_BYTES_MAX: usize = 1 << 20;

impl Broker {
    /// Partitions on which a transaction is open that the broker should have ended long ago, whatever its
    /// clients did.
    ///
    /// Seen with Apache Kafka 4.3.1: killed between a transaction's decision and its markers, the broker
    /// leads its partitions again under the old epoch before its new registration takes them away from it. Where
    /// the markers fall into that moment, the coordinator calls the transaction complete, and one of the
    /// partitions never gets its marker: readers of committed records stop there, and no time-out ends it.
    /// An operator finds it with `kafka-transactions.sh find-hanging` and ends it with `abort`.
    ///
    /// # Errors
    ///
    /// Where the broker does not answer.
    pub fn forgotten_transactions(&self) -> io::Result<Vec<String>> {
        let topics = self.partitions()?;
        let mut stream = TcpStream::connect(self.bootstrap())?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.write_all(&request(&topics))?;
        let mut length = [0; 4];
        stream.read_exact(&mut length)?;
        let length = u32::from_be_bytes(length) as usize;
        if length > ANSWER_BYTES_MAX {
            return Err(io::Error::other(format!("an answer of {length} bytes")));
        }
        let mut answer = vec![0; length];
        stream.read_exact(&mut answer)?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let before_ms = now.saturating_sub(FORGOTTEN).as_millis() as i64;
        Answer(&answer).open_since(before_ms).ok_or_else(|| io::Error::other("an answer cut off"))
    }

    /// Topics and their partitions, by their folders.
    fn partitions(&self) -> io::Result<BTreeMap<String, Vec<i32>>> {
        let mut topics = BTreeMap::<String, Vec<i32>>::new();
        for entry in std::fs::read_dir(self.folder().join("data"))? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let Some((topic, number)) = name.rsplit_once('-') else { continue };
            if let (Ok(number), false) = (number.parse(), topic == "__cluster_metadata") {
                topics.entry(topic.to_owned()).or_default().push(number);
            }
        }
        Ok(topics)
    }
}

fn request(topics: &BTreeMap<String, Vec<i32>>) -> Vec<u8> {
    let mut body = Vec::new();
    body.extend(DESCRIBE_PRODUCERS.to_be_bytes());
    body.extend(0_i16.to_be_bytes());
    body.extend(1_i32.to_be_bytes());
    // No client id, no tagged fields.
    body.extend((-1_i16).to_be_bytes());
    body.push(0);
    count(&mut body, topics.len());
    for (topic, partitions) in topics {
        count(&mut body, topic.len());
        body.extend(topic.as_bytes());
        count(&mut body, partitions.len());
        for number in partitions {
            body.extend(number.to_be_bytes());
        }
        body.push(0);
    }
    body.push(0);
    let mut message = (body.len() as u32).to_be_bytes().to_vec();
    message.extend(body);
    message
}

/// A length in Kafka's compact form: one more than it, in groups of seven bits.
fn count(body: &mut Vec<u8>, length: usize) {
    let mut rest = length + 1;
    while rest >= 0x80 {
        body.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    body.push(rest as u8);
}

/// An answer, read from its front.
struct Answer<'a>(&'a [u8]);

impl Answer<'_> {
    /// Partitions with a transaction that is open and to which nothing was written since; none where the
    /// answer is cut off.
    fn open_since(mut self, before_ms: i64) -> Option<Vec<String>> {
        let mut open = Vec::new();
        // Correlation id, tagged fields, throttling.
        self.skip(4 + 1 + 4)?;
        for _ in 0..self.count()? {
            let topic = self.text()?;
            for _ in 0..self.count()? {
                let partition = self.number(4)?;
                self.skip(2)?;
                self.text()?;
                for _ in 0..self.count()? {
                    self.skip(8 + 4 + 4)?;
                    let last_ms = self.number(8)?;
                    self.skip(4)?;
                    let start = self.number(8)?;
                    self.skip(1)?;
                    if start >= 0 && last_ms < before_ms {
                        open.push(format!("{topic}-{partition} at {start}"));
                    }
                }
                self.skip(1)?;
            }
            self.skip(1)?;
        }
        Some(open)
    }

    fn take(&mut self, bytes: usize) -> Option<&[u8]> {
        let (taken, rest) = self.0.split_at_checked(bytes)?;
        self.0 = rest;
        Some(taken)
    }

    fn skip(&mut self, bytes: usize) -> Option<()> {
        self.take(bytes).map(|_| ())
    }

    fn number(&mut self, bytes: usize) -> Option<i64> {
        let taken = self.take(bytes)?;
        let first = if taken.first()? & 0x80 == 0 { 0 } else { -1 };
        Some(taken.iter().fold(first, |number, byte| number << 8 | i64::from(*byte)))
    }

    fn count(&mut self) -> Option<usize> {
        let (mut value, mut shift) = (0_usize, 0);
        loop {
            let byte = *self.take(1)?.first()?;
            value |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 || shift > 28 {
                return Some(value.saturating_sub(1));
            }
        }
    }

    fn text(&mut self) -> Option<String> {
        let length = self.count()?;
        self.take(length).map(|text| String::from_utf8_lossy(text).into_owned())
    }
}

/// Runs a test that kills its broker. Where it fails, and the broker has forgotten a transaction, it runs
/// again on another broker; any other failure is the test's own.
///
/// # Errors
///
/// Where a broker does not start.
///
/// # Panics
///
/// Where the test does.
pub fn whatever_the_broker_forgets(
    options: &BrokerOptions,
    mut test: impl FnMut(&Broker),
) -> Result<(), BrokerError> {
    for attempt in 1.. {
        let broker = Broker::start(options.clone())?;
        let Err(panic) = catch_unwind(AssertUnwindSafe(|| test(&broker))) else { break };
        let forgotten = broker.forgotten_transactions();
        eprintln!("transactions that the broker has forgotten: {forgotten:?}");
        if attempt == ATTEMPTS_MAX || forgotten.unwrap_or_default().is_empty() {
            resume_unwind(panic);
        }
        eprintln!("another broker, attempt {}", attempt + 1);
    }
    Ok(())
}
