//! A private PostgreSQL for the tests: its own folder, a socket in it, nobody else's.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// A running server; it ends with its last user.
pub struct Server {
    folder: tempfile::TempDir,
    pid: Pid,
    keeper: Option<std::thread::JoinHandle<()>>,
    /// Port on 127.0.0.1, where it listens there.
    pub port: u16,
}

/// Folder of the server's programs: `WAYSIDE_POSTGRES`, or Debian's newest.
pub fn programs() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("WAYSIDE_POSTGRES") {
        return Some(PathBuf::from(folder));
    }
    let version = |path: &PathBuf| {
        path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()).unwrap_or(0)
    };
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("bin/initdb").exists())
        .collect();
    found.sort_by_key(version);
    found.pop().map(|path| path.join("bin"))
}

/// The server that the tests of this process share.
pub fn shared() -> Option<Arc<Server>> {
    static SHARED: Mutex<Weak<Server>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(server) = shared.upgrade() {
        return Some(server);
    }
    let server = Arc::new(Server::start(None)?);
    *shared = Arc::downgrade(&server);
    Some(server)
}

/// PostgreSQL refuses root; then its own account runs it.
fn owner() -> Option<(u32, u32)> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let accounts = std::fs::read_to_string("/etc/passwd").expect("accounts");
    let line = accounts.lines().find(|line| line.starts_with("postgres:"));
    let fields: Vec<&str> = line.expect("the account postgres").split(':').collect();
    Some((fields[2].parse().expect("a uid"), fields[3].parse().expect("a gid")))
}

/// The program, as the right account, killed when we end.
fn command(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    if let Some((user, group)) = owner() {
        command.arg(format!("--reuid={user}")).arg(format!("--regid={group}"));
        command.arg("--clear-groups");
    }
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    command.stdin(Stdio::null()).env("LC_ALL", "C");
    command
}

/// A certificate for 127.0.0.1, its key, and the authority's file: what a server with TLS needs.
pub struct Certificates {
    pub authority: String,
    pub certificate: String,
    pub key: String,
}

impl Server {
    /// Starts one; none where PostgreSQL is not installed.
    ///
    /// # Panics
    /// Where it does not start; with `CI` also where it is not installed.
    pub fn start(tls: Option<&Certificates>) -> Option<Self> {
        let Some(programs) = programs() else {
            let what = "PostgreSQL is not installed: scripts/setup.sh postgres, or WAYSIDE_POSTGRES=FOLDER";
            assert!(std::env::var_os("CI").is_none(), "{what}");
            eprintln!("skipped, {what}");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        give(folder.path());
        let made = command(&programs.join("initdb"))
            .args(["--username=wayside", "--auth=trust", "--encoding=UTF8", "--locale=C"])
            .args(["--no-sync", "--pgdata"])
            .arg(&data)
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let mut server = command(&programs.join("postgres"));
        server.arg("-D").arg(&data).arg("-k").arg(folder.path());
        server.args(["-c", "max_connections=80"]);
        let mut port = 5432;
        match tls {
            None => {
                server.args(["-c", "listen_addresses="]);
            }
            Some(tls) => {
                port = free_port();
                for (name, text) in [("server.crt", &tls.certificate), ("server.key", &tls.key)] {
                    let file = folder.path().join(name);
                    std::fs::write(&file, text).expect("a file");
                    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
                    std::fs::set_permissions(&file, private).expect("a mode");
                    give(&file);
                    let setting =
                        if name.ends_with("crt") { "ssl_cert_file" } else { "ssl_key_file" };
                    server.arg("-c").arg(format!("{setting}={}", file.display()));
                }
                server.args(["-c", "ssl=on", "-c", "listen_addresses=127.0.0.1"]);
                // Nobody without TLS.
                let rules = "local all all trust\nhostssl all all 127.0.0.1/32 trust\n";
                std::fs::write(data.join("pg_hba.conf"), rules).expect("rules");
                give(&data.join("pg_hba.conf"));
            }
        }
        server.arg("-p").arg(port.to_string());
        let log = std::fs::File::create(folder.path().join("log")).expect("a log");
        server.stderr(log.try_clone().expect("a log")).stdout(log);
        let (pid, keeper) = keep(server);
        let server = Self { folder, pid, keeper: Some(keeper), port };
        server.wait();
        Some(server)
    }

    /// How to reach a database of it, through its socket.
    pub fn url(&self, database: &str) -> String {
        let folder = self.folder.path().display();
        format!("host={folder} port={} user=wayside dbname={database}", self.port)
    }

    /// How to reach one schema of it, as if it were alone.
    pub fn schema(&self, name: &str) -> String {
        format!("{} options='-c search_path={name}'", self.url("postgres"))
    }

    fn wait(&self) {
        let begin = Instant::now();
        while let Err(error) = postgres::Client::connect(&self.url("postgres"), postgres::NoTls) {
            if begin.elapsed() > Duration::from_secs(300) {
                let log = std::fs::read_to_string(self.folder.path().join("log"));
                panic!("PostgreSQL does not answer: {error}\n{}", log.unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Fast shutdown: connections are closed, the log is flushed.
        let _ = kill_process(self.pid, Signal::INT);
        if let Some(keeper) = self.keeper.take() {
            let _ = keeper.join();
        }
    }
}

/// Linux kills the server when the *thread* that started it ends: one stays until then.
fn keep(mut command: Command) -> (Pid, std::thread::JoinHandle<()>) {
    let (tell, told) = std::sync::mpsc::channel();
    let keeper = std::thread::spawn(move || {
        let mut child = command.spawn().expect("PostgreSQL starts");
        tell.send(child.id()).expect("somebody waits");
        let _ = child.wait();
    });
    let id = told.recv().expect("an id");
    (Pid::from_raw(i32::try_from(id).expect("an id")).expect("an id"), keeper)
}

fn give(path: &Path) {
    if let Some((user, group)) = owner() {
        std::os::unix::fs::chown(path, Some(user), Some(group)).expect("the folder is given");
    }
}

/// A port that nobody has. Linux takes ports from 32768 on for outgoing connections: below, it is still free in a
/// moment.
fn free_port() -> u16 {
    static NEXT: std::sync::atomic::AtomicU16 = std::sync::atomic::AtomicU16::new(0);
    let begin = (std::process::id() % 8_000) as u16;
    loop {
        let step = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let port = 12_000 + (begin + step) % 8_000;
        if std::net::TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
