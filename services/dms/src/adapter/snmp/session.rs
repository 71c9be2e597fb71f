//! Requests to one sign, each tried a few times.

use std::time::Duration;

use snmp2::v3::{Auth, AuthProtocol, Cipher, Security};
use snmp2::{Error, Oid, SyncSession, Value};
use wayside_site::model::{SignSnmp, SnmpVersion};

use super::super::SignError;
use super::mib::Field;

/// How long an answer is waited for.
const ANSWER_MAX: Duration = Duration::from_millis(1_500);
/// Tries of one request. All that are made may be made twice.
const TRIES: u32 = 3;
/// The longest that one request takes, seconds: an activation may have come at the end of it.
pub(super) const ROUND_S: f64 = 4.5;

/// Who asks a sign, and as whom.
pub(super) struct Session {
    address: String,
    version: SnmpVersion,
    community: Vec<u8>,
    user: String,
    auth: Vec<u8>,
    privacy: Option<Vec<u8>>,
    /// Open while the sign answers.
    open: Option<SyncSession>,
    request: i32,
}

impl Session {
    pub(super) fn new(
        reach: &SignSnmp,
        community: &[u8],
        auth: &[u8],
        privacy: Option<&[u8]>,
    ) -> Self {
        Self {
            address: reach.address.clone(),
            version: reach.version,
            community: community.to_vec(),
            user: reach.user.clone().unwrap_or_default(),
            auth: auth.to_vec(),
            privacy: privacy.map(<[u8]>::to_vec),
            open: None,
            request: (getrandom::u32().unwrap_or(1) >> 2) as i32,
        }
    }

    pub(super) fn place(&self) -> String {
        format!("snmp://{}", self.address)
    }

    pub(super) fn refused(&self, field: Field, cause: String) -> SignError {
        SignError::Refused { place: self.place(), object: field.name(), cause }
    }

    pub(super) fn set(&mut self, field: Field, number: i64) -> Result<(), SignError> {
        self.ask(field, &Ask::Number(number)).map(|_| ())
    }

    pub(super) fn set_octets(&mut self, field: Field, octets: &[u8]) -> Result<(), SignError> {
        self.ask(field, &Ask::Octets(octets)).map(|_| ())
    }

    pub(super) fn get(&mut self, field: Field) -> Result<i64, SignError> {
        match self.ask(field, &Ask::Get)? {
            Answer::Number(number) => Ok(number),
            Answer::Octets(_) | Answer::Nothing => {
                Err(self.refused(field, "no number where one is expected".to_owned()))
            }
        }
    }

    pub(super) fn octets(&mut self, field: Field) -> Result<Vec<u8>, SignError> {
        match self.ask(field, &Ask::Get)? {
            Answer::Octets(octets) => Ok(octets),
            Answer::Number(_) | Answer::Nothing => {
                Err(self.refused(field, "no octets where they are expected".to_owned()))
            }
        }
    }

    fn ask(&mut self, field: Field, ask: &Ask<'_>) -> Result<Answer, SignError> {
        let mut last = String::new();
        for _ in 0..TRIES {
            match self.once(field, ask) {
                Ok(answer) => return answer.map_err(|cause| self.refused(field, cause)),
                Err(cause) => {
                    // A late answer to this request must not be taken for one to the next.
                    self.open = None;
                    last = cause;
                }
            }
        }
        Err(SignError::Silent { place: self.place(), cause: format!("{} ({last})", field.name()) })
    }

    /// One request: an answer, a refusal, or nothing that could be read.
    fn once(&mut self, field: Field, ask: &Ask<'_>) -> Result<Result<Answer, String>, String> {
        if self.open.is_none() {
            self.open = Some(self.connect()?);
        }
        let Some(session) = &mut self.open else { return Err("not open".to_owned()) };
        let oid = Oid::from(&field.oid()).map_err(|error| format!("{error:?}"))?;
        let answer = match exchange(session, &oid, ask) {
            // The clock of the sign's engine was learnt anew: the same request once more.
            Err(Error::AuthUpdated) => exchange(session, &oid, ask),
            other => other,
        };
        answer.map_err(|error| error.to_string())
    }

    fn connect(&mut self) -> Result<SyncSession, String> {
        self.request = self.request.wrapping_add(1_000) & 0x3FFF_FFFF;
        let (to, wait, first) = (self.address.as_str(), Some(ANSWER_MAX), self.request);
        let opened = match self.version {
            SnmpVersion::V1 => SyncSession::new_v1(to, &self.community, wait, first),
            SnmpVersion::V2c => SyncSession::new_v2c(to, &self.community, wait, first),
            SnmpVersion::V3 => {
                let auth = match &self.privacy {
                    Some(privacy) => {
                        let cipher = Cipher::Aes128;
                        Auth::AuthPriv { cipher, privacy_password: privacy.clone() }
                    }
                    None => Auth::AuthNoPriv,
                };
                let security = Security::new(self.user.as_bytes(), &self.auth)
                    .with_auth_protocol(AuthProtocol::Sha256)
                    .with_auth(auth);
                SyncSession::new_v3(to, wait, first, security)
            }
        };
        let mut session = opened.map_err(|error| error.to_string())?;
        session.init().map_err(|error| error.to_string())?;
        Ok(session)
    }
}

/// One request and its answer: a value, or the name of a refusal.
fn exchange(
    session: &mut SyncSession,
    oid: &Oid<'_>,
    ask: &Ask<'_>,
) -> Result<Result<Answer, String>, Error> {
    let mut answer = match ask {
        Ask::Get => session.get(oid)?,
        Ask::Number(number) => session.set(&[(oid, Value::Integer(*number))])?,
        Ask::Octets(octets) => session.set(&[(oid, Value::OctetString(octets))])?,
    };
    if answer.error_status != 0 {
        return Ok(Err(status_name(answer.error_status)));
    }
    // An answer without a value, or about something else, is none.
    let (named, value) = answer.varbinds.next().ok_or(Error::AsnEof)?;
    if named != *oid {
        return Err(Error::RequestIdMismatch);
    }
    Ok(match value {
        Value::Integer(number) => Ok(Answer::Number(number)),
        Value::Unsigned32(number) | Value::Counter32(number) => {
            Ok(Answer::Number(i64::from(number)))
        }
        Value::OctetString(octets) => Ok(Answer::Octets(octets.to_vec())),
        Value::NoSuchObject | Value::NoSuchInstance | Value::EndOfMibView => {
            Err("the sign has no such object".to_owned())
        }
        _ => Ok(Answer::Nothing),
    })
}

enum Ask<'a> {
    Get,
    Number(i64),
    Octets(&'a [u8]),
}

enum Answer {
    Number(i64),
    Octets(Vec<u8>),
    Nothing,
}

/// Names of `error-status` (RFC 3416, 3).
fn status_name(status: u32) -> String {
    let name = match status {
        1 => "tooBig",
        2 => "noSuchName",
        3 => "badValue",
        4 => "readOnly",
        5 => "genErr",
        6 => "noAccess",
        7 => "wrongType",
        8 => "wrongLength",
        9 => "wrongEncoding",
        10 => "wrongValue",
        11 => "noCreation",
        12 => "inconsistentValue",
        13 => "resourceUnavailable",
        14 => "commitFailed",
        15 => "undoFailed",
        16 => "authorizationError",
        17 => "notWritable",
        18 => "inconsistentName",
        _ => return format!("error {status}"),
    };
    name.to_owned()
}
