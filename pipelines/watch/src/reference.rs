//! The view that a camera's calibration belongs to.

use wayside_picture::{Picture, Scaler};

use crate::small::{SIDE_MAX, Small, small_size};

/// First bytes of a stored reference; the last one is the version.
const MAGIC: [u8; 8] = *b"WSDEREF\x01";

/// Magic, two sizes of two sides each.
const HEADER: usize = 8 + 4 + 8;

/// Length of the checksum at the end.
const CHECKSUM: usize = 8;

/// How far the proportions of a picture may be from the reference's.
const PROPORTION_ERROR_MAX: f64 = 0.02;

/// A small grey picture of the empty road.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub(crate) small: Small,
    source: (u32, u32),
}

/// Where a watch has its reference from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceKind {
    /// It was given.
    Calibration,
    /// None was given, or not one of these proportions: the first seconds are being learnt.
    Learning,
    /// It was learnt from the first seconds: a camera that was moved before goes unnoticed.
    Learnt,
}

/// Bytes that are no reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// Not written by [`Reference::to_bytes`], or by another version.
    #[error("not a camera reference of version {}: it begins otherwise (calibrate again)", MAGIC[7])]
    Magic,
    /// A size that no reference has.
    #[error(
        "the camera reference is damaged: {width}x{height} pixels are not possible (calibrate again)"
    )]
    Size {
        /// Width told, pixels.
        width: u32,
        /// Height told, pixels.
        height: u32,
    },
    /// Cut short or too long.
    #[error(
        "the camera reference is damaged: {found} bytes instead of {expected} (calibrate again)"
    )]
    Length {
        /// Bytes that the size asks for.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// Changed since it was written.
    #[error("the camera reference is damaged: its checksum does not fit (calibrate again)")]
    Checksum,
}

impl Reference {
    /// The reference of the picture that the camera was calibrated on. People and vehicles in it do little
    /// harm to the comparison; an empty road serves best.
    ///
    /// # Errors
    /// When the picture has no size.
    pub fn from_picture(picture: &Picture) -> Result<Self, ReferenceError> {
        let source = (picture.width, picture.height);
        Small::of(picture, &mut Scaler::new())
            .map(|small| Self { small, source })
            .ok_or(ReferenceError::Size { width: source.0, height: source.1 })
    }

    pub(crate) fn new(small: Small, source: (u32, u32)) -> Self {
        Self { small, source }
    }

    /// Width and height of the picture that it was made from, pixels.
    #[must_use]
    pub fn source_size(&self) -> (u32, u32) {
        self.source
    }

    /// Whether pictures of `width` x `height` pixels can be compared with it: whether the proportions are
    /// the same.
    #[must_use]
    pub fn fits(&self, width: u32, height: u32) -> bool {
        let here = f64::from(width) * f64::from(self.source.1);
        let there = f64::from(height) * f64::from(self.source.0);
        let (w, h) = small_size(width, height);
        let same = (w as usize, h as usize) == (self.small.width, self.small.height);
        same && (here - there).abs() <= PROPORTION_ERROR_MAX * here.max(there)
    }

    /// The reference as bytes, with version and checksum.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + self.small.luma.len() + CHECKSUM);
        bytes.extend(MAGIC);
        bytes.extend((self.small.width as u16).to_le_bytes());
        bytes.extend((self.small.height as u16).to_le_bytes());
        bytes.extend(self.source.0.to_le_bytes());
        bytes.extend(self.source.1.to_le_bytes());
        bytes.extend(&self.small.luma);
        let checksum = checksum(&bytes);
        bytes.extend(checksum.to_le_bytes());
        bytes
    }

    /// Reads what [`Reference::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are of another kind or version, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ReferenceError> {
        let rest = bytes.strip_prefix(&MAGIC).ok_or(ReferenceError::Magic)?;
        let found = bytes.len();
        let short = ReferenceError::Length { expected: HEADER + CHECKSUM, found };
        let (width, rest) = rest.split_first_chunk().ok_or(short.clone())?;
        let (height, rest) = rest.split_first_chunk().ok_or(short.clone())?;
        let (source_width, rest) = rest.split_first_chunk().ok_or(short.clone())?;
        let (source_height, rest) = rest.split_first_chunk().ok_or(short.clone())?;
        let (luma, sum) = rest.split_last_chunk().ok_or(short)?;
        let (width, height) = (u16::from_le_bytes(*width), u16::from_le_bytes(*height));
        let source = (u32::from_le_bytes(*source_width), u32::from_le_bytes(*source_height));
        let small = (u32::from(width), u32::from(height));
        let possible = (2..=SIDE_MAX).contains(&small.0) && (2..=SIDE_MAX).contains(&small.1);
        if !possible || small_size(source.0, source.1) != small {
            return Err(ReferenceError::Size { width: small.0, height: small.1 });
        }
        let (width, height) = (usize::from(width), usize::from(height));
        let expected = HEADER + width * height + CHECKSUM;
        if found != expected {
            return Err(ReferenceError::Length { expected, found });
        }
        if checksum(&bytes[..found - CHECKSUM]) != u64::from_le_bytes(*sum) {
            return Err(ReferenceError::Checksum);
        }
        Ok(Self { small: Small { width, height, luma: luma.to_vec() }, source })
    }
}

/// FNV-1a, 64 bits: against damage, not against malice.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use wayside_picture::Matrix;

    use super::*;

    fn reference(width: u32, height: u32) -> Reference {
        let y = (0..width * height).map(|i| (i * 7 % 251) as u8).collect();
        let chroma = vec![128; (width * height / 4) as usize];
        let picture =
            Picture::new(width, height, y, chroma.clone(), chroma, Matrix::Bt601).unwrap();
        Reference::from_picture(&picture).unwrap()
    }

    #[test]
    fn fits_every_size_of_its_proportions() {
        let reference = reference(1280, 720);
        assert_eq!(reference.source_size(), (1280, 720));
        assert!(reference.fits(640, 360) && reference.fits(1920, 1080));
        assert!(!reference.fits(640, 480) && !reference.fits(720, 1280) && !reference.fits(0, 0));
    }

    #[test]
    fn damage_is_told() {
        let bytes = reference(64, 48).to_bytes();
        let told = |bytes: &[u8]| Reference::from_bytes(bytes).expect_err("damaged").to_string();
        let mut texts = vec![told(b"GIF89a"), told(&bytes[..40]), told(&bytes[..10])];
        let mut broken = bytes.clone();
        broken[30] ^= 1;
        texts.push(told(&broken));
        let mut broken = bytes;
        broken[9] = 9;
        texts.push(told(&broken));
        insta::assert_snapshot!(texts.join("\n"));
    }

    proptest! {
        #[test]
        fn comes_back_from_its_bytes(half_w in 1u32..400, half_h in 1u32..300) {
            let reference = reference(2 * half_w, 2 * half_h);
            prop_assert_eq!(Reference::from_bytes(&reference.to_bytes()), Ok(reference));
        }

        #[test]
        fn any_bytes_end_in_an_answer(
            mut bytes in prop::collection::vec(any::<u8>(), 0..300), good in any::<bool>(),
        ) {
            if good {
                bytes.splice(0..0, MAGIC);
            }
            prop_assert!(Reference::from_bytes(&bytes).is_err());
        }
    }
}
