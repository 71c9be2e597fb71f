//! The thread that listens, begins and ends faults, and waits for the threads of the clients.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};

use super::checks::listen;
use super::clients::Clients;
use super::clips::Clips;
use super::connection::Connection;
use super::shared::Shared;
use super::wire::any_readable;
use crate::error::CameraError;
use crate::event::Event;
use crate::faults::{Fault, FaultKind, ScheduledFault};

/// What the handle asks for.
pub(super) enum Command {
    /// A fault that begins now.
    Fault { fault: Fault, done: Sender<Result<(), CameraError>> },
    /// Every fault is over.
    Heal { done: Sender<()> },
    /// How many connections are open.
    Clients { done: Sender<usize> },
    /// The end.
    End,
}

/// More clients at one time are turned away.
const CLIENTS_MAX: usize = 64;
/// Ended threads are waited for at least so often; a port that is taken is tried again.
const TICK: Duration = Duration::from_millis(200);

pub(super) struct Supervisor {
    shared: Arc<Shared>,
    listener: Option<TcpListener>,
    clips: Clips,
    schedule: VecDeque<ScheduledFault>,
    commands: Receiver<Command>,
    woken: UnixStream,
    clients: Clients,
    last_client: u64,
    began: Instant,
    /// Whether the trouble with the port has been told.
    told: bool,
}

impl Supervisor {
    pub(super) fn new(
        shared: Arc<Shared>,
        listener: TcpListener,
        clips: Clips,
        mut faults: Vec<ScheduledFault>,
        commands: Receiver<Command>,
        woken: UnixStream,
    ) -> Self {
        faults.sort_by_key(|fault| fault.at);
        Self {
            shared,
            listener: Some(listener),
            clips,
            schedule: faults.into(),
            commands,
            woken,
            clients: Clients::default(),
            last_client: 0,
            began: Instant::now(),
            told: false,
        }
    }

    pub(super) fn run(mut self) {
        loop {
            while let Ok(command) = self.commands.try_recv() {
                match command {
                    Command::Fault { fault, done } => {
                        let begun = self.begin(fault);
                        let _ = done.send(begun);
                    }
                    Command::Heal { done } => {
                        let healed = self.shared.conditions(|conditions| conditions.heal());
                        self.ended(healed);
                        let _ = done.send(());
                    }
                    Command::Clients { done } => {
                        self.clients.reap();
                        let _ = done.send(self.clients.len());
                    }
                    Command::End => {
                        self.listener = None;
                        self.shared.end();
                        self.clients.close_all();
                        return;
                    }
                }
            }
            self.turn();
        }
    }

    fn turn(&mut self) {
        let now = Instant::now();
        let over = self.shared.conditions(|conditions| conditions.over(now));
        self.ended(over);
        while self.schedule.front().is_some_and(|next| self.began + next.at <= now)
            && let Some(due) = self.schedule.pop_front()
        {
            if let Err(error) = self.begin(due.fault) {
                self.shared.tell(&Event::Trouble { cause: error.to_string() });
            }
        }
        self.clients.reap();
        self.listen();
        match self.wait() {
            Ok(true) => self.accept(),
            Ok(false) => {}
            Err(error) => {
                self.shared.tell(&Event::Trouble { cause: format!("cannot wait: {error}") });
                std::thread::sleep(TICK);
            }
        }
    }

    /// Waits for a client, a command, or the next thing to do. True where clients may be waiting.
    fn wait(&mut self) -> io::Result<bool> {
        let next_end = self.shared.conditions(|conditions| conditions.next_end());
        let next_fault = self.schedule.front().map(|next| self.began + next.at);
        let next = next_end.into_iter().chain(next_fault).min();
        let wait = next.map_or(TICK, |next| next.saturating_duration_since(Instant::now()));
        let unanswered = self.shared.conditions(|conditions| conditions.unanswered());
        let listener = self.listener.as_ref().filter(|_| !unanswered);
        let mut fds = vec![PollFd::from_borrowed_fd(self.woken.as_fd(), PollFlags::IN)];
        if let Some(listener) = listener {
            fds.push(PollFd::from_borrowed_fd(listener.as_fd(), PollFlags::IN));
        }
        any_readable(&mut fds, wait.min(TICK))?;
        let mut bytes = [0_u8; 64];
        while (&self.woken).read(&mut bytes).is_ok_and(|length| length > 0) {}
        Ok(listener.is_some())
    }

