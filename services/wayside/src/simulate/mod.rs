//! A city of cameras, published at real rate or as fast as possible.
//!
//! `source` makes the streams of the sites (`recorded` from a recording), `pace` keeps the time,
//! `publish` has the bus and `files` the files, `count` what came of it. What a city is stands in
//! `wayside-city`.
//!
//! Messages go out in chunks of event time. The signal reports of a chunk are durable before its first
//! observation is handed over, so that no consumer sees an observation before the signals up to it.

mod bar;
mod count;
mod files;
mod pace;
mod publish;
mod recorded;
mod source;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use wayside_bus::Topic;
use wayside_city::{Keyed, Message, Poison};

use crate::commands::simulate::{SimulateArgs, Speed};
use crate::failure::{Exit, Failure};
use bar::Bar;
use count::{Counts, Summary};
use files::Files;
use pace::Pace;
use publish::Publisher;
use source::Streams;

/// Observations of a chunk at greatest speed, about.
const CHUNK_OBSERVATIONS: usize = 2_000;
/// Longest chunk at greatest speed, microseconds of event time.
const CHUNK_US_MAX: i64 = 1_000_000;

/// Messages of one chunk.
#[derive(Default)]
struct Chunk {
    signals: Vec<Keyed>,
    passages: Vec<Keyed>,
    observations: Vec<Keyed>,
}

/// Runs the city.
pub fn run(args: &SimulateArgs, stop: &AtomicBool) -> Result<Option<Exit>, Failure> {
    check(args)?;
    let publisher = match args.no_bus {
        true => None,
        false => Some(Publisher::open(&args.bus)?),
    };
    let mut streams = source::open(args, stop)?;
    if let Some(dir) = &args.sites_out {
        files::write_sites(dir, &streams)?;
    }
    let files = Files::create(args)?;
    let mut session = Session {
        args,
        publisher,
        files,
        poison: (args.poison > 0.0).then(|| Poison::new(args.seed, args.poison)),
        counts: Counts::default(),
        skip_until_us: args.start.0.saturating_add(i64::from(args.skip_until) * 1_000_000),
    };
    let began = Instant::now();
    let mut pace = Pace::new(args.speed, args.skip_until);
    let bar = Bar::new(args.seconds, !args.quiet && !args.json);
    let whole = session.play(&mut streams, &mut pace, &bar, stop);
    bar.finish();
    let whole = whole?;
    let summary = Summary {
        args,
        sites: streams.sites(),
        sections: streams.sections(),
        cameras: streams.cameras(),
        counts: &session.counts,
        faults: session.poison.as_ref().map(Poison::counts),
        place: session.publisher.as_ref().map(Publisher::place),
        behind_s_max: pace.behind_s_max,
        took_s: began.elapsed().as_secs_f64(),
        interrupted: !whole,
    };
    if args.json {
        println!("{}", summary.json());
    } else if !args.quiet {
        print!("{summary}");
    }
    Ok((!whole).then_some(Exit::Partial))
}

/// What the types of the arguments do not say.
fn check(args: &SimulateArgs) -> Result<(), Failure> {
    if !(0.0..=1.0).contains(&args.poison) {
        return Err(Failure::input(format!("poison is {}; it can be 0 to 1", args.poison)));
    }
    let nothing = args.sites_out.is_none()
        && args.observations.is_none()
        && args.signals.is_none()
        && args.passages.is_none()
        && args.truth.is_none();
    if args.no_bus && nothing {
        return Err(Failure::input(
            "with --no-bus nothing would be kept\n  hint: name a file with --observations, --signals, \
             --passages or --truth, or a folder with --sites-out",
        ));
    }
    Ok(())
}

struct Session<'a> {
    args: &'a SimulateArgs,
    publisher: Option<Publisher>,
    files: Files,
    poison: Option<Poison>,
    counts: Counts,
    skip_until_us: i64,
}

