//! The way out of a session: GStreamer's threads wait for the caller, and can be called back.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};

use crossbeam_channel::{Receiver, Sender, bounded, select};

use super::event::{Ended, LiveEvent};
use super::notes::Note;

/// Sends events. All streaming threads share it.
pub(super) struct Outlet {
    events: Sender<LiveEvent>,
    notes: Sender<Note>,
    /// Gone when the streaming threads must stop waiting.
    hold: Mutex<Option<Sender<()>>>,
    halted: Receiver<()>,
    /// Set before the last event. Read-locked while an event is sent.
    over: RwLock<bool>,
    /// Threads that wait for the caller right now.
    waiting: AtomicUsize,
}

impl Outlet {
    pub(super) fn new(events: Sender<LiveEvent>, notes: Sender<Note>) -> Self {
        let (hold, halted) = bounded(0);
        Self {
            events,
            notes,
            hold: Mutex::new(Some(hold)),
            halted,
            over: RwLock::new(false),
            waiting: AtomicUsize::new(0),
        }
    }

    /// Sends, and waits while the caller's channel is full. False when the session ends or nobody
    /// listens any more.
    pub(super) fn send(&self, event: LiveEvent) -> bool {
        let over = self.over.read().unwrap_or_else(PoisonError::into_inner);
        if *over {
            return false;
        }
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let sent = select! {
            send(self.events, event) -> sent => sent.is_ok(),
            recv(self.halted) -> _ => return self.no_more(),
        };
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        if !sent {
            // A full queue of notes ends the session as well.
            let _ = self.notes.try_send(Note::NobodyListens);
        }
        sent
    }

    fn no_more(&self) -> bool {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        false
    }

    /// Whether a streaming thread waits for the caller.
    pub(super) fn blocked(&self) -> bool {
        self.waiting.load(Ordering::Relaxed) > 0
    }

    /// Whether the session is ending.
    pub(super) fn is_halted(&self) -> bool {
        self.hold.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// Calls back all who wait, now and later.
    pub(super) fn halt(&self) {
        self.hold.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Sends the last event, unless `quit` is closed first. [`Outlet::halt`] comes before.
    pub(super) fn end(&self, ended: Ended, quit: &Receiver<()>) {
        {
            let mut over = self.over.write().unwrap_or_else(PoisonError::into_inner);
            if std::mem::replace(&mut *over, true) {
                return;
            }
        }
        select! {
            send(self.events, LiveEvent::Ended(ended)) -> _ => {}
            recv(quit) -> _ => {}
        }
    }
}
