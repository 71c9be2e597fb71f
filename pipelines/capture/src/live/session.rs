//! One connection to one camera, from its opening to its end.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, select};
use gst::prelude::*;
use gstreamer as gst;

use super::decoder;
use super::event::{Ended, EndedWhy, LiveEvent};
use super::graph::Graph;
use super::notes::{self, NOTES_MAX, Note};
use super::outlet::Outlet;
use super::shared::Shared;
use super::source::{LiveOptions, LiveSource};
use super::words::Scrubber;
use crate::CaptureError;
use crate::elements::start;

/// How long a session that is dropped is waited for. Then it ends on its own.
const CLOSE_MAX: Duration = Duration::from_millis(900);

/// Warnings are told at most this often.
const WARNING_EVERY: Duration = Duration::from_secs(1);

static OPEN: AtomicUsize = AtomicUsize::new(0);

/// Sessions of this process whose threads still run.
#[must_use]
pub fn open_sessions() -> usize {
    OPEN.load(Ordering::Acquire)
}

/// A connection to a live camera. It ends when the camera, the network or the caller ends it, and
/// never connects anew.
///
/// Dropping it stops all its threads and closes its sockets. That takes about 0.1 s, also when the
/// camera hangs; after 0.9 s the drop returns and the rest goes on in the session's own thread.
pub struct Session {
    shared: Arc<Shared>,
    quit: Option<Sender<()>>,
    done: Receiver<()>,
    thread: Option<JoinHandle<()>>,
}

impl Session {
    /// Begins to connect and returns at once; all else comes as events. While `events` is full, the
    /// camera's packets wait; when its receiver is gone, the session ends by itself.
    ///
    /// # Errors
    /// When the address makes no sense, a certificate file cannot be read, or GStreamer or an
    /// element for RTSP is missing.
    pub fn open(
        source: &LiveSource,
        options: &LiveOptions,
        events: Sender<LiveEvent>,
    ) -> Result<Self, CaptureError> {
        start()?;
        source.check()?;
        crate::reader::install();
        let (notes, heard) = bounded(NOTES_MAX);
        let shared = Arc::new(Shared::new(Outlet::new(events, notes.clone())));
        let graph = Graph::new(source, options, &shared, &notes)?;
        let bus = graph
            .pipeline
            .bus()
            .ok_or_else(|| CaptureError::Library { cause: "a pipeline has no bus".to_owned() })?;
        notes::listen(&bus, &graph.source, notes);
        let (quit, quitting) = bounded(0);
        let (finished, done) = bounded(0);
        let keeper = Keeper {
            source: source.clone(),
            scrubber: Scrubber::new(source),
            timeout: options.connect_timeout,
            shared: shared.clone(),
            graph,
            heard,
            quitting,
            linked: false,
            warned: None,
        };
        let thread = std::thread::Builder::new()
            .name("wayside-live".to_owned())
            .spawn(move || {
                let _finished = finished;
                let _open = Open::count();
                keeper.run();
            })
            .map_err(|e| CaptureError::Library { cause: format!("no thread ({e})") })?;
        Ok(Self { shared, quit: Some(quit), done, thread: Some(thread) })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.shared.outlet.halt();
        self.quit.take();
        // Nothing is ever sent: the other end goes away with the thread.
        let ended = self.done.recv_timeout(CLOSE_MAX);
        if ended == Err(crossbeam_channel::RecvTimeoutError::Disconnected)
            && let Some(thread) = self.thread.take()
        {
            let _ = thread.join();
        }
    }
}

/// Counts a session as long as it lives.
struct Open;

impl Open {
    fn count() -> Self {
        OPEN.fetch_add(1, Ordering::AcqRel);
        Self
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        OPEN.fetch_sub(1, Ordering::AcqRel);
    }
}

/// The session's own thread.
struct Keeper {
    source: LiveSource,
    scrubber: Scrubber,
    timeout: Duration,
    shared: Arc<Shared>,
    graph: Graph,
    heard: Receiver<Note>,
    quitting: Receiver<()>,
    linked: bool,
    warned: Option<Instant>,
}

