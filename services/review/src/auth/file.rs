//! The tokens file. It is read again when it changes, so that a token that is taken out stops to work.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use wayside_cases::Account;
use wayside_proto::EventTime;

use super::entry::{Entry, EntryError, presented};
use super::{Asking, Authenticator, Signed, Unknown, bearer};

/// Tokens of one installation.
const TOKENS_MAX: usize = 1_000;
/// Bytes of the file.
const FILE_BYTES_MAX: u64 = 1 << 20;
/// How often the file is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const HEAD: &str = "# Tokens of `wayside review`: SHA-256, role, account, expiry. No token can be read from this file.\n";

/// Why there are no tokens.
#[derive(Debug, thiserror::Error)]
pub enum TokensError {
    /// The file cannot be read.
    #[error("the tokens file {} cannot be read: {cause}\n  hint: `wayside review token new --account NAME --role reviewer --tokens FILE` makes it", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// It cannot be written.
    #[error("the tokens file {} cannot be written: {cause}\n  hint: check the folder and who may write there", .path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A line is no entry.
    #[error("the tokens file {} line {line}: {problem}\n  hint: let `wayside review token` write this file", .path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Counts from 1.
        line: usize,
        /// What is wrong.
        problem: EntryError,
    },
    /// Others on this machine can write it.
    #[error("the tokens file {} can be written by everybody (mode {mode:03o})\n  hint: chmod 600", .path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// Too long.
    #[error("the tokens file {} has more than {TOKENS_MAX} tokens, or 1 MiB\n  hint: revoke those that have expired", .path.display())]
    TooMany {
        /// The file.
        path: PathBuf,
    },
}

#[derive(Debug)]
struct Known {
    entries: Arc<Vec<Entry>>,
    version: Option<(SystemTime, u64)>,
    looked: Instant,
}

/// Knows callers by a tokens file.
#[derive(Debug)]
pub struct TokenFile {
    path: PathBuf,
    known: Mutex<Known>,
}

impl TokenFile {
    /// Reads the file. One without tokens is taken: nobody can sign in until there is one.
    ///
    /// # Errors
    /// Where it cannot be read or a line is no entry.
    pub fn open(path: &Path) -> Result<Self, TokensError> {
        let entries = Arc::new(list_tokens(path)?);
        let known = Known { entries, version: version(path), looked: Instant::now() };
        Ok(Self { path: path.to_owned(), known: Mutex::new(known) })
    }

    /// The same, of a file that is made where it is not there: without a token, for its owner alone.
    ///
    /// # Errors
    /// As [`TokenFile::open`], and where it cannot be written.
    pub fn open_or_make(path: &Path) -> Result<Self, TokensError> {
        if !path.exists() {
            write(path, &[])?;
        }
        Self::open(path)
    }

    /// Whether nobody has a token.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries().is_empty()
    }

    /// The entries as they are now. A change that cannot be read is told, and those before hold.
    fn entries(&self) -> Arc<Vec<Entry>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.looked.elapsed() >= LOOK_EVERY {
            known.looked = Instant::now();
            let version = version(&self.path);
            if version != known.version {
                match list_tokens(&self.path) {
                    Ok(entries) => {
                        tracing::info!("tokens read again: {} of them", entries.len());
                        known.entries = Arc::new(entries);
                        known.version = version;
                    }
                    Err(error) => {
                        tracing::error!(
                            "the changed tokens are refused, those before hold:\n{error}"
                        );
                        known.version = version;
                    }
                }
            }
        }
        Arc::clone(&known.entries)
    }
}

impl Authenticator for TokenFile {
    fn authenticate(&self, asking: &Asking<'_>, now: EventTime) -> Result<Signed, Unknown> {
        let token = bearer(asking.headers).ok_or(Unknown::Missing)?;
        let digest = presented(token).ok_or(Unknown::Wrong)?;
        let entries = self.entries();
        // Every entry is looked at, whichever is the right one.
        let found = entries
            .iter()
            .fold(None, |found, entry| if entry.is_of(&digest) { Some(entry) } else { found });
        let entry = found.ok_or(Unknown::Wrong)?;
        if now >= entry.expires {
            return Err(Unknown::Expired);
        }
        Ok(Signed { actor: entry.actor.clone(), key: entry.key() })
    }
}

