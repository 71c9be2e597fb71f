//! Tracks from a file: `time_s,track,class,x_m,y_m,heading_deg,speed_ms,length_m,width_m`, plain or
//! gzipped, in order of time.
//!
//! `x_m`, `y_m` is the centre of the front bumper (x east, y north), `heading_deg` runs clockwise
//! from north. Columns may come in any order; columns that are not known are passed over. A track
//! is a whole number or any short text.

mod error;
mod row;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use wayside_proto::{EventTime, TrackState};

pub use error::TracksError;
use row::Columns;

/// Longest line that is read, bytes.
const LINE_BYTES_MAX: u64 = 4096;

/// Most road users of one instant.
const ROWS_OF_AN_INSTANT_MAX: usize = 4_096;

/// Most tracks that bear a text for a name.
const NAMED_TRACKS_MAX: usize = 1_000_000;

/// All road users of one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Instant {
    /// When.
    pub time: EventTime,
    /// The road users, in order of id.
    pub tracks: Vec<TrackState>,
}

/// Reads instants from a tracks file, one after the other.
pub struct TracksFile<'a> {
    name: String,
    start: EventTime,
    lines: Box<dyn BufRead + 'a>,
    line_number: u64,
    columns: Columns,
    /// The row that ended the instant before.
    ahead: Option<(EventTime, TrackState)>,
    last: Option<EventTime>,
    named: BTreeMap<String, u64>,
    failed: bool,
}

/// Reads the head of a tracks file. `name` is the file's name for messages, `start` the instant of
/// second 0.
///
/// # Errors
/// Where the file is empty, unreadable, or lacks a column.
pub fn read<'a>(
    name: &str,
    start: EventTime,
    reader: impl Read + 'a,
) -> Result<TracksFile<'a>, TracksError> {
    let mut plain = BufReader::with_capacity(1 << 16, reader);
    let wrong = |error: &std::io::Error| TracksError::unreadable(name, 0, error);
    let gzipped = plain.fill_buf().map_err(|error| wrong(&error))?.starts_with(&[0x1f, 0x8b]);
    let lines: Box<dyn BufRead + 'a> = if gzipped {
        Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(plain)))
    } else {
        Box::new(plain)
    };
    let mut file = TracksFile {
        name: name.to_owned(),
        start,
        lines,
        line_number: 0,
        columns: Columns::default(),
        ahead: None,
        last: None,
        named: BTreeMap::new(),
        failed: false,
    };
    let head = file.line()?.ok_or_else(|| TracksError::empty(name))?;
    file.columns = Columns::of(name, &head)?;
    Ok(file)
}

impl TracksFile<'_> {
    fn line(&mut self) -> Result<Option<String>, TracksError> {
        loop {
            let mut bytes = Vec::new();
            self.line_number += 1;
            let read = (&mut self.lines)
                .take(LINE_BYTES_MAX)
                .read_until(b'\n', &mut bytes)
                .map_err(|error| TracksError::unreadable(&self.name, self.line_number, &error))?;
            if read == 0 {
                return Ok(None);
            }
            if read as u64 == LINE_BYTES_MAX && bytes.last() != Some(&b'\n') {
                return Err(TracksError::at(
                    &self.name,
                    self.line_number,
                    format!("the line is longer than {LINE_BYTES_MAX} bytes"),
                    "is this a tracks file? It is CSV, one road user and instant a line",
                ));
            }
            let line = String::from_utf8(bytes).map_err(|_| {
                TracksError::at(
                    &self.name,
                    self.line_number,
                    "the line is not UTF-8 text".to_owned(),
                    "a tracks file is CSV, plain or gzipped",
                )
            })?;
            if !line.trim().is_empty() {
                return Ok(Some(line));
            }
        }
    }

    fn row(&mut self) -> Result<Option<(EventTime, TrackState)>, TracksError> {
        let Some(line) = self.line()? else { return Ok(None) };
        let number = self.line_number;
        let row = self.columns.row(&self.name, number, line.trim_end())?;
        let id = row::track_id(&row.track, &mut self.named, NAMED_TRACKS_MAX)
            .ok_or_else(|| TracksError::too_many_names(&self.name, number, NAMED_TRACKS_MAX))?;
        let time = self.start.plus_s(row.time_s);
        if let Some(last) = self.last.filter(|last| time < *last) {
            return Err(TracksError::at(
                &self.name,
                number,
                format!(
                    "time runs backwards: {} s after {} s",
                    row.time_s,
                    last.since_s(self.start)
                ),
                "sort the rows by time_s",
            ));
        }
        self.last = Some(time);
        Ok(Some((time, row.state(id))))
    }

    fn instant(&mut self) -> Result<Option<Instant>, TracksError> {
        let Some((time, first)) =
            self.ahead.take().map_or_else(|| self.row(), |row| Ok(Some(row)))?
        else {
            return Ok(None);
        };
        let mut tracks = BTreeMap::from([(first.id, first)]);
        while let Some((next, state)) = self.row()? {
            if next != time {
                self.ahead = Some((next, state));
                break;
            }
            if tracks.len() == ROWS_OF_AN_INSTANT_MAX {
                return Err(TracksError::at(
                    &self.name,
                    self.line_number,
                    format!("more than {ROWS_OF_AN_INSTANT_MAX} rows of one instant"),
                    "does time_s have enough decimals? Each sample needs a time of its own",
                ));
            }
            if tracks.insert(state.id, state).is_some() {
                return Err(TracksError::at(
                    &self.name,
                    self.line_number,
                    "the track is there twice at one instant".to_owned(),
                    "each track has one row an instant",
                ));
            }
        }
        Ok(Some(Instant { time, tracks: tracks.into_values().collect() }))
    }
}

impl Iterator for TracksFile<'_> {
    type Item = Result<Instant, TracksError>;

    /// The next instant; nothing more comes after an error.
    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let next = self.instant();
        self.failed = next.is_err();
        next.transpose()
    }
}

#[cfg(test)]
mod tests;
