-- Times are microseconds since 1970 (UTC). Digests are SHA-256 of secrets that are nowhere stored.
CREATE TABLE accounts (
    account TEXT PRIMARY KEY,
    -- How authenticators know the account: 16 random bytes that say nothing about it.
    handle BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    roles TEXT NOT NULL,
    -- Argon2id as a PHC string; none where there is no password (yet).
    password TEXT,
    disabled INTEGER NOT NULL DEFAULT 0,
    language TEXT,
    -- Who it is at a provider of OpenID Connect.
    provider TEXT,
    subject TEXT,
    created_us INTEGER NOT NULL,
    seen_us INTEGER,
    UNIQUE (provider, subject)
);

CREATE TABLE links (
    digest BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    account TEXT REFERENCES accounts (account),
    expires_us INTEGER NOT NULL
);

CREATE TABLE sessions (
    digest BLOB PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (account),
    began_us INTEGER NOT NULL,
    used_us INTEGER NOT NULL,
    how TEXT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL
);
CREATE INDEX sessions_of ON sessions (account);

CREATE TABLE passkeys (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (account),
    label TEXT NOT NULL,
    credential_id BLOB NOT NULL UNIQUE,
    -- The public key and its counters, as webauthn-rs writes them.
    credential TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    used_us INTEGER
);
CREATE INDEX passkeys_of ON passkeys (account);

-- Keys of this installation that are no credential of anybody.
CREATE TABLE keys (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
);

CREATE TABLE sign_ins (
    number INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    account TEXT NOT NULL,
    act TEXT NOT NULL,
    how TEXT NOT NULL,
    actor TEXT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    why TEXT NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL
);

-- The end of the log, so that entries that were cut off are missed.
CREATE TABLE heads (
    name TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    hash BLOB NOT NULL
);
INSERT INTO heads (name, number, at_us, hash) VALUES ('sign_ins', 0, -9223372036854775808, zeroblob(32));
