//! What the store has of a violation already.

use sha2::{Digest, Sha256};
use wayside_package::{FILE_BYTES_MAX, Package};
use wayside_proto::{Hash32, SealedPackage};

use super::{Job, Maker, Stepped};
use crate::chain;
use crate::draft;
use crate::steps::{Found, Link};

impl Maker {
    /// Looks for the package of an attempt. What is there is verified before anything is made of it.
    pub(super) fn look(&self, job: &mut Job, attempt: u32) -> Stepped {
        let uri = chain::package_uri(&job.outcome.site, &job.outcome.id, attempt);
        let bytes = match self.store.get(&uri, FILE_BYTES_MAX as u64) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                job.known.looked(None);
                return Stepped::On;
            }
            Err(error) => return self.store_failed(job, &error),
        };
        match self.adoptable(job, &uri, &bytes) {
            Ok((found, draft)) => {
                if job.draft.is_none()
                    && let Some(draft) = draft
                {
                    // Were its number another's, it could be sealed again without asking the worker.
                    job.draft = Some(draft);
                    job.known.fetched();
                }
                job.known.looked(Some(found));
            }
            Err(why) => {
                tracing::error!("{uri} is left as it is, and another package is made: {why}");
                job.known.unusable();
            }
        }
        Stepped::On
    }

    pub(super) fn read_mark(&self, job: &mut Job, number: u64) -> Stepped {
        match chain::read_mark(&self.store, &job.outcome.site, number) {
            Ok(mark) => {
                job.known.mark(mark);
                Stepped::On
            }
            Err(error) => self.store_failed(job, &error),
        }
    }

    fn adoptable(
        &self,
        job: &Job,
        uri: &str,
        bytes: &[u8],
    ) -> Result<(Found, Option<wayside_package::Draft>), String> {
        let package = Package::open(bytes).map_err(|error| error.to_string())?;
        let manifest = package.manifest();
        let key_id = package.key_id();
        if manifest.violation != job.outcome.id.0 || manifest.site != job.outcome.site.0 {
            return Err(format!("it is of violation {}", manifest.violation));
        }
        if package.outcome().is_ok_and(|outcome| outcome != job.outcome) {
            return Err("it is of another judgement of the same event".to_owned());
        }
        if self.trusted.get(&key_id).is_none_or(|known| known.key != package.key()) {
            return Err(format!("nobody here vouches for its key {key_id}"));
        }
        let link = Link { number: manifest.chain.number, previous: manifest.chain.previous };
        let found = Found {
            link,
            manifest_sha256: package.manifest_sha256(),
            package: SealedPackage {
                uri: uri.to_owned(),
                sha256: Hash32(Sha256::digest(bytes).into()),
                size_bytes: bytes.len() as u64,
                key_id: key_id.to_string(),
                chain_number: link.number,
                sealed_at: manifest.sealed_at,
            },
        };
        Ok((found, draft::recover(&package)))
    }
}
