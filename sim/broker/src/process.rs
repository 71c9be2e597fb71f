//! One Java process that does not outlive us.

use std::io;
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};

use crate::BrokerError;

/// A running process. A thread of its own starts it and stays until it ends: Linux sends the signal
/// that `setpriv` asks for when the *thread* that started the process is gone, and a test's thread goes early.
#[derive(Debug)]
pub struct Process {
    pid: Pid,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    ended: Mutex<Option<String>>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Option<String>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The command, under a `setpriv` that has it killed when the thread that starts it ends.
pub fn bound_to_us(program: &std::path::Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    command
}

impl Process {
    /// Starts the command.
    pub fn start(command: Command) -> Result<Self, BrokerError> {
        let shared = Arc::new(Shared::default());
        let (tell, told) = channel();
        let kept = Arc::clone(&shared);
        let failed = |cause| BrokerError::Process { what: "Java could not be started", cause };
        std::thread::Builder::new()
            .name("broker-keeper".to_owned())
            .spawn(move || keep(command, &kept, &tell))
            .map_err(failed)?;
        let pid = told
            .recv()
            .unwrap_or_else(|_| Err(io::Error::other("its thread is gone")))
            .map_err(failed)?;
        Ok(Self { pid, shared })
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.pid.as_raw_nonzero().get().unsigned_abs()
    }

    /// How it ended; `None` while it runs.
    pub fn ended(&self) -> Option<String> {
        self.shared.lock().clone()
    }

    /// Sends a signal; a process that has ended is left alone.
    pub fn signal(&self, signal: Signal) -> Result<(), BrokerError> {
        // The process is reaped under this lock, so that its id is not somebody else's.
        let ended = self.shared.lock();
        if ended.is_some() {
            return Ok(());
        }
        kill_process(self.pid, signal).map_err(|error| BrokerError::Process {
            what: "a signal could not be sent to the broker",
            cause: error.into(),
        })
    }

    /// Waits for its end; false where it still runs afterwards.
    pub fn wait(&self, patience: Duration) -> bool {
        let (ended, _) = self
            .shared
            .changed
            .wait_timeout_while(self.shared.lock(), patience, |ended| ended.is_none())
            .unwrap_or_else(PoisonError::into_inner);
        ended.is_some()
    }

    /// SIGKILL, which a stopped process obeys as well; returns when it is gone.
    pub fn kill(&self) {
        // It fails only where the process is gone.
        let _ = self.signal(Signal::KILL);
        self.wait(Duration::from_secs(30));
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn keep(mut command: Command, shared: &Shared, tell: &Sender<io::Result<Pid>>) {
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            let _ = tell.send(Err(error));
            return;
        }
    };
    let pid = Pid::from_child(&child);
    let _ = tell.send(Ok(pid));
    // Waits without reaping.
    while let Err(rustix::io::Errno::INTR) =
        waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)
    {}
    let mut ended = shared.lock();
    *ended = Some(reap(&mut child));
    shared.changed.notify_all();
}

fn reap(child: &mut Child) -> String {
    child.wait().as_ref().map_or_else(ToString::to_string, ExitStatus::to_string)
}

/// Resident memory of a process in bytes.
pub fn resident_bytes(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}