impl Session<'_> {
    /// Plays all streams to the end. False where it was interrupted.
    fn play(
        &mut self,
        streams: &mut Streams,
        pace: &mut Pace,
        bar: &Bar,
        stop: &AtomicBool,
    ) -> Result<bool, Failure> {
        let end_us = i64::from(self.args.seconds) * 1_000_000;
        let tick_us = streams.interval_us();
        let mut chunk = Chunk::default();
        let mut messages = Vec::new();
        let (mut at_us, mut begun_us) = (0, 0);
        while at_us < end_us {
            // Ticks follow the frame rate without adding up its remainder.
            at_us = streams.after(at_us, tick_us).min(end_us);
            for stream in streams.iter_mut() {
                stream.until(at_us, &mut messages).map_err(broken)?;
                self.sort(&mut messages, &mut chunk)?;
                if stop.load(Ordering::Relaxed) {
                    break;
                }
            }
            streams.sections_until(at_us, &mut messages).map_err(broken)?;
            self.sort(&mut messages, &mut chunk)?;
            let full = chunk.observations.len() >= CHUNK_OBSERVATIONS
                || at_us - begun_us >= CHUNK_US_MAX
                || at_us >= end_us;
            if full || self.args.speed != Speed::Max {
                pace.wait(at_us, stop);
                self.send(&mut chunk)?;
                begun_us = at_us;
                bar.set(at_us, &self.counts);
            }
            if stop.load(Ordering::Relaxed) {
                break;
            }
        }
        let whole = !stop.load(Ordering::Relaxed);
        if whole {
            for stream in streams.iter_mut() {
                stream.finish(&mut messages);
                self.sort(&mut messages, &mut chunk)?;
            }
        }
        if let Some(poison) = &mut self.poison {
            poison.finish(&mut chunk.observations);
        }
        self.send(&mut chunk)?;
        if let Some(publisher) = &mut self.publisher {
            publisher.finish()?;
        }
        self.files.finish()?;
        Ok(whole)
    }

    /// Counts messages and puts them where they belong.
    fn sort(&mut self, messages: &mut Vec<Message>, chunk: &mut Chunk) -> Result<(), Failure> {
        for message in messages.drain(..) {
            if self.is_skipped(&message) {
                self.counts.skipped += 1;
                continue;
            }
            match message {
                Message::Observation { key, time, states, value } => {
                    self.counts.observation(states, value.len());
                    let keyed = Keyed { key, time, value };
                    match &mut self.poison {
                        Some(poison) => poison.pass(keyed, &mut chunk.observations),
                        None => chunk.observations.push(keyed),
                    }
                }
                Message::Signal { key, time, value } => {
                    self.counts.signals += 1;
                    chunk.signals.push(Keyed { key, time, value });
                }
                Message::Passage { key, time, value } => {
                    self.counts.passages += 1;
                    chunk.passages.push(Keyed { key, time, value });
                }
                Message::Truth(truth) => {
                    self.counts.truths += 1;
                    self.files.truth(&truth)?;
                }
            }
        }
        Ok(())
    }

    /// Whether an earlier run has published the message. Truths are told again.
    fn is_skipped(&self, message: &Message) -> bool {
        match message {
            Message::Observation { time, .. }
            | Message::Signal { time, .. }
            | Message::Passage { time, .. } => time.0 < self.skip_until_us,
            Message::Truth(_) => false,
        }
    }

    /// Sends a chunk: signals first.
    fn send(&mut self, chunk: &mut Chunk) -> Result<(), Failure> {
        self.files.signals(&chunk.signals)?;
        self.files.passages(&chunk.passages)?;
        self.files.observations(&chunk.observations)?;
        let records = chunk.signals.len() + chunk.passages.len() + chunk.observations.len();
        self.counts.records += records as u64;
        match &mut self.publisher {
            Some(publisher) => {
                publisher.signals(chunk.signals.drain(..))?;
                publisher.later(Topic::Passages, chunk.passages.drain(..))?;
                publisher.later(Topic::Observations, chunk.observations.drain(..))
            }
            None => {
                *chunk = Chunk::default();
                Ok(())
            }
        }
    }
}

/// A message that breaks its own contract.
fn broken(error: wayside_proto::convert::FrameProblem) -> Failure {
    Failure::failed(format!("a message breaks its own contract: {error}"))
}
