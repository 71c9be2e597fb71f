//! Length-delimited messages, one after the other: a varint with the number of bytes, then these
//! bytes. `observations.binpb` is such a sequence.

use prost::Message;
use prost::encoding::{decode_varint, encoded_len_varint};

use super::{FrameError, FrameProblem};

/// Bytes that a message may have.
pub const MESSAGE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Appends one message with its length to `out`.
///
/// # Errors
/// Where the message is larger than [`MESSAGE_BYTES_MAX`]; `out` then stays as it was.
pub fn encode_delimited<M: Message>(message: &M, out: &mut Vec<u8>) -> Result<(), FrameProblem> {
    let bytes = message.encoded_len();
    if bytes > MESSAGE_BYTES_MAX {
        return Err(FrameProblem::TooLong { bytes: bytes as u64, max: MESSAGE_BYTES_MAX });
    }
    out.reserve(bytes + encoded_len_varint(bytes as u64));
    message.encode_length_delimited(out).map_err(|error| FrameProblem::Decode(error.to_string()))
}

/// The messages in a byte slice, in order. Ends after the first error: what follows a damaged
/// length cannot be found.
#[derive(Clone, Debug)]
pub struct Frames<'a> {
    bytes: &'a [u8],
    offset: usize,
    number: usize,
}

/// One message, still encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Number of the message, from 1.
    pub number: usize,
    /// Where its length stands, bytes from the start.
    pub offset: usize,
    /// The message without its length.
    pub body: &'a [u8],
}

impl<'a> Frames<'a> {
    /// The messages in `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, offset: 0, number: 0 }
    }

    fn read(&self) -> Result<(Frame<'a>, usize), FrameProblem> {
        let rest = self.bytes.get(self.offset..).unwrap_or_default();
        let mut after = rest;
        let announced = match decode_varint(&mut after) {
            Ok(announced) => announced,
            // A varint of ten bytes at most that runs out of data was cut off.
            Err(_) if rest.len() < 10 && rest.iter().all(|byte| byte & 0x80 != 0) => {
                return Err(FrameProblem::CutOff { found: rest.len(), expected: rest.len() + 1 });
            }
            Err(_) => return Err(FrameProblem::Length),
        };
        let length = usize::try_from(announced)
            .ok()
            .filter(|length| *length <= MESSAGE_BYTES_MAX)
            .ok_or(FrameProblem::TooLong { bytes: announced, max: MESSAGE_BYTES_MAX })?;
        let body = after
            .get(..length)
            .ok_or(FrameProblem::CutOff { found: after.len(), expected: length })?;
        let next = self.offset + (rest.len() - after.len()) + length;
        Ok((Frame { number: self.number, offset: self.offset, body }, next))
    }
}

impl<'a> Iterator for Frames<'a> {
    type Item = Result<Frame<'a>, FrameError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.offset >= self.bytes.len() {
            return None;
        }
        self.number += 1;
        match self.read() {
            Ok((frame, next)) => {
                self.offset = next;
                Some(Ok(frame))
            }
            Err(problem) => {
                let offset = self.offset;
                self.offset = self.bytes.len();
                Some(Err(FrameError { number: self.number, offset, problem }))
            }
        }
    }
}

impl<'a> Frame<'a> {
    /// The message, decoded and checked.
    ///
    /// # Errors
    /// Where it is no such message, or breaks the contract.
    pub fn decode<W, T>(&self) -> Result<T, FrameError>
    where
        W: Message + Default,
        T: TryFrom<W, Error = super::ConvertError>,
    {
        let wrong = |problem| FrameError { number: self.number, offset: self.offset, problem };
        let wire =
            W::decode(self.body).map_err(|error| wrong(FrameProblem::Decode(error.to_string())))?;
        T::try_from(wire).map_err(|error| wrong(error.into()))
    }
}
