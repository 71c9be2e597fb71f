//! What signing refuses.

/// Why a file cannot be given credentials.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsError {
    /// The key cannot be used.
    #[error(
        "the key to sign content credentials with cannot be used: {cause}\n  hint: it is an Ed25519 key in PEM, as `wayside keys` makes it"
    )]
    Key {
        /// What the reader said.
        cause: String,
    },
    /// The chain of certificates cannot be used.
    #[error("the certificate chain cannot be used: {0}")]
    Chain(ChainProblem),
    /// The file cannot be signed: it is not what it should be, or has credentials already.
    #[error("{part}: content credentials cannot be written into it: {cause}")]
    Unsignable {
        /// The part's name.
        part: String,
        /// What the library said.
        cause: String,
    },
    /// What was written does not read back as it should.
    #[error("{part}: the content credentials that were written do not hold: {cause}")]
    DoesNotHold {
        /// The part's name.
        part: String,
        /// What is wrong.
        cause: String,
    },
}

/// What is wrong with a chain of certificates.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainProblem {
    /// No certificate in it.
    #[error("no certificate in it\n  hint: PEM, the signer's certificate first, then each issuer")]
    Empty,
    /// A block that is not base64.
    #[error("block {number} is not base64 between its BEGIN and END lines")]
    NotPem {
        /// Counted from 1.
        number: usize,
    },
    /// A private key is in it.
    #[error(
        "block {number} is a {label}, not a certificate\n  hint: the key has a file of its own"
    )]
    NotCertificate {
        /// Counted from 1.
        number: usize,
        /// What the block calls itself.
        label: String,
    },
    /// Too many certificates.
    #[error("it has {found} certificates, a chain has at most {max}")]
    TooLong {
        /// How many there are.
        found: usize,
        /// How many there may be.
        max: usize,
    },
    /// The first certificate is not for the key.
    #[error("its first certificate is not for this key: the signer's own certificate comes first")]
    OtherKey,
    /// It could not be made.
    #[error("it could not be made: {cause}")]
    NotMade {
        /// What the library said.
        cause: String,
    },
}
