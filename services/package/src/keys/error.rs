//! What is wrong with a key.

/// A text that does not hold the key that is wanted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There is no PEM block.
    #[error(
        "it holds no key: there is no `-----BEGIN ...-----` line\n  hint: a key is a PEM text, as `wayside keys new` writes it"
    )]
    NotPem,
    /// A private key is wanted and a public one is there.
    #[error(
        "it holds a public key, and a private one is needed to sign\n  hint: name the file that ends in .key.pem"
    )]
    PublicForPrivate,
    /// A public key is wanted and a private one is there.
    #[error(
        "it holds a private key, and verifying needs the public one alone\n  hint: keep the private key where it is; `wayside keys public` prints its public half"
    )]
    PrivateForPublic,
    /// A certificate.
    #[error(
        "it holds a certificate, not a key\n  hint: take the key out of it with `openssl x509 -in FILE -pubkey -noout`"
    )]
    Certificate,
    /// A private key behind a passphrase.
    #[error(
        "it holds a private key behind a passphrase\n  hint: take the passphrase off with `openssl pkey -in FILE`, and guard the file by its permissions"
    )]
    Encrypted,
    /// A key of another algorithm.
    #[error(
        "it holds {0} key, and packages are signed with Ed25519\n  hint: make one with `wayside keys new` or `openssl genpkey -algorithm ed25519`"
    )]
    OtherAlgorithm(String),
    /// Another kind of PEM block.
    #[error(
        "it holds a PEM block of another kind, `{0}`\n  hint: a private key says `PRIVATE KEY`, a public one `PUBLIC KEY`"
    )]
    OtherLabel(String),
    /// More than one PEM block.
    #[error("it holds more than one PEM block\n  hint: keep one key in a file")]
    Several,
    /// The block cannot be decoded.
    #[error(
        "its key cannot be decoded: the text was changed or cut off\n  hint: copy the file again"
    )]
    Damaged,
    /// A key under which anybody could sign.
    #[error(
        "its key is one of the weak points of the curve: anybody could sign under it\n  hint: this is no key that a tool makes; find out where the file comes from"
    )]
    Weak,
    /// A note above the key that cannot be read.
    #[error(
        "`{line}` above the key cannot be read: {problem}\n  hint: write `name: TEXT` or `not_after: 2026-06-01T00:00:00Z`"
    )]
    Note {
        /// The line.
        line: String,
        /// What is wrong.
        problem: String,
    },
    /// A file that is too large for a key.
    #[error("it has {0} bytes; a key has a few hundred\n  hint: is it the right file?")]
    TooLong(usize),
}
