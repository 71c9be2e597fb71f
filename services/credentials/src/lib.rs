//! C2PA content credentials on the stills and the clip of an evidence package, so that other people's
//! tools can check them too: who signed, that no byte has changed since, which camera and when, and
//! that people, faces and other vehicles were hidden.
//!
//! [`Credentials`] signs JPEG stills and MP4 clips, [`read()`] says in words what the credentials of a
//! file say. The package's own seal stands without them: it covers every byte of the files, credentials
//! included.
//!
//! **What is said.** `c2pa.created` with the IPTC source type `digitalCapture` (`algorithmicMedia` for
//! simulated footage), `c2pa.filtered` for the hiding, and an assertion
//! `wayside.violation` with the violation's id, site, camera, rule and instant. Hiding is not
//! `c2pa.redacted`: that word of the C2PA is for assertions that were taken out of a manifest.
//!
//! **Same bytes.** The C2PA library draws a random salt for each assertion. Here every salt, the
//! manifest's label and the instance id follow from the violation and the part's name, the signature is
//! Ed25519, and no time stamp is fetched: the same still, facts and key give the same file. What a salt
//! is for, hiding what an assertion said after it was taken out, has no use here: nothing is taken out.
//!
//! **Who signed.** With a certificate chain of an authority, tools name that authority. Without one,
//! [`Credentials::self_issued`] makes a chain from the site's signing key, the same each time, and
//! tools say that the issuer is not known to them, which is true.
//!
//! Deliberately absent: network access of any kind (no time stamp authority, no OCSP, no manifest
//! elsewhere), thumbnails (pixels that nobody redacted), plates, and people's names.

mod chain;
mod error;
mod facts;
mod manifest;
mod offline;
mod pem;
mod read;
mod settle;
mod sign;
mod signer;
mod words;

pub use error::{ChainProblem, CredentialsError};
pub use facts::{Facts, MediaKind, Origin};
pub use read::{Integrity, Problem, Report, Signed, Stated, read, read_with_anchors};
pub use sign::Credentials;
