//! What the console needs to know, in a process of its own or inside `wayside run`.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use axum::http::HeaderName;
use clap::Args;
use wayside_http::{Origin, TrustedProxy};
use wayside_listen::TlsFiles;

/// Where the console listens where nothing else is said.
pub const DEFAULT_CONSOLE: &str = "127.0.0.1:8088";

/// How people get in, and what they may change.
#[derive(Debug, Clone, Args)]
pub struct ConsoleSettings {
    /// The address under which browsers know the console, for passkeys, links and cookies, for example
    /// https://wayside.city.example. Where absent, http://localhost with the console's port.
    #[arg(long, value_name = "URL")]
    pub public_url: Option<String>,
    /// Certificate of the console (PEM), with those of its authorities after it.
    #[arg(long = "console-tls-cert", value_name = "FILE", requires = "console_tls_key")]
    pub console_tls_cert: Option<PathBuf>,
    /// Its key (PEM).
    #[arg(long = "console-tls-key", value_name = "FILE", requires = "console_tls_cert")]
    pub console_tls_key: Option<PathBuf>,
    /// File of accounts (SQLite); accounts.sqlite below --data where absent.
    #[arg(long, value_name = "FILE")]
    pub accounts: Option<PathBuf>,
    /// File of providers of OpenID Connect (TOML).
    #[arg(long, value_name = "FILE")]
    pub oidc: Option<PathBuf>,
    /// Address of a proxy in front of the console; may be given more than once. Of requests that come from there, the
    /// last address in X-Forwarded-For that is no proxy's counts, for limits and for the log of sign-ins. The proxy
    /// must append to that header, or set it.
    #[arg(long, value_name = "ADDR")]
    pub trusted_proxy: Vec<IpAddr>,
    /// Folder of site files: those in it are taken besides the ones that are named, and those that engineers make in
    /// the console go there and are taken at once. Where absent, sites below --data in `wayside run` with the embedded
    /// log; else they can change what was named, and make none.
    #[arg(long, value_name = "DIR")]
    pub sites_folder: Option<PathBuf>,
}

impl ConsoleSettings {
    /// Certificate and key.
    pub(crate) fn tls(&self) -> Option<TlsFiles> {
        let files = self.console_tls_cert.clone().zip(self.console_tls_key.clone());
        files.map(|(certificate, key)| TlsFiles { certificate, key })
    }

    /// From which address a request comes.
    pub(crate) fn origin(&self) -> Origin {
        let addresses: Vec<IpAddr> = self.trusted_proxy.iter().map(IpAddr::to_canonical).collect();
        let header = HeaderName::from_static("x-forwarded-for");
        Origin { proxy: (!addresses.is_empty()).then_some(TrustedProxy { header, addresses }) }
    }

    /// The address that browsers know.
    pub(crate) fn public_url(&self, listen: SocketAddr) -> String {
        let scheme = if self.console_tls_cert.is_some() { "https" } else { "http" };
        self.public_url.clone().unwrap_or_else(|| format!("{scheme}://localhost:{}", listen.port()))
    }
}
