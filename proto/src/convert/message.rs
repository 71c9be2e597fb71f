//! One message, as it stands in a record of the bus: bare, without a length before it.

use prost::Message as Wire;

use super::{
    CLIP_BYTES_MAX, CLIP_REQUEST_BYTES_MAX, ConvertError, FrameProblem, MESSAGE_BYTES_MAX,
};
use crate::{
    CameraHealth, Citation, ClipRequest, DeadLetter, Evidence, Observation, Outcome, Passage,
    Receipt, RedactedClip, RuleStandDown, SignMessage, SignalReport, TravelTime, wire,
};

/// A domain type that goes over the bus.
pub trait Message: Sized + TryFrom<Self::Wire, Error = ConvertError> {
    /// Its generated type.
    type Wire: Wire + Default;

    /// The most bytes that it may have.
    const BYTES_MAX: usize = MESSAGE_BYTES_MAX;

    /// The wire type, checked.
    ///
    /// # Errors
    /// Where a field breaks the contract.
    fn to_wire(&self) -> Result<Self::Wire, ConvertError>;

    /// The message as bytes.
    ///
    /// # Errors
    /// Where a field breaks the contract, or the message is larger than [`Self::BYTES_MAX`].
    fn to_bytes(&self) -> Result<Vec<u8>, FrameProblem> {
        let wire = self.to_wire()?;
        let bytes = wire.encoded_len();
        if bytes > Self::BYTES_MAX {
            return Err(FrameProblem::TooLong { bytes: bytes as u64, max: Self::BYTES_MAX });
        }
        Ok(wire.encode_to_vec())
    }

    /// The message in these bytes.
    ///
    /// # Errors
    /// Where they are no such message, or it breaks the contract.
    fn from_bytes(bytes: &[u8]) -> Result<Self, FrameProblem> {
        if bytes.len() > Self::BYTES_MAX {
            let max = Self::BYTES_MAX;
            return Err(FrameProblem::TooLong { bytes: bytes.len() as u64, max });
        }
        let wire =
            Self::Wire::decode(bytes).map_err(|error| FrameProblem::Decode(error.to_string()))?;
        Ok(Self::try_from(wire)?)
    }
}

macro_rules! messages {
    ($($domain:ident as $wire:ident $(of $max:expr)?),+ $(,)?) => {
        $(impl Message for $domain {
            type Wire = wire::$wire;
            $(const BYTES_MAX: usize = $max;)?

            fn to_wire(&self) -> Result<Self::Wire, ConvertError> {
                wire::$wire::try_from(self)
            }
        })+
    };
}

messages! {
    Observation as Observation,
    Outcome as RuleOutcome,
    SignalReport as SignalReport,
    CameraHealth as CameraHealth,
    DeadLetter as DeadLetter,
    Passage as Passage,
    TravelTime as TravelTime,
    Receipt as Receipt,
    Evidence as Evidence,
    Citation as Citation,
    RuleStandDown as RuleStandDown,
    SignMessage as SignMessage,
    ClipRequest as ClipRequest of CLIP_REQUEST_BYTES_MAX,
    RedactedClip as RedactedClip of CLIP_BYTES_MAX,
}
