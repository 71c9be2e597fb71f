-- Runs on SQLite and PostgreSQL as it stands: times are microseconds since 1970 (UTC), flags 0 or 1,
-- messages the bytes of wayside.v1. There is no column for a plate in the clear.

-- The end of the audit chain, locked by whoever appends.
CREATE TABLE heads (
    name TEXT PRIMARY KEY,
    number BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    hash BYTEA NOT NULL
);

CREATE TABLE audit (
    number BIGINT PRIMARY KEY,
    at_us BIGINT NOT NULL,
    account TEXT NOT NULL,
    role TEXT NOT NULL,
    act TEXT NOT NULL,
    case_id TEXT NOT NULL,
    why TEXT NOT NULL,
    previous BYTEA NOT NULL,
    hash BYTEA NOT NULL
);
CREATE INDEX audit_case ON audit (case_id, number);

CREATE TABLE cases (
    id TEXT PRIMARY KEY,
    violation TEXT NOT NULL,
    -- Empty, or the one account that this known case is for.
    owner TEXT NOT NULL,
    site TEXT NOT NULL,
    camera TEXT NOT NULL,
    rule TEXT NOT NULL,
    event_us BIGINT NOT NULL,
    admitted_us BIGINT NOT NULL,
    sampled BIGINT NOT NULL,
    state TEXT NOT NULL,
    stage TEXT NOT NULL,
    -- Whose turn it is: contested before disagreed before second before first.
    turn BIGINT NOT NULL,
    queued_us BIGINT NOT NULL,
    votes BIGINT NOT NULL,
    claims BIGINT NOT NULL,
    claim_account TEXT,
    claim_role TEXT,
    claim_token TEXT,
    claim_since_us BIGINT,
    claim_until_us BIGINT,
    undo_until_us BIGINT,
    issued_us BIGINT,
    progress TEXT,
    closed_us BIGINT,
    why TEXT NOT NULL,
    outcome BYTEA,
    evidence BYTEA
);
CREATE INDEX cases_turn ON cases (state, turn, queued_us, id);
CREATE INDEX cases_claims ON cases (state, claim_until_us);
CREATE INDEX cases_due ON cases (state, undo_until_us, id);

CREATE TABLE votes (
    case_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    stage TEXT NOT NULL,
    account TEXT NOT NULL,
    role TEXT NOT NULL,
    reason TEXT,
    note TEXT NOT NULL,
    plate_differs BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    token TEXT NOT NULL,
    PRIMARY KEY (case_id, number)
);

-- Plates, each under the data key of its case. To delete the row is to erase the plate.
CREATE TABLE plates (
    case_id TEXT PRIMARY KEY,
    master_key TEXT NOT NULL,
    wrapped_key BYTEA NOT NULL,
    nonce BYTEA NOT NULL,
    ciphertext BYTEA NOT NULL
);

CREATE TABLE citations (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL UNIQUE,
    revision BIGINT NOT NULL,
    status TEXT NOT NULL,
    issued_us BIGINT NOT NULL,
    changed_us BIGINT NOT NULL
);

CREATE TABLE status_reports (
    citation TEXT NOT NULL,
    reference TEXT NOT NULL,
    event TEXT NOT NULL,
    at_us BIGINT NOT NULL,
    PRIMARY KEY (citation, reference)
);

-- Records for the bus. Kept until the case is erased, so that a reader can see what went out.
CREATE TABLE outbox (
    topic TEXT NOT NULL,
    id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    key TEXT NOT NULL,
    payload BYTEA NOT NULL,
    created_us BIGINT NOT NULL,
    leased_until_us BIGINT NOT NULL,
    done BIGINT NOT NULL,
    PRIMARY KEY (topic, id, revision)
);
CREATE INDEX outbox_open ON outbox (done, created_us, id, revision);

CREATE TABLE deliveries (
    citation TEXT NOT NULL,
    revision BIGINT NOT NULL,
    endpoint TEXT NOT NULL,
    payload BYTEA NOT NULL,
    attempts BIGINT NOT NULL,
    next_try_us BIGINT NOT NULL,
    state TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (citation, revision, endpoint)
);
CREATE INDEX deliveries_open ON deliveries (state, next_try_us, citation, revision, endpoint);

-- What people decided, for the error ledger: no account, no note, no plate. Outlives the case.
CREATE TABLE ledger (
    case_id TEXT PRIMARY KEY,
    site TEXT NOT NULL,
    camera TEXT NOT NULL,
    rule TEXT NOT NULL,
    reason TEXT,
    at_us BIGINT NOT NULL
);
CREATE INDEX ledger_rule ON ledger (site, camera, rule, at_us);

CREATE TABLE stand_downs (
    site TEXT NOT NULL,
    camera TEXT NOT NULL,
    rule TEXT NOT NULL,
    number BIGINT NOT NULL,
    stood_down BIGINT NOT NULL,
    since_us BIGINT NOT NULL,
    why TEXT NOT NULL,
    decided BIGINT NOT NULL,
    errors BIGINT NOT NULL,
    PRIMARY KEY (site, camera, rule, number)
);

-- First and second decision of cases in the sample: 1 approves.
CREATE TABLE pairs (
    case_id TEXT PRIMARY KEY,
    first BIGINT NOT NULL,
    second BIGINT NOT NULL,
    at_us BIGINT NOT NULL
);

CREATE TABLE known_cases (
    violation TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    reason TEXT,
    added_by TEXT NOT NULL,
    added_us BIGINT NOT NULL,
    active BIGINT NOT NULL,
    outcome BYTEA NOT NULL,
    evidence BYTEA NOT NULL
);

CREATE TABLE known_results (
    case_id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    role TEXT NOT NULL,
    correct BIGINT NOT NULL,
    at_us BIGINT NOT NULL
);

CREATE TABLE known_given (
    violation TEXT NOT NULL,
    account TEXT NOT NULL,
    PRIMARY KEY (violation, account)
);

-- Claims that an account has made: places the known cases.
CREATE TABLE accounts (
    account TEXT PRIMARY KEY,
    claims BIGINT NOT NULL
);
