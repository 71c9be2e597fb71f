//! What goes in and what comes out, the same for both implementations.

use std::collections::BTreeSet;
use std::fmt;

use wayside_proto::MotorVehicleClass;

/// The id of a point, given by the caller and the same at every replay (EV-1). Shown as a UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PointId(pub u128);

impl From<[u8; 16]> for PointId {
    /// The bytes in the order in which the UUID is written.
    fn from(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }
}

impl fmt::Display for PointId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = [self.0 >> 96, self.0 >> 80, self.0 >> 64, self.0 >> 48];
        write!(
            f,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            a,
            b & 0xffff,
            c & 0xffff,
            d & 0xffff,
            self.0 & 0xffff_ffff_ffff
        )
    }
}

impl PointId {
    /// Reads what `Display` writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String = text.split('-').collect();
        let whole = digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !whole {
            return None;
        }
        u128::from_str_radix(&digits, 16).ok().map(Self)
    }
}

/// An end of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// Where vehicles come in.
    Entry,
    /// Where they leave.
    Exit,
}

impl End {
    /// The end's name in stored points.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Exit => "exit",
        }
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Entry => Self::Exit,
            Self::Exit => Self::Entry,
        }
    }
}

/// One vehicle passed one end of a section.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Its id; upserting it twice is one point.
    pub id: PointId,
    /// Id of the section, 1 to 128 bytes.
    pub section: String,
    /// The end that was passed.
    pub end: End,
    /// When: event time, UTC microseconds, less than 2^53 from 1970 on either side.
    pub time: i64,
    /// Class of the vehicle.
    pub class: MotorVehicleClass,
    /// From when on it is to be deleted: event time, UTC microseconds, after `time` by at most
    /// [`crate::RETENTION_US_MAX`].
    pub expires: i64,
    /// What the caller needs to find the passage again, at most 256 bytes.
    pub key: String,
    /// The embedding, of unit length, with as many numbers as the index has dimensions.
    pub vector: Vec<f32>,
}

/// Which passages to compare with a vector. Every field but `classes` narrows, and none can be
/// left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Id of the section.
    pub section: String,
    /// The end at which the passages are.
    pub end: End,
    /// Start of the window, event time, UTC microseconds, inclusive.
    pub from: i64,
    /// End of the window, exclusive, at most [`crate::WINDOW_US_MAX`] after `from`.
    pub to: i64,
    /// Only passages of these classes; none: of every class.
    pub classes: Option<BTreeSet<MotorVehicleClass>>,
    /// The vector to compare with, of unit length.
    pub vector: Vec<f32>,
    /// At most so many hits, 1 to [`crate::LIMIT_MAX`].
    pub limit: usize,
}

/// A passage that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its id.
    pub id: PointId,
    /// The dot product of both vectors, rounded to 1e-5; -1 to 1.
    pub similarity: f32,
    /// When it was, event time, UTC microseconds.
    pub time: i64,
    /// Its key.
    pub key: String,
    /// Class of the vehicle.
    pub class: MotorVehicleClass,
}

/// What a deletion took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deleted {
    /// So many points.
    pub count: u64,
    /// Event time of the earliest of them, microseconds; none if there were none.
    pub first_time: Option<i64>,
    /// Event time of the latest of them.
    pub last_time: Option<i64>,
}

/// How the index is after maintenance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Maintained {
    /// Points in it.
    pub points: u64,
    /// Bytes that its files take up on this machine's disk; none for a server.
    pub disk_bytes: Option<u64>,
    /// Whether the files were written anew, without what had been deleted.
    pub rewritten: bool,
}

#[cfg(test)]
mod tests {
    use super::PointId;

    #[test]
    fn an_id_is_written_as_a_uuid() {
        let id = PointId::from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 255]);
        assert_eq!(id.to_string(), "01020304-0506-0708-090a-0b0c0d0e0fff");
        for id in [id, PointId(0), PointId(u128::MAX), PointId(1 << 64)] {
            assert_eq!(PointId::parse(&id.to_string()), Some(id));
        }
        for text in ["", "+1020304-0506-0708-090a-0b0c0d0e0fff", "01020304-0506-0708-090a-0b0c"] {
            assert_eq!(PointId::parse(text), None, "{text}");
        }
    }
}
