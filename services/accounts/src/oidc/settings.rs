//! Providers, from a TOML file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::options::OptionsError;
use crate::policy::{Role, RoleMap};
use crate::secret::Password;

/// Bytes of a file.
const FILE_BYTES_MAX: u64 = 256 * 1024;
/// Providers that there may be.
const PROVIDERS_MAX: usize = 16;

/// A provider.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// Its id in paths: 1 to 32 of `a` to `z`, `0` to `9` and `-`.
    pub id: String,
    /// How people know it.
    pub name: String,
    /// Its issuer: `https://...`; `http://` on this machine alone.
    pub issuer: String,
    /// How it knows this service.
    pub client_id: String,
    /// The secret that goes with that; none for a public client.
    pub client_secret: Option<Password>,
    /// Scopes besides `openid`.
    pub scopes: Vec<String>,
    /// The claim from which accounts get their names.
    pub account_claim: String,
    /// Which values of which claim give which roles.
    pub roles: RoleMap,
    /// Authorities of its certificate (PEM), instead of the public ones.
    pub authorities: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    provider: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    name: String,
    issuer: String,
    client_id: String,
    client_secret_file: Option<PathBuf>,
    client_secret_env: Option<String>,
    #[serde(default = "profile")]
    scopes: Vec<String>,
    #[serde(default = "preferred_username")]
    account_claim: String,
    #[serde(default = "groups")]
    roles_claim: String,
    authorities: Option<PathBuf>,
    roles: BTreeMap<String, Vec<Role>>,
}

fn profile() -> Vec<String> {
    vec!["profile".to_owned()]
}

fn preferred_username() -> String {
    "preferred_username".to_owned()
}

fn groups() -> String {
    "groups".to_owned()
}

/// Reads the providers of a file. Secrets are in files of their own, or in the environment; relative paths begin
/// at the folder of the file.
///
/// # Errors
/// What is wrong, with line and column where there is one.
pub fn read_providers(path: &Path) -> Result<Vec<ProviderSettings>, OptionsError> {
    read_with(path, |name| std::env::var(name).ok())
}

fn read_with(
    path: &Path,
    env: impl Fn(&str) -> Option<String>,
) -> Result<Vec<ProviderSettings>, OptionsError> {
    let wrong = |what: String| OptionsError::Providers { path: path.to_owned(), what };
    let text = read(path).map_err(&wrong)?;
    let file: File = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    if file.provider.len() > PROVIDERS_MAX {
        return Err(wrong(format!("it has more than {PROVIDERS_MAX} providers")));
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut all: Vec<ProviderSettings> = Vec::new();
    for entry in file.provider {
        let of = |what: String| wrong(format!("provider {:?}: {what}", entry.id));
        let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        if !(1..=32).contains(&entry.id.len()) || !entry.id.bytes().all(fits) {
            return Err(of("its id is not 1 to 32 of a-z, 0-9 and `-`".to_owned()));
        }
        if all.iter().any(|other| other.id == entry.id) {
            return Err(of("it is there twice".to_owned()));
        }
        if entry.roles.values().all(Vec::is_empty) {
            return Err(of("its roles are empty: nobody could sign in".to_owned()));
        }
        let secret = match (&entry.client_secret_file, &entry.client_secret_env) {
            (None, None) => None,
            (Some(file), None) => Some(read(&folder.join(file)).map_err(&of)?),
            (None, Some(name)) => {
                let found = env(name);
                Some(found.ok_or_else(|| of(format!("the environment has no {name}")))?)
            }
            (Some(_), Some(_)) => {
                return Err(of("client_secret_file or client_secret_env, not both".to_owned()));
            }
        };
        let settings = ProviderSettings {
            id: entry.id.clone(),
            name: entry.name,
            issuer: entry.issuer,
            client_id: entry.client_id,
            client_secret: secret.map(|secret| Password::new(secret.trim())),
            scopes: entry.scopes,
            account_claim: entry.account_claim,
            roles: RoleMap { claim: entry.roles_claim, roles: entry.roles },
            authorities: entry.authorities.map(|path| folder.join(path)),
        };
        settings.check().map_err(|what| of(what.to_owned()))?;
        all.push(settings);
    }
    Ok(all)
}

fn read(path: &Path) -> Result<String, String> {
    let unreadable = |error: std::io::Error| format!("{} cannot be read: {error}", path.display());
    if std::fs::metadata(path).map_err(unreadable)?.len() > FILE_BYTES_MAX {
        return Err(format!("{} has more than {FILE_BYTES_MAX} bytes", path.display()));
    }
    std::fs::read_to_string(path).map_err(unreadable)
}

impl ProviderSettings {
    /// Whether the issuer can be used.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        let url = webauthn_rs::prelude::Url::parse(&self.issuer);
        let url = url.map_err(|_| "its issuer is no URL")?;
        if !may_be_asked(url.scheme(), url.host_str().unwrap_or_default()) {
            return Err("its issuer is not of https");
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
            return Err("its issuer has a query, a fragment or a user");
        }
        Ok(())
    }
}