fn version(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

/// Every token of a file.
///
/// # Errors
/// Where it cannot be read, everybody can write it, or a line is no entry.
pub fn list_tokens(path: &Path) -> Result<Vec<Entry>, TokensError> {
    let unreadable = |cause| TokensError::Unreadable { path: path.to_owned(), cause };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o002 != 0 {
        return Err(TokensError::Open { path: path.to_owned(), mode });
    }
    if metadata.len() > FILE_BYTES_MAX {
        return Err(TokensError::TooMany { path: path.to_owned() });
    }
    let text = fs::read_to_string(path).map_err(unreadable)?;
    let mut entries = Vec::new();
    for (index, line) in text.lines().map(str::trim).enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let entry = Entry::parse(line).map_err(|problem| TokensError::Line {
            path: path.to_owned(),
            line: index + 1,
            problem,
        })?;
        entries.push(entry);
    }
    if entries.len() > TOKENS_MAX {
        return Err(TokensError::TooMany { path: path.to_owned() });
    }
    Ok(entries)
}

/// Adds a token to the file, which is made where it is not there, for its owner alone.
///
/// # Errors
/// Where it cannot be read or written.
pub fn add_token(path: &Path, entry: &Entry) -> Result<(), TokensError> {
    let mut entries = if path.exists() { list_tokens(path)? } else { Vec::new() };
    entries.push(entry.clone());
    write(path, &entries)
}

/// Takes every token of this account out. How many there were.
///
/// # Errors
/// Where the file cannot be read or written.
pub fn revoke_tokens(path: &Path, account: &Account) -> Result<usize, TokensError> {
    let mut entries = list_tokens(path)?;
    let before = entries.len();
    entries.retain(|entry| entry.actor.account != *account);
    let revoked = before - entries.len();
    if revoked > 0 {
        write(path, &entries)?;
    }
    Ok(revoked)
}

