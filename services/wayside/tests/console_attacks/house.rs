//! `wayside console` on a folder of data, and people in front of it.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common;
use crate::fill::{Filled, fill};
use crate::wire::{Answer, answers, exchange};

pub const PASSWORD: &str = "a long one for the attacks";
/// How long a busy machine may take to start the program.
const START: Duration = Duration::from_secs(300);

/// The program, which ends with it.
pub struct House {
    pub dir: TempDir,
    pub addr: SocketAddr,
    pub filled: Filled,
    pub link: String,
    child: Child,
}

impl House {
    pub fn new() -> Self {
        Self::with(&[], str::to_owned)
    }

    /// With further arguments, and another site file.
    pub fn with(more: &[&str], change: impl Fn(&str) -> String) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let filled = fill(dir.path(), change);
        let at = |name: &str| dir.path().join(name).display().to_string();
        fs::create_dir_all(dir.path().join("home/sites")).expect("folders");
        fs::write(at("tokens"), "").expect("tokens");
        let vault = common::wayside(["review", "vault-key"]).succeeded().stdout;
        fs::write(at("vault.keys"), vault).expect("a master key");
        let mut command = common::command(["console"]);
        command.arg(at("site.toml")).args(["--data", &at("data"), "--store", &at("store")]);
        if !more.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        command.args(["--http", "127.0.0.1:0", "--home", &at("home")]);
        command.args(["--sites-folder", &at("home/sites"), "--desk", &at("desk.sqlite")]);
        command.args(["--tokens", &at("tokens"), "--vault-key", &at("vault.keys")]);
        command.args(["--verify-key", &at("keys"), "--no-plate-reader", "--undo-s", "0"]);
        command.args(["--second-review-share", "0", "--known-share", "0"]).args(more);
        let said = File::create(at("said")).expect("a file");
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(said)
            .spawn()
            .expect("the program starts");
        let mut house =
            Self { dir, addr: ([127, 0, 0, 1], 0).into(), filled, link: String::new(), child };
        house.link = house.told("/#/setup?token=");
        let port = house.told("the console is on ");
        let port = port.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
        house.addr.set_port(port);
        house
    }

    /// What follows these words in what the program says.
    fn told(&mut self, words: &str) -> String {
        let began = Instant::now();
        loop {
            let said = self.said();
            // The last line may be under way.
            let whole = said.rsplit_once('\n').map_or("", |(whole, _)| whole);
            let found = whole.lines().find_map(|line| Some(line.split_once(words)?.1.to_owned()));
            if let Some(found) = found {
                return found.trim().to_owned();
            }
            let ended = self.child.try_wait().expect("a status");
            assert!(
                ended.is_none() && began.elapsed() < START,
                "{words:?} was never said:\n{said}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Everything that the program said.
    pub fn said(&self) -> String {
        let bytes = fs::read(self.dir.path().join("said")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Nobody, until a sign-in.
    pub fn browser(&self) -> Browser {
        Browser { addr: self.addr, cookie: None, csrf: None, role: None, more: Vec::new() }
    }

    /// The first account, with all roles.
    pub fn owner(&self) -> Browser {
        let mut browser = self.browser();
        let body =
            json!({"token": self.link, "account": "owner", "name": "Owner", "password": PASSWORD});
        browser.begin("/api/v1/setup", &body);
        browser
    }

    /// Another account with this role alone.
    pub fn account(&self, owner: &Browser, account: &str, role: &str) -> Browser {
        let made = json!({"account": account, "name": account, "roles": [role]});
        let made = owner.acting("administrator").post("/api/v1/accounts", &made);
        assert_eq!(made.status, 201, "{}", made.text());
        let invite = made.json()["invite"].as_str().expect("a link").to_owned();
        let token = invite.split("token=").nth(1).expect("a token");
        let mut browser = self.browser();
        browser.begin("/api/v1/invite", &json!({"token": token, "password": PASSWORD}));
        browser
    }

    /// Waits until the cases can be decided.
    pub fn cases_are_there(&self, owner: &Browser) {
        let began = Instant::now();
        loop {
            let queue = owner.acting("reviewer").get("/api/review/v1/queue").json();
            if queue["first"].as_u64() == Some(self.filled.cases.len() as u64) {
                return;
            }
            assert!(began.elapsed() < START, "the cases never came: {queue}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Whether the program still runs and serves.
    pub fn is_well(&mut self) -> bool {
        self.child.try_wait().expect("a status").is_none()
            && self.browser().get("/api/v1/setup").status == 200
            && !self.said().contains("panicked")
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A browser with at most one session.
#[derive(Clone)]
pub struct Browser {
    pub addr: SocketAddr,
    pub cookie: Option<String>,
    pub csrf: Option<String>,
    pub role: Option<String>,
    pub more: Vec<(String, String)>,
}

impl Browser {
    /// The same session in this role.
    pub fn acting(&self, role: &str) -> Self {
        Self { role: Some(role.to_owned()), ..self.clone() }
    }

    /// The same with a header on every request.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut more = self.more.clone();
        more.push((name.to_owned(), value.to_owned()));
        Self { more, ..self.clone() }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None, &[])
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, body)
    }

    pub fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        let json = ("Content-Type", "application/json");
        self.ask(method, path, Some(body.to_string().as_bytes()), &[json])
    }

    /// A request with these headers beside those of the session.
    pub fn ask(
        &self,
        method: &str,
        path: &str,
        body: Option<&[u8]>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut sent = self.head(method, path, headers);
        if let Some(body) = body {
            sent += &format!("Content-Length: {}\r\n", body.len());
        }
        let mut sent = (sent + "Connection: close\r\n\r\n").into_bytes();
        sent.extend_from_slice(body.unwrap_or_default());
        let answered = exchange(self.addr, &sent);
        let first = answers(&answered).into_iter().next();
        first.unwrap_or_else(|| panic!("no answer to {method} {path}: {answered:?}"))
    }

    /// The head of a request, without its end.
    pub fn head(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> String {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.addr);
        let own =
            [("Cookie", &self.cookie), ("Wayside-Csrf", &self.csrf), ("Wayside-Role", &self.role)];
        for (name, value) in own {
            if let Some(value) = value {
                head += &format!("{name}: {value}\r\n");
            }
        }
        for (name, value) in
            self.more.iter().map(|(n, v)| (n.as_str(), v.as_str())).chain(headers.iter().copied())
        {
            head += &format!("{name}: {value}\r\n");
        }
        head
    }

    /// Begins a session.
    #[track_caller]
    pub fn begin(&mut self, path: &str, body: &Value) {
        let answer = self.post(path, body);
        assert_eq!(answer.status, 200, "{}", answer.text());
        self.take(&answer);
    }

    /// Keeps the session that an answer begins.
    pub fn take(&mut self, answer: &Answer) {
        let cookie = answer.header("set-cookie").expect("a cookie");
        self.cookie = cookie.split(';').next().map(str::to_owned);
        self.csrf = answer.json()["csrf"].as_str().map(str::to_owned);
    }

    pub fn sign_in(&self, account: &str, password: &str) -> Answer {
        self.post("/api/v1/session", &json!({"account": account, "password": password}))
    }
}

impl House {
    /// Every file below the folder but databases and logs, which change by themselves.
    pub fn files(&self) -> Vec<std::path::PathBuf> {
        fn walk(dir: &Path, all: &mut Vec<std::path::PathBuf>) {
            for entry in fs::read_dir(dir).expect("a folder").flatten() {
                if entry.path().is_dir() {
                    walk(&entry.path(), all)
                } else {
                    all.push(entry.path())
                }
            }
        }
        let mut all = Vec::new();
        walk(self.path(), &mut all);
        let own = [self.path().join("data"), self.path().join("said")];
        all.retain(|path| {
            !own.iter().any(|own| path.starts_with(own))
                && !path.to_string_lossy().contains(".sqlite")
        });
        all.sort();
        all
    }
}