/// Whether an address is encrypted, or on this machine.
pub(super) fn may_be_asked(scheme: &str, host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let here = bare == "localhost"
        || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    !host.is_empty() && (scheme == "https" || (scheme == "http" && here))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
[[provider]]
id = "city"
name = "City sign-in"
issuer = "https://login.city.example/realms/staff"
client_id = "wayside"
client_secret_file = "secret"
[provider.roles]
"wayside-reviewers" = ["reviewer"]
"wayside-chiefs" = ["senior", "auditor"]
"#;

    #[test]
    fn providers_and_what_is_refused() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("oidc.toml");
        std::fs::write(dir.path().join("secret"), "open sesame\n").expect("a file");
        let env = |name: &str| (name == "OIDC").then(|| "from the environment".to_owned());
        let ask = |text: &str| {
            std::fs::write(&path, text).expect("a file");
            read_with(&path, env).map_err(|error| {
                error.to_string().replace(&dir.path().display().to_string(), "DIR")
            })
        };
        let good = ask(GOOD).expect("providers");
        let secret = good[0].client_secret.as_ref().expect("a secret");
        assert_eq!(secret.reveal(), "open sesame");
        assert!(!format!("{good:?}").contains("sesame"));
        assert_eq!(good[0].account_claim, "preferred_username");
        let by_env =
            GOOD.replace("client_secret_file = \"secret\"", "client_secret_env = \"OIDC\"");
        assert!(ask(&by_env).is_ok());
        let told: Vec<String> = [
            GOOD.replace("\"city\"", "\"City/..\""),
            GOOD.replace("https://", "http://"),
            GOOD.replace("\"reviewer\"", "\"chief\""),
            GOOD.replace("client_id", "clientid"),
            GOOD.replace("\"secret\"", "\"gone\""),
            by_env.replace("OIDC", "OTHER"),
            format!("{GOOD}{GOOD}"),
            GOOD.split("[provider.roles]").next().unwrap_or_default().to_owned() + "roles = {}",
            GOOD.replace("https://login.city.example/realms/staff", "https://x/?y"),
        ]
        .iter()
        .map(|text| ask(text).expect_err("refused"))
        .collect();
        insta::assert_snapshot!(told.join("\n\n"));
    }

    #[test]
    fn what_may_be_asked() {
        assert!(may_be_asked("https", "login.city.example") && may_be_asked("http", "127.0.0.1"));
        assert!(may_be_asked("http", "[::1]") && may_be_asked("http", "localhost"));
        assert!(!may_be_asked("http", "login.city.example") && !may_be_asked("file", "localhost"));
        assert!(!may_be_asked("http", "localhost.evil.example") && !may_be_asked("https", ""));
    }
}