/// Writes a new file and puts it in the place of the old one, so that no reader sees half of it.
fn write(path: &Path, entries: &[Entry]) -> Result<(), TokensError> {
    let unwritable = |cause| TokensError::Unwritable { path: path.to_owned(), cause };
    if entries.len() > TOKENS_MAX {
        return Err(TokensError::TooMany { path: path.to_owned() });
    }
    let lines: Vec<String> = entries.iter().map(|entry| entry.line() + "\n").collect();
    let mut new = path.as_os_str().to_owned();
    new.push(format!(".{}.new", std::process::id()));
    let new = PathBuf::from(new);
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&new)
        .map_err(unwritable)?;
    let written = file
        .write_all(format!("{HEAD}{}", lines.concat()).as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&new, path));
    written.map_err(|cause| {
        let _ = fs::remove_file(&new);
        unwritable(cause)
    })
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, Method, header};
    use wayside_cases::{Actor, Role};

    use super::*;

    const NOW: EventTime = EventTime(1_780_297_407_174_000);

    fn actor(account: &str, role: Role) -> Actor {
        Actor::new(Account::new(account).expect("an account"), role)
    }

    fn with(value: &str) -> HeaderMap {
        let value = HeaderValue::from_str(value).expect("a header");
        HeaderMap::from_iter([(header::AUTHORIZATION, value)])
    }

    #[test]
    fn a_token_works_until_it_expires_or_is_revoked() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("tokens");
        let (entry, token) =
            Entry::create(actor("reviewer-1", Role::Reviewer), NOW.plus_s(60.0)).expect("a token");
        add_token(&path, &entry).expect("added");
        let text = fs::read_to_string(&path).expect("a file");
        assert!(!text.contains(&token.reveal()[4..]) && text.contains("reviewer reviewer-1"));
        assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
        let file = TokenFile::open(&path).expect("tokens");
        let asked = |headers: &HeaderMap, now| {
            let asking = Asking { method: &Method::GET, headers, query: None };
            file.authenticate(&asking, now).map(|signed| signed.actor.role)
        };
        let ask = |value: &str, now| asked(&with(value), now);
        let right = format!("Bearer {}", token.reveal());
        assert_eq!(ask(&right, NOW), Ok(Role::Reviewer));
        assert_eq!(ask(&format!("bearer  {}", token.reveal()), NOW), Ok(Role::Reviewer));
        assert_eq!(ask(&right, NOW.plus_s(60.0)), Err(Unknown::Expired));
        assert_eq!(ask(&right[..right.len() - 1], NOW), Err(Unknown::Wrong));
        assert_eq!(ask(&format!("Bearer {}", "x".repeat(10_000)), NOW), Err(Unknown::Wrong));
        assert_eq!(ask(&format!("Basic {}", token.reveal()), NOW), Err(Unknown::Missing));
        assert_eq!(asked(&HeaderMap::new(), NOW), Err(Unknown::Missing));
        assert_eq!(revoke_tokens(&path, &entry.actor.account).expect("revoked"), 1);
        std::thread::sleep(LOOK_EVERY);
        assert_eq!(ask(&right, NOW), Err(Unknown::Wrong));
    }

    #[test]
    fn files_that_are_refused() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("tokens");
        let said = |text: &str| {
            fs::write(&path, text).expect("a file");
            let error = TokenFile::open(&path).expect_err("refused").to_string();
            error.replace(&dir.path().display().to_string(), "DIR")
        };
        let digest = "a".repeat(64);
        let all = [
            TokenFile::open(&path)
                .expect_err("refused")
                .to_string()
                .replace(&dir.path().display().to_string(), "DIR"),
            said("wst_secret-word\n"),
            said(&format!("\n{digest} chief someone 2030-01-01T00:00:00Z\n")),
            said(&format!("{digest} system wayside 2030-01-01T00:00:00Z\n")),
            said(&format!("{digest} reviewer Jane 2030-01-01T00:00:00Z\n")),
            said(&format!("{digest} reviewer jane tomorrow\n")),
            said("abc reviewer jane 2030-01-01T00:00:00Z\n"),
        ];
        assert!(!all.join("\n").contains("secret-word"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).expect("a mode");
        let open = TokenFile::open(&path).expect_err("refused").to_string();
        let open = open.replace(&dir.path().display().to_string(), "DIR");
        insta::assert_snapshot!(format!("{}\n\n{open}", all.join("\n\n")), @r#"
        the tokens file DIR/tokens cannot be read: No such file or directory (os error 2)
          hint: `wayside review token new --account NAME --role reviewer --tokens FILE` makes it

        the tokens file DIR/tokens line 1: it has 1 fields, not digest, role, account and expiry
          hint: let `wayside review token` write this file

        the tokens file DIR/tokens line 2: `chief` is no role of a token: reviewer, senior, engineer, auditor, operator, ticketing
          hint: let `wayside review token` write this file

        the tokens file DIR/tokens line 1: `system` is no role of a token: reviewer, senior, engineer, auditor, operator, ticketing
          hint: let `wayside review token` write this file

        the tokens file DIR/tokens line 1: `Jane` is no account: 1 to 64 of a-z, 0-9, `.`, `_` and `-`, for example reviewer-07
          hint: let `wayside review token` write this file

        the tokens file DIR/tokens line 1: its expiry: `tomorrow` is not an RFC 3339 instant such as 2026-06-01T07:00:00Z: failed to parse four digit integer as year: invalid digit, expected 0-9 but got t
          hint: let `wayside review token` write this file

        the tokens file DIR/tokens line 1: its digest is not 64 digits in hex
          hint: let `wayside review token` write this file

        the tokens file DIR/tokens can be written by everybody (mode 666)
          hint: chmod 600
        "#);
        let system = Entry::create(actor("wayside", Role::System), NOW);
        assert!(system.is_err());
    }
}