impl Keeper {
    fn run(mut self) {
        // A failure to start is told on the bus, where it has its cause.
        let _ = self.graph.pipeline.set_state(gst::State::Playing);
        let ended = self.watch();
        self.stop();
        if let Some(ended) = ended {
            self.shared.outlet.end(ended, &self.quitting);
        }
    }

    /// None when nobody wants to know.
    fn watch(&mut self) -> Option<Ended> {
        let deadline = Instant::now() + self.timeout;
        loop {
            let left = match self.linked {
                true => Duration::from_secs(3600),
                false => deadline.saturating_duration_since(Instant::now()),
            };
            let note = select! {
                recv(self.heard) -> note => note.ok()?,
                recv(self.quitting) -> _ => return None,
                default(left) => {
                    if self.linked {
                        continue;
                    }
                    return Some(self.too_late());
                }
            };
            if let Some(ended) = self.hear(note)? {
                return Some(ended);
            }
        }
    }

    /// The outer none: nobody listens.
    fn hear(&mut self, note: Note) -> Option<Option<Ended>> {
        Some(match note {
            Note::Linked => {
                self.linked = true;
                None
            }
            Note::Failure(failure) => {
                let stream = self.shared.stream();
                if let (Some((name, true)), 0) = (&stream.decoder, stream.frames) {
                    decoder::distrust(name);
                }
                drop(stream);
                Some(self.refusal().unwrap_or_else(|| {
                    notes::ended(&failure, self.linked, &self.source, &self.scrubber)
                }))
            }
            Note::Warning(text) => {
                self.warn(&text);
                None
            }
            Note::End => Some(self.say(EndedWhy::Closed, "the camera ended the stream", "")),
            Note::Stop(why, text) => Some(self.say(why, text.trim_end_matches('.'), "")),
            Note::NobodyListens => return None,
        })
    }

    fn warn(&mut self, text: &str) {
        if self.warned.is_some_and(|last| last.elapsed() < WARNING_EVERY) {
            return;
        }
        self.warned = Some(Instant::now());
        self.shared.outlet.send(LiveEvent::Damage { text: self.scrubber.clean(text) });
    }

    fn too_late(&self) -> Ended {
        if let Some(refusal) = self.refusal() {
            return refusal;
        }
        let wait = crate::seconds(self.timeout);
        if self.shared.stream().selected.is_some() {
            let cause = format!("it answers, and sends no pictures within {wait}");
            let hint = "Check the firewall for UDP, or use TCP.";
            return self.say(EndedWhy::Unreachable, &cause, hint);
        }
        let cause = format!("no answer within {wait}");
        self.say(EndedWhy::Unreachable, &cause, "Check address, port, network and power.")
    }

    /// What was found before any picture came, and says more than the pipeline's error.
    fn refusal(&self) -> Option<Ended> {
        let stream = self.shared.stream();
        if self.linked {
            return None;
        }
        if let Some(certificate) = &stream.certificate {
            let cause = format!("its certificate is refused: {certificate}");
            let hint = "Give the certificate of the camera or of its authority, and the name in it as host.";
            return Some(self.say(EndedWhy::Refused, &cause, hint));
        }
        if stream.selected.is_some() {
            return None;
        }
        if !stream.unreadable.is_empty() {
            let names = self.scrubber.clean(&stream.unreadable.join(", "));
            let cause = format!("it sends {names}, which is not read");
            let hint = "Set the camera to H.264, H.265 or JPEG.";
            return Some(self.say(EndedWhy::Unsupported, &cause, hint));
        }
        if !stream.others.is_empty() {
            let names = self.scrubber.clean(&stream.others.join(", "));
            let cause = format!("it sends no video, only {names}");
            return Some(self.say(EndedWhy::Unsupported, &cause, "Check the path of the URL."));
        }
        None
    }

    fn say(&self, why: EndedWhy, cause: &str, hint: &str) -> Ended {
        notes::say(why, &self.source, cause, hint)
    }

    /// Afterwards no thread of the pipeline runs.
    fn stop(&self) {
        self.shared.outlet.halt();
        *self.graph.closed.lock().unwrap_or_else(PoisonError::into_inner) = true;
        // Stopping can only fail in ways that leave nothing to do.
        let _ = self.graph.pipeline.set_state(gst::State::Null);
        if let Some(bus) = self.graph.pipeline.bus() {
            bus.unset_sync_handler();
        }
    }
}
