//! A console's worth of accounts on a free port, a clock that tests move, and browsers.

pub mod browser;
pub mod provider;

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use serde_json::json;
use wayside_accounts::http::{self, HttpOptions};
use wayside_accounts::policy::{Role, Roles};
use wayside_accounts::{Account, Accounts, AccountsOptions, HashCost, PublicUrl};
use wayside_http::{Clock, Origin, TrustedProxy};
use wayside_proto::EventTime;

pub use browser::{Answer, Browser};

/// 2026-06-01T07:00:00Z.
pub const NOON: EventTime = EventTime(1_780_297_200_000_000);
/// Long enough, and nobody's.
pub const PASSWORD: &str = "correct horse battery";
/// The name of the service for browsers. The port that it listens on is another one.
pub const PUBLIC: &str = "http://localhost:8080";

/// A service that runs while it lives.
pub struct House {
    pub accounts: Arc<Accounts>,
    pub addr: SocketAddr,
    pub dir: tempfile::TempDir,
    time: Arc<AtomicI64>,
    _runtime: tokio::runtime::Runtime,
}

impl House {
    pub fn new() -> Self {
        Self::with(PUBLIC, |_| {})
    }

    pub fn with(public: &str, set: impl FnOnce(&mut AccountsOptions)) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let time = Arc::new(AtomicI64::new(NOON.0));
        let accounts = open(&dir.path().join("accounts.db"), public, &time, set);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        // Tests come from any address, by way of a proxy that is known.
        let proxy = TrustedProxy {
            header: axum::http::HeaderName::from_static("x-forwarded-for"),
            addresses: vec![IpAddr::from([127, 0, 0, 1])],
        };
        let options = HttpOptions { origin: Origin { proxy: Some(proxy) } };
        let router = http::router(Arc::clone(&accounts), options);
        let addr = serve(&runtime, router);
        Self { accounts, addr, dir, time, _runtime: runtime }
    }

    pub fn now(&self) -> EventTime {
        EventTime(self.time.load(Ordering::SeqCst))
    }

    /// Lets time pass.
    pub fn pass_s(&self, seconds: f64) {
        self.time.store(self.now().plus_s(seconds).0, Ordering::SeqCst);
    }

    /// The same file, opened again: a restart, or another process.
    pub fn again(&self) -> Arc<Accounts> {
        open(&self.dir.path().join("accounts.db"), PUBLIC, &self.time, |_| {})
    }

    /// A browser that nobody has signed in with.
    pub fn browser(&self) -> Browser {
        Browser::new(self.addr)
    }

    /// The token of a link.
    pub fn token(link: &str) -> String {
        link.split("token=").nth(1).expect("a token").to_owned()
    }

    /// The first account, `chief`, signed in.
    pub fn chief(&self) -> Browser {
        let link = self.accounts.setup_link(self.now()).expect("a link").expect("no account yet");
        let mut browser = self.browser();
        let sent = json!({
            "token": Self::token(link.reveal()), "account": "chief", "name": "Chief",
            "password": PASSWORD,
        });
        let answer = browser.post("/api/v1/setup", &sent);
        assert_eq!(answer.status, 200, "{}", answer.text);
        browser
    }

    /// An account with a password, made beside the API.
    pub fn account(&self, name: &str, roles: &[Role]) {
        let account = Account::new(name).expect("a name");
        let roles = Roles::new(roles.iter().copied()).expect("roles");
        let now = self.now();
        let link = self.accounts.create("test", &account, name, &roles, now).expect("an account");
        let mut browser = self.browser();
        let sent = json!({"token": Self::token(link.reveal()), "password": PASSWORD});
        assert_eq!(browser.post("/api/v1/invite", &sent).status, 200);
    }

    /// The same, signed in.
    pub fn signed_in(&self, name: &str, roles: &[Role]) -> Browser {
        self.account(name, roles);
        let mut browser = self.browser();
        assert_eq!(browser.sign_in(name, PASSWORD).status, 200);
        browser
    }
}

fn open(
    path: &Path,
    public: &str,
    time: &Arc<AtomicI64>,
    set: impl FnOnce(&mut AccountsOptions),
) -> Arc<Accounts> {
    let mut options = AccountsOptions::new(PublicUrl::parse(public).expect("an address"));
    let time = Arc::clone(time);
    options.clock = Clock::from_fn(move || EventTime(time.load(Ordering::SeqCst)));
    // What a hash costs is tested apart; here there are hundreds.
    options.cost = HashCost { memory_kib: 64, passes: 1, lanes: 1 };
    set(&mut options);
    Accounts::open(path, options).expect("accounts")
}

/// Serves a router on a free port of this machine.
pub fn serve(runtime: &tokio::runtime::Runtime, router: Router) -> SocketAddr {
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"));
    let listener = listener.expect("a port");
    let addr = listener.local_addr().expect("an address");
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    runtime.spawn(async move {
        let _ = axum::serve(listener, service).await;
    });
    addr
}
