//! The threads of the clients.

use std::collections::BTreeMap;
use std::net::{Shutdown, TcpStream};
use std::thread::JoinHandle;

/// One client's thread.
struct Client {
    /// To wake the thread from a read or write that blocks.
    stream: TcpStream,
    thread: JoinHandle<()>,
}

/// The clients that are connected, by number.
#[derive(Default)]
pub(super) struct Clients(BTreeMap<u64, Client>);

impl Clients {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn insert(&mut self, number: u64, stream: TcpStream, thread: JoinHandle<()>) {
        self.0.insert(number, Client { stream, thread });
    }

    /// Forgets clients whose thread has ended.
    pub(super) fn reap(&mut self) {
        for (_, client) in self.0.extract_if(.., |_, client| client.thread.is_finished()) {
            let _ = client.thread.join();
        }
    }

    /// Closes every connection and waits for its thread.
    pub(super) fn close_all(&mut self) {
        for client in self.0.values() {
            let _ = client.stream.shutdown(Shutdown::Both);
        }
        for (_, client) in std::mem::take(&mut self.0) {
            let _ = client.thread.join();
        }
    }
}
