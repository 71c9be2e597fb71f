//! Objects of NTCIP 1203 v03 that are used, and how a message is activated.

/// dms: `iso.org.dod.internet.private.enterprises.nema.transportation.devices.dms`.
const DMS: [u64; 10] = [1, 3, 6, 1, 4, 1, 1206, 4, 2, 3];

/// `dmsMessageMemoryType`: changeable.
pub(super) const MEMORY_CHANGEABLE: u8 = 3;
/// `dmsMessageMemoryType`: the current buffer.
const MEMORY_CURRENT: u8 = 5;
/// `dmsMessageMemoryType`: blank.
pub(super) const MEMORY_BLANK: u8 = 7;
/// `dmsControlMode`: central.
pub(super) const CENTRAL: i64 = 4;
/// `dmsMessageStatus`: the sign is validating.
pub(super) const VALIDATING: i64 = 3;
/// `dmsMessageStatus`: the message is sound.
pub(super) const VALID: i64 = 4;
/// `dmsMessageStatus`: a request to write.
pub(super) const MODIFY_REQUEST: i64 = 6;
/// `dmsMessageStatus`: a request to validate.
pub(super) const VALIDATE_REQUEST: i64 = 7;
/// Activation overrides whatever is there.
const PRIORITY_MAX: u8 = 255;
/// A blank message stays until something else is activated.
const FOREVER_MIN: u16 = u16::MAX;

/// An object. Those of messages are in changeable memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    MessageMulti(u16),
    MessageOwner(u16),
    MessageChecksum(u16),
    MessagePriority(u16),
    MessageStatus(u16),
    CurrentMulti,
    ValidateError,
    ControlMode,
    ActivateMessage,
    MessageSource,
    ShortPowerRecoveryMessage,
    LongPowerRecoveryMessage,
    ResetMessage,
    CommunicationsLossMessage,
    TimeCommLoss,
    EndDurationMessage,
    ActivateError,
    SyntaxError,
}

impl Field {
    /// Its name in the standard.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::MessageMulti(_) | Self::CurrentMulti => "dmsMessageMultiString",
            Self::MessageOwner(_) => "dmsMessageOwner",
            Self::MessageChecksum(_) => "dmsMessageCRC",
            Self::MessagePriority(_) => "dmsMessageRunTimePriority",
            Self::MessageStatus(_) => "dmsMessageStatus",
            Self::ValidateError => "dmsValidateMessageError",
            Self::ControlMode => "dmsControlMode",
            Self::ActivateMessage => "dmsActivateMessage",
            Self::MessageSource => "dmsMsgTableSource",
            Self::ShortPowerRecoveryMessage => "dmsShortPowerRecoveryMessage",
            Self::LongPowerRecoveryMessage => "dmsLongPowerRecoveryMessage",
            Self::ResetMessage => "dmsResetMessage",
            Self::CommunicationsLossMessage => "dmsCommunicationsLossMessage",
            Self::TimeCommLoss => "dmsTimeCommLoss",
            Self::EndDurationMessage => "dmsEndDurationMessage",
            Self::ActivateError => "dmsActivateMsgError",
            Self::SyntaxError => "dmsMultiSyntaxError",
        }
    }

    /// Its object identifier.
    pub(super) fn oid(self) -> Vec<u64> {
        let message = |column: u64, memory: u8, number: u16| {
            vec![5, 8, 1, column, u64::from(memory), u64::from(number)]
        };
        let changeable = |column, number| message(column, MEMORY_CHANGEABLE, number);
        let control = |number: u64| vec![6, number, 0];
        let below = match self {
            Self::MessageMulti(number) => changeable(3, number),
            Self::MessageOwner(number) => changeable(4, number),
            Self::MessageChecksum(number) => changeable(5, number),
            Self::MessagePriority(number) => changeable(8, number),
            Self::MessageStatus(number) => changeable(9, number),
            Self::CurrentMulti => message(3, MEMORY_CURRENT, 1),
            Self::ValidateError => vec![5, 9, 0],
            Self::ControlMode => control(1),
            Self::ActivateMessage => control(3),
            Self::MessageSource => control(5),
            Self::ShortPowerRecoveryMessage => control(8),
            Self::LongPowerRecoveryMessage => control(9),
            Self::ResetMessage => control(11),
            Self::CommunicationsLossMessage => control(12),
            Self::TimeCommLoss => control(13),
            Self::EndDurationMessage => control(15),
            Self::ActivateError => control(17),
            Self::SyntaxError => control(18),
        };
        DMS.into_iter().chain(below).collect()
    }
}

/// `MessageIDCode` of the blank message: memory, number, checksum.
pub(super) fn blank_message() -> [u8; 5] {
    [MEMORY_BLANK, 0, 1, 0, 0]
}

/// `MessageActivationCode`: what is to be shown for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ActivationCode {
    minutes: u16,
    memory: u8,
    number: u16,
    checksum: u16,
}

impl ActivationCode {
    /// A message in changeable memory, for so many minutes.
    pub(super) fn changeable(minutes: u16, number: u16, checksum: u16) -> Self {
        Self { minutes, memory: MEMORY_CHANGEABLE, number, checksum }
    }

    /// Blank.
    pub(super) fn blank() -> Self {
        Self { minutes: FOREVER_MIN, memory: MEMORY_BLANK, number: 1, checksum: 0 }
    }

    /// In octet encoding rules: duration, priority, memory, number, checksum, address of who asks (none).
    pub(super) fn to_bytes(self) -> [u8; 12] {
        let ([d0, d1], [n0, n1], [c0, c1]) =
            (self.minutes.to_be_bytes(), self.number.to_be_bytes(), self.checksum.to_be_bytes());
        [d0, d1, PRIORITY_MAX, self.memory, n0, n1, c0, c1, 0, 0, 0, 0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_and_codes_are_those_of_the_standard() {
        let text =
            |field: Field| field.oid().iter().map(u64::to_string).collect::<Vec<_>>().join(".");
        assert_eq!(text(Field::MessageMulti(1)), "1.3.6.1.4.1.1206.4.2.3.5.8.1.3.3.1");
        assert_eq!(text(Field::CurrentMulti), "1.3.6.1.4.1.1206.4.2.3.5.8.1.3.5.1");
        assert_eq!(text(Field::ActivateMessage), "1.3.6.1.4.1.1206.4.2.3.6.3.0");
        assert_eq!(text(Field::EndDurationMessage), "1.3.6.1.4.1.1206.4.2.3.6.15.0");
        let code = ActivationCode::changeable(2, 1, 0xBEEF);
        assert_eq!(code.to_bytes(), [0, 2, 255, 3, 0, 1, 0xBE, 0xEF, 0, 0, 0, 0]);
        let blank = ActivationCode::blank();
        assert_eq!(blank.to_bytes(), [0xFF, 0xFF, 255, 7, 0, 1, 0, 0, 0, 0, 0, 0]);
    }
}
