//! The steps that write to the store.

use wayside_proto::EvidenceFailure;

use super::{Job, Maker, Point, Stepped};
use crate::chain;
use crate::steps::Mark;
use crate::store::{Put, StoreError};

impl Maker {
    pub(super) fn put(&self, job: &mut Job, attempt: u32) -> Stepped {
        let uri = chain::package_uri(&job.outcome.site, &job.outcome.id, attempt);
        let Some((bytes, found)) = job.sealed.clone() else {
            return Stepped::Failed(EvidenceFailure::NoPictures, "its package is gone".to_owned());
        };
        match self.store.put_new(&uri, bytes) {
            Ok(Put::Stored) => {
                let mut found = found;
                found.package.uri = uri;
                job.known.put(Some(found));
                job.failing = None;
            }
            Ok(Put::Exists) => job.known.put(None),
            Err(error) => {
                // Perhaps it was stored nevertheless: the next step looks.
                job.known.put(None);
                return self.store_failed(job, &error);
            }
        }
        if self.dies(Point::Stored, &job.outcome.site) { Stepped::Killed } else { Stepped::On }
    }

    pub(super) fn put_mark(&self, job: &mut Job) -> Stepped {
        let Some(found) = job.known.found().cloned() else { return Stepped::On };
        let (site, violation) = (&job.outcome.site, &job.outcome.id);
        match chain::put_mark(&self.store, site, violation, &found) {
            Ok(Put::Stored) => {
                job.known.put_mark(Some(Mark {
                    violation: violation.clone(),
                    sha256: found.package.sha256,
                    manifest_sha256: found.manifest_sha256,
                }));
                job.failing = None;
            }
            Ok(Put::Exists) => job.known.put_mark(None),
            Err(error) => {
                job.known.put_mark(None);
                return self.store_failed(job, &error);
            }
        }
        if self.dies(Point::Marked, &job.outcome.site) { Stepped::Killed } else { Stepped::On }
    }

    pub(super) fn store_failed(&self, job: &mut Job, error: &StoreError) -> Stepped {
        tracing::warn!("violation {}: {error}", job.outcome.id);
        job.again(self.options.store_max, EvidenceFailure::NotStored, error.to_string())
    }
}
