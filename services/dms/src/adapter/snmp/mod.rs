//! A sign of NTCIP 1203 over SNMP.
//!
//! A message is written into changeable memory, validated by the sign, and activated for whole minutes,
//! rounded down: the sign ends it by itself. Before the first message the sign is told to be blank at the
//! end of a message, after a reset, a loss of power, and when it hears nothing for three minutes
//! (NTCIP 1203 v03, 5.7: `dmsEndDurationMessage`, `dmsCommunicationsLossMessage` and the like).

mod mib;
mod session;

use wayside_proto::EventTime;
use wayside_signs::Show;
use wayside_site::model::SignSnmp;

use super::{Sign, SignError};
use mib::{ActivationCode, Field};
use session::Session;

/// Where messages are written.
const MESSAGE_NUMBER: u16 = 1;
/// A sign that hears nothing for so long goes blank, minutes.
const SILENT_MIN: i64 = 3;
/// Times that the sign is asked whether it has validated a message.
const VALIDATIONS_MAX: u32 = 20;

/// A sign of NTCIP 1203.
pub struct SnmpSign {
    session: Session,
    owner: String,
    /// Whether it was told to go blank by itself.
    prepared: bool,
    /// What was written last, and the sign's checksum of it.
    written: Option<(String, u8, u16)>,
}

impl SnmpSign {
    /// The sign at this address. `community` is for versions 1 and 2c, the passwords are for version 3.
    #[must_use]
    pub fn new(
        reach: &SignSnmp,
        community: &[u8],
        auth: &[u8],
        privacy: Option<&[u8]>,
        owner: &str,
    ) -> Self {
        Self {
            session: Session::new(reach, community, auth, privacy),
            owner: owner.to_owned(),
            prepared: false,
            written: None,
        }
    }

    /// Has the sign go blank by itself, whatever happens.
    fn prepare(&mut self) -> Result<(), SignError> {
        if self.prepared {
            return Ok(());
        }
        self.session.set(Field::ControlMode, mib::CENTRAL)?;
        let blank = mib::blank_message();
        self.session.set_octets(Field::EndDurationMessage, &blank).map_err(no_timer)?;
        self.session.set_octets(Field::CommunicationsLossMessage, &blank).map_err(no_timer)?;
        self.session.set(Field::TimeCommLoss, SILENT_MIN).map_err(no_timer)?;
        // What shows after a reset or without power: not every sign lets that be told.
        for field in
            [Field::ResetMessage, Field::ShortPowerRecoveryMessage, Field::LongPowerRecoveryMessage]
        {
            match self.session.set_octets(field, &blank) {
                Err(SignError::Refused { place, object, cause }) => {
                    tracing::warn!("{place} keeps its own {object}: {cause}");
                }
                other => other?,
            }
        }
        self.prepared = true;
        Ok(())
    }

    /// Writes the message and has the sign validate it; its checksum.
    fn write(&mut self, multi: &str, priority: u8) -> Result<u16, SignError> {
        if let Some((written, its_priority, checksum)) = &self.written
            && written == multi
            && *its_priority == priority
        {
            return Ok(*checksum);
        }
        self.written = None;
        self.session.set(Field::MessageStatus(MESSAGE_NUMBER), mib::MODIFY_REQUEST)?;
        self.session.set_octets(Field::MessageMulti(MESSAGE_NUMBER), multi.as_bytes())?;
        self.session.set_octets(Field::MessageOwner(MESSAGE_NUMBER), self.owner.as_bytes())?;
        self.session.set(Field::MessagePriority(MESSAGE_NUMBER), i64::from(priority))?;
        self.session.set(Field::MessageStatus(MESSAGE_NUMBER), mib::VALIDATE_REQUEST)?;
        let mut status = mib::VALIDATING;
        for _ in 0..VALIDATIONS_MAX {
            status = self.session.get(Field::MessageStatus(MESSAGE_NUMBER))?;
            if status != mib::VALIDATING {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        if status != mib::VALID {
            let error = self.session.get(Field::ValidateError)?;
            let syntax = self.session.get(Field::SyntaxError)?;
            let cause = format!(
                "status {status}, dmsValidateMessageError {error}, dmsMultiSyntaxError {syntax} in {multi}"
            );
            return Err(self.session.refused(Field::MessageMulti(MESSAGE_NUMBER), cause));
        }
        let checksum = self.session.get(Field::MessageChecksum(MESSAGE_NUMBER))?;
        let checksum = u16::try_from(checksum).map_err(|_| {
            let cause = format!("{checksum} is no checksum");
            self.session.refused(Field::MessageChecksum(MESSAGE_NUMBER), cause)
        })?;
        self.written = Some((multi.to_owned(), priority, checksum));
        Ok(checksum)
    }

    fn activate(&mut self, code: &ActivationCode) -> Result<(), SignError> {
        let activated = self.session.set_octets(Field::ActivateMessage, &code.to_bytes());
        if let Err(SignError::Refused { place, object, cause }) = activated {
            // What it was told before may be gone: it was reset, or somebody else writes to it.
            (self.prepared, self.written) = (false, None);
            let error = self.session.get(Field::ActivateError)?;
            let cause = format!("{cause}, dmsActivateMsgError {error}");
            return Err(SignError::Refused { place, object, cause });
        }
        activated
    }
}

fn no_timer(error: SignError) -> SignError {
    match error {
        SignError::Refused { place, object, cause } => SignError::NoTimer { place, object, cause },
        other => other,
    }
}

impl Sign for SnmpSign {
    fn place(&self) -> String {
        self.session.place()
    }

    fn show(&mut self, show: &Show, now: EventTime) -> Result<EventTime, SignError> {
        let began = std::time::Instant::now();
        self.prepare()?;
        let checksum = self.write(&show.text.multi, show.text.priority)?;
        // What was spent on the way here is gone of the message's time.
        let now = now.plus_s(began.elapsed().as_secs_f64() + session::ROUND_S);
        let left_s = show.until.since_s(now);
        let minutes = (left_s / 60.0).floor();
        if minutes < 1.0 {
            return Err(SignError::TooShort { place: self.place(), left_s });
        }
        let minutes = minutes.min(60.0) as u16;
        self.activate(&ActivationCode::changeable(minutes, MESSAGE_NUMBER, checksum))?;
        Ok(now.plus_s(f64::from(minutes) * 60.0))
    }

    fn blank(&mut self) -> Result<(), SignError> {
        self.activate(&ActivationCode::blank())
    }

    fn state(&mut self) -> Result<Option<String>, SignError> {
        let source = self.session.octets(Field::MessageSource)?;
        if source.first().copied() == Some(mib::MEMORY_BLANK) {
            return Ok(None);
        }
        let multi = self.session.octets(Field::CurrentMulti)?;
        let multi = String::from_utf8_lossy(&multi).into_owned();
        Ok(Some(multi).filter(|multi| !multi.is_empty()))
    }
}