    fn begin(&mut self, fault: Fault) -> Result<(), CameraError> {
        self.clips.of(&fault.kind)?;
        let last = self.last_client;
        // Those who wait to be let in when a session is forgotten belong to the new ones.
        let begun = self
            .shared
            .conditions(|conditions| conditions.begin(fault.clone(), Instant::now(), last));
        if !begun {
            return Err(CameraError::BadOptions {
                cause: "too many faults act at one time".to_owned(),
                hint: "let them end, with for_s or heal()",
            });
        }
        self.shared.tell(&Event::FaultBegan { fault: fault.clone() });
        match fault.kind {
            FaultKind::Stop => {
                self.listener = None;
                self.clients.close_all();
            }
            FaultKind::Switch { .. } | FaultKind::Resolution { .. } => {
                self.choose_clip();
                self.clients.close_all();
            }
            _ => {}
        }
        Ok(())
    }

    fn ended(&mut self, over: Vec<Fault>) {
        for fault in over {
            if matches!(fault.kind, FaultKind::Switch { .. } | FaultKind::Resolution { .. }) {
                self.shared.conditions(|conditions| conditions.generation += 1);
                self.choose_clip();
                self.clients.close_all();
            }
            self.listen();
            self.shared.tell(&Event::FaultOver { fault });
        }
    }

    /// The clip of the newest fault that has one, or else the camera's own.
    fn choose_clip(&mut self) {
        let kind = self.shared.conditions(|conditions| conditions.clip().cloned());
        let clip = match kind.map(|kind| self.clips.of(&kind)) {
            Some(Ok(Some(clip))) => Ok(clip),
            Some(Err(error)) => Err(error),
            Some(Ok(None)) | None => self.clips.first(),
        };
        match clip {
            Ok(clip) => self.shared.serve(clip),
            // All were loaded before; this is only for completeness.
            Err(error) => self.shared.tell(&Event::Trouble { cause: error.to_string() }),
        }
    }

    /// Has the port where it should, or tries again later.
    fn listen(&mut self) {
        let stopped = self.shared.conditions(|conditions| conditions.stopped());
        if self.listener.is_some() || stopped {
            return;
        }
        match listen(self.shared.address) {
            Ok(listener) => (self.listener, self.told) = (Some(listener), false),
            Err(error) if !self.told => {
                self.told = true;
                self.shared.tell(&Event::Trouble { cause: error.to_string() });
            }
            Err(_) => {}
        }
    }

    fn accept(&mut self) {
        let Some(listener) = &self.listener else { return };
        let mut new = Vec::new();
        while new.len() < CLIENTS_MAX
            && let Ok(accepted) = listener.accept()
        {
            new.push(accepted);
        }
        for (stream, peer) in new {
            if let Err(cause) = self.admit(stream, peer) {
                let client = self.last_client;
                self.shared.tell(&Event::Refused { client, peer, cause });
            }
        }
    }

    fn admit(&mut self, stream: TcpStream, peer: SocketAddr) -> Result<(), String> {
        self.last_client += 1;
        let number = self.last_client;
        if self.clients.len() >= CLIENTS_MAX {
            return Err(format!("there are {CLIENTS_MAX} clients already"));
        }
        let error = |error: io::Error| error.to_string();
        let kept = stream.try_clone().map_err(error)?;
        let generation = self.shared.conditions(|conditions| conditions.generation);
        let connection =
            Connection::new(stream, peer, number, generation, Arc::clone(&self.shared))
                .map_err(error)?;
        let thread = std::thread::Builder::new()
            .name(format!("wayside-client-{number}"))
            .spawn(move || connection.run())
            .map_err(error)?;
        self.clients.insert(number, kept, thread);
        Ok(())
    }
}
