//! Observations out of `observations.binpb`, one at a time.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use wayside_proto::Observation;
use wayside_proto::convert::{FrameError, FrameProblem, MESSAGE_BYTES_MAX, Message};

use crate::failure::Failure;

/// The observations of a file, in its order.
#[derive(Debug)]
pub struct ObservationFile<R> {
    name: String,
    reader: R,
    number: usize,
    offset: usize,
    body: Vec<u8>,
}

impl ObservationFile<BufReader<File>> {
    /// Opens a file.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let unreadable = |error: io::Error| Failure::unreadable(path, &error);
        let file = File::open(path).map_err(unreadable)?;
        if path.is_dir() {
            return Err(Failure::input(format!(
                "{} is a folder\n  hint: name the observations.binpb in it",
                path.display()
            )));
        }
        let reader = BufReader::with_capacity(1 << 20, file);
        Ok(Self::new(path.display().to_string(), reader))
    }
}

impl<R: BufRead> ObservationFile<R> {
    /// The observations that `reader` gives; `name` is for messages.
    pub fn new(name: String, reader: R) -> Self {
        Self { name, reader, number: 0, offset: 0, body: Vec::new() }
    }

    /// The next one; none at the end of the file.
    ///
    /// # Errors
    /// Where the file cannot be read, is damaged, or an observation breaks the contract.
    pub fn next(&mut self) -> Result<Option<Observation>, Failure> {
        let offset = self.offset;
        match self.reader.fill_buf().map(<[u8]>::is_empty) {
            Ok(true) => return Ok(None),
            Ok(false) => {}
            Err(error) => return Err(self.unreadable(&error)),
        }
        self.number += 1;
        let wrong = |problem| FrameError { number: self.number, offset, problem };
        let (read, length) = match length(&mut self.reader) {
            Ok(length) => length,
            Err(Ended::Problem(problem)) => return Err(self.damaged(&wrong(problem))),
            Err(Ended::Io(error)) => return Err(self.unreadable(&error)),
        };
        self.body.clear();
        let taken = (&mut self.reader).take(length as u64).read_to_end(&mut self.body);
        let found = taken.map_err(|error| self.unreadable(&error))?;
        if found < length {
            let problem = FrameProblem::CutOff { found, expected: length };
            return Err(self.damaged(&wrong(problem)));
        }
        self.offset = offset + read + length;
        Observation::from_bytes(&self.body)
            .map(Some)
            .map_err(|problem| self.damaged(&wrong(problem)))
    }

    fn damaged(&self, error: &FrameError) -> Failure {
        Failure::input(format!(
            "{}: {error}\n  hint: give an observations.binpb as `wayside replay --out` writes it",
            self.name
        ))
    }

    fn unreadable(&self, error: &io::Error) -> Failure {
        Failure::unreadable(Path::new(&self.name), error)
    }
}

enum Ended {
    Problem(FrameProblem),
    Io(io::Error),
}

/// The varint before a message: how many bytes it has itself, and what it says.
fn length(reader: &mut impl BufRead) -> Result<(usize, usize), Ended> {
    let mut announced = 0_u64;
    for index in 0..10_usize {
        let mut byte = [0];
        match reader.read_exact(&mut byte) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                let problem = FrameProblem::CutOff { found: index, expected: index + 1 };
                return Err(Ended::Problem(problem));
            }
            Err(error) => return Err(Ended::Io(error)),
        }
        let [byte] = byte;
        announced |= u64::from(byte & 0x7f) << (7 * index).min(63);
        if byte & 0x80 == 0 {
            return match usize::try_from(announced) {
                Ok(length) if length <= MESSAGE_BYTES_MAX => Ok((index + 1, length)),
                _ => {
                    let max = MESSAGE_BYTES_MAX;
                    Err(Ended::Problem(FrameProblem::TooLong { bytes: announced, max }))
                }
            };
        }
    }
    Err(Ended::Problem(FrameProblem::Length))
}
