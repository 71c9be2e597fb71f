//! What `wayside run --review` keeps below its folder of data where no argument names another place: the key that
//! signs, the master key for plates, the tokens. What is not there is made, for its owner alone, and told. No token and
//! no account is made: who may decide is said by a person.

use std::fs::{DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::token::vault_line;
use crate::failure::Failure;
use crate::keys::{self, Folder, KeyArgs};

const KEYS: &str = "keys";
const VAULT: &str = "vault-key";
const TOKENS: &str = "tokens";
const DESK: &str = "desk.sqlite";
const EVIDENCE: &str = "evidence";

/// Places below a folder of data.
#[derive(Clone, Debug)]
pub(crate) struct Home(PathBuf);

impl Home {
    /// Below this folder, which is made where it is not there.
    pub(crate) fn below(data: &Path) -> Result<Self, Failure> {
        std::fs::create_dir_all(data).map_err(|error| Failure::unwritable(data, &error))?;
        Ok(Self(data.to_owned()))
    }

    /// The database of decisions below this folder, whether it is there or not.
    pub(crate) fn desk_below(data: &Path) -> PathBuf {
        data.join(DESK)
    }

    /// The database of decisions.
    pub(crate) fn desk(&self) -> PathBuf {
        Self::desk_below(&self.0)
    }

    /// The tokens of the API.
    pub(crate) fn tokens(&self) -> PathBuf {
        self.0.join(TOKENS)
    }

    /// The folder of packages.
    pub(crate) fn evidence(&self) -> Result<String, Failure> {
        let folder = self.0.join(EVIDENCE);
        folder.to_str().map(str::to_owned).ok_or_else(|| {
            Failure::input(format!(
                "{} is no UTF-8 path\n  hint: name the folder of packages with --evidence",
                folder.display()
            ))
        })
    }

    /// The key that signs: the one that is named or in the environment, else that of the folder here.
    pub(crate) fn signing_key(&self, named: &KeyArgs) -> Result<KeyArgs, Failure> {
        let given = std::env::var(keys::ENVIRONMENT).is_ok_and(|text| !text.trim().is_empty());
        if named.signing_key.is_some() || given {
            return Ok(named.clone());
        }
        let folder = self.0.join(KEYS);
        let keys = Folder::at(&folder);
        if keys.active()?.is_none() {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(&folder);
            made.map_err(|error| Failure::unwritable(&folder, &error))?;
            let (name, id) = keys.make(None)?;
            tracing::info!(
                "there was no key to sign packages with: key {id} ({name}) is made in {}; keep a copy of that folder, \
                 and publish the file that ends in .pub.pem",
                folder.display()
            );
        }
        Ok(KeyArgs { signing_key: Some(folder) })
    }

    /// The file of master keys for plates.
    pub(crate) fn vault_key(&self) -> Result<PathBuf, Failure> {
        let path = self.0.join(VAULT);
        if path.exists() {
            return Ok(path);
        }
        let line = vault_line()? + "\n";
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        let written = file.and_then(|mut file| {
            file.write_all(line.as_bytes())?;
            file.sync_all()
        });
        written.map_err(|error| Failure::unwritable(&path, &error))?;
        tracing::info!(
            "there was no master key for plates: {} has one now; keep a copy of it apart from backups of the database: \
             without it no plate can be read any more, with it every plate can",
            path.display()
        );
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use wayside_plates::Vault;

    use super::*;

    #[test]
    fn what_is_missing_is_made_once_for_its_owner_alone() {
        let dir = tempfile::tempdir().expect("a directory");
        let data = dir.path().join("data");
        let home = Home::below(&data).expect("a folder");
        let vault = home.vault_key().expect("a master key");
        let text = std::fs::read_to_string(&vault).expect("a file");
        Vault::from_file(&vault).expect("a vault");
        assert_eq!(home.vault_key().expect("the same"), vault);
        assert_eq!(std::fs::read_to_string(&vault).expect("a file"), text, "never made anew");
        let mode =
            |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&vault), 0o600);
        let named = KeyArgs { signing_key: Some(PathBuf::from("elsewhere")) };
        let kept = home.signing_key(&named).expect("named").signing_key;
        assert_eq!(kept, named.signing_key);
        assert!(!data.join(KEYS).exists(), "nothing is made beside one that is named");
        if std::env::var_os(keys::ENVIRONMENT).is_some() {
            return;
        }
        let made = home.signing_key(&KeyArgs::default()).expect("made");
        let first = keys::signing(&made).expect("a key").verifying().id();
        let again = home.signing_key(&KeyArgs::default()).expect("found");
        assert_eq!(keys::signing(&again).expect("a key").verifying().id(), first);
        assert_eq!(mode(&data.join(KEYS)), 0o700);
        let private = std::fs::read_dir(data.join(KEYS)).expect("a folder").flatten();
        let private = private.map(|entry| entry.path());
        let mut private = private.filter(|path| path.to_string_lossy().ends_with(".key.pem"));
        assert_eq!(mode(&private.next().expect("a private key")), 0o600);
    }
}
