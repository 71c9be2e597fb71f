//! Where frames come from: a file, a file in memory, or a row of images.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::CaptureError;

/// A recording.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A video file.
    File(PathBuf),
    /// A video file in memory, which never touches a disk.
    Memory(MemoryFile),
    /// Images, one a frame.
    Sequence {
        /// A folder, a printf pattern (`frame_%05d.jpg`) or a glob in the last part (`*.png`).
        pattern: PathBuf,
        /// Frames a second.
        fps: f64,
    },
}

/// A video file in memory. Clones share the bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct MemoryFile {
    name: PathBuf,
    bytes: Arc<Vec<u8>>,
}

impl MemoryFile {
    /// These bytes, which messages call `name`.
    #[must_use]
    pub fn new(name: impl Into<PathBuf>, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), bytes: Arc::new(bytes) }
    }

    /// The file.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The file, for GStreamer: shared, not copied.
    pub(crate) fn shared(&self) -> gio::glib::Bytes {
        struct Held(Arc<Vec<u8>>);
        impl AsRef<[u8]> for Held {
            fn as_ref(&self) -> &[u8] {
                &self.0
            }
        }
        gio::glib::Bytes::from_owned(Held(Arc::clone(&self.bytes)))
    }
}

impl fmt::Debug for MemoryFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the content: it may be pictures that are not redacted (PV-1).
        f.debug_struct("MemoryFile")
            .field("name", &self.name)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

/// One place of a sequence; without a path, the number is missing among its neighbours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Image {
    pub(crate) index: u64,
    pub(crate) path: PathBuf,
    pub(crate) exists: bool,
}

/// A hole longer than this is taken for two sequences in one folder.
const HOLE_FRAMES_MAX: u64 = 10_000;

impl Source {
    /// Reads what a user wrote: a folder, a printf pattern or a glob is a sequence, all else a
    /// file. `fps` counts for sequences only.
    #[must_use]
    pub fn parse(path: &Path, fps: f64) -> Self {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let file_here = path.is_file();
        if path.is_dir() || !file_here && (printf(&name).is_some() || is_glob(&name)) {
            Self::Sequence { pattern: path.to_owned(), fps }
        } else {
            Self::File(path.to_owned())
        }
    }

    /// The path as given.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::Sequence { pattern: path, .. } => path,
            Self::Memory(file) => &file.name,
        }
    }
}

/// The images of a sequence in order.
pub(crate) fn list_images(pattern: &Path) -> Result<Vec<Image>, CaptureError> {
    let (folder, name) = if pattern.is_dir() {
        (pattern.to_owned(), "*".to_owned())
    } else {
        let name = pattern.file_name().map(|n| n.to_string_lossy().into_owned());
        let folder = pattern.parent().filter(|p| !p.as_os_str().is_empty());
        (folder.unwrap_or(Path::new(".")).to_owned(), name.unwrap_or_default())
    };
    if !folder.is_dir() {
        return Err(CaptureError::NotFound { path: folder });
    }
    let entries = std::fs::read_dir(&folder).map_err(|e| CaptureError::Unreadable {
        path: folder.clone(),
        cause: format!("the folder cannot be listed ({e})"),
        hint: "Check its permissions.".to_owned(),
    })?;
    let names = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned());
    let images = match printf(&name) {
        Some(parts) => numbered(names, &folder, &parts)?,
        None => named(names, &folder, &name),
    };
    if images.is_empty() {
        return Err(CaptureError::NoImages { path: pattern.to_owned() });
    }
    Ok(images)
}

fn named(names: impl Iterator<Item = String>, folder: &Path, glob: &str) -> Vec<Image> {
    let mut names: Vec<String> =
        names.filter(|n| is_image(n) && matches(glob.as_bytes(), n.as_bytes())).collect();
    names.sort_by(|a, b| natural(a).cmp(&natural(b)).then_with(|| a.cmp(b)));
    (0u64..)
        .zip(names)
        .map(|(index, name)| Image { index, path: folder.join(name), exists: true })
        .collect()
}

fn numbered(
    names: impl Iterator<Item = String>,
    folder: &Path,
    parts: &Printf,
) -> Result<Vec<Image>, CaptureError> {
    let mut found: Vec<(u64, String)> =
        names.filter_map(|name| Some((parts.number(&name)?, name))).collect();
    found.sort();
    found.dedup_by_key(|(number, _)| *number);
    let Some(first) = found.first().map(|(number, _)| *number) else { return Ok(Vec::new()) };
    let mut images: Vec<Image> = Vec::with_capacity(found.len());
    for (number, name) in found {
        let next = images.last().map_or(0, |image| image.index + 1);
        let index = number - first;
        if index - next > HOLE_FRAMES_MAX {
            let (from, to) = (parts.name(first + next), parts.name(number - 1));
            return Err(CaptureError::BadSource {
                path: folder.to_owned(),
                cause: format!("the images {from} to {to} are missing"),
                hint: "Two sequences in one folder? Move one of them.".to_owned(),
            });
        }
        images.extend((next..index).map(|index| Image {
            index,
            path: folder.join(parts.name(first + index)),
            exists: false,
        }));
        images.push(Image { index, path: folder.join(name), exists: true });
    }
    Ok(images)
}

/// A file name with one number in it, such as `frame_%05d.jpg`.
#[derive(Debug, PartialEq, Eq)]
struct Printf {
    before: String,
    width: usize,
    after: String,
}

impl Printf {
    fn number(&self, name: &str) -> Option<u64> {
        let digits = name.strip_prefix(&self.before)?.strip_suffix(&self.after)?;
        let padded = digits.len() >= self.width.max(1);
        (padded && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok())?
    }

    fn name(&self, number: u64) -> String {
        format!("{}{number:0width$}{}", self.before, self.after, width = self.width)
    }
}

fn printf(name: &str) -> Option<Printf> {
    let (before, rest) = name.split_once('%')?;
    let (width, after) = rest.split_once('d')?;
    let width = if width.is_empty() { 0 } else { width.parse().ok().filter(|w| *w <= 20)? };
    Some(Printf { before: before.to_owned(), width, after: after.to_owned() })
}

fn is_glob(name: &str) -> bool {
    name.contains(['*', '?'])
}

fn is_image(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".jpg", ".jpeg", ".png"].iter().any(|ending| name.ends_with(ending))
}

/// `*` stands for any bytes, `?` for one. Linear in the product of the lengths at worst.
fn matches(glob: &[u8], name: &[u8]) -> bool {
    let (mut g, mut n, mut star) = (0, 0, None);
    while n < name.len() {
        match glob.get(g) {
            Some(b'*') => {
                star = Some((g, n));
                g += 1;
            }
            Some(c) if *c == b'?' || *c == name[n] => {
                g += 1;
                n += 1;
            }
            _ => {
                let Some((at, taken)) = star else { return false };
                star = Some((at, taken + 1));
                (g, n) = (at + 1, taken + 1);
            }
        }
    }
    glob[g..].iter().all(|c| *c == b'*')
}

/// Text and numbers in turn, so that `f2` comes before `f10`.
fn natural(name: &str) -> Vec<(String, u64)> {
    let mut out = Vec::new();
    let mut rest = name;
    while !rest.is_empty() {
        let text = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (head, tail) = rest.split_at(text);
        let digits = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
        let (number, tail) = tail.split_at(digits);
        out.push((head.to_owned(), number.parse().unwrap_or(u64::MAX)));
        rest = tail;
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folder(names: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for name in names {
            std::fs::write(dir.path().join(name), b"x").unwrap();
        }
        dir
    }

    fn listed(dir: &tempfile::TempDir, pattern: &str) -> Vec<(u64, String, bool)> {
        let name = |p: &Path| p.file_name().unwrap().to_string_lossy().into_owned();
        let images = list_images(&dir.path().join(pattern)).unwrap();
        images.iter().map(|i| (i.index, name(&i.path), i.exists)).collect()
    }

    #[test]
    fn folders_patterns_and_globs_are_sequences() {
        let dir = folder(&["a_2.jpg", "a_10.jpg", "b_1.PNG", "notes.txt", "odd%d.mp4"]);
        let parse = |p: &str| matches!(Source::parse(&dir.path().join(p), 5.0), Source::File(_));
        assert!(!parse("") && !parse("a_%d.jpg") && !parse("*.jpg"));
        assert!(parse("clip.mp4") && parse("odd%d.mp4") && parse("100%sure.mp4"));
        let names = |p| listed(&dir, p).into_iter().map(|(_, name, _)| name).collect::<Vec<_>>();
        assert_eq!(names(""), ["a_2.jpg", "a_10.jpg", "b_1.PNG"]);
        assert_eq!(names("a_?.jpg"), ["a_2.jpg"]);
    }

    #[test]
    fn missing_numbers_keep_their_place() {
        let dir = folder(&["f_007.jpg", "f_008.jpg", "f_010.jpg", "f_1.jpg"]);
        let got = listed(&dir, "f_%03d.jpg");
        let want = [
            (0, "f_007.jpg".to_owned(), true),
            (1, "f_008.jpg".to_owned(), true),
            (2, "f_009.jpg".to_owned(), false),
            (3, "f_010.jpg".to_owned(), true),
        ];
        assert_eq!(got, want);
        let error = list_images(&dir.path().join("g_%03d.jpg")).unwrap_err();
        assert!(matches!(error, CaptureError::NoImages { .. }));
    }

    proptest! {
        #[test]
        fn numbers_come_back(number in any::<u32>(), width in 0usize..12, before in "[a-z_]{0,5}") {
            let pattern = printf(&format!("{before}%{}d.png", if width == 0 { String::new() } else { format!("0{width}") })).unwrap();
            prop_assert_eq!(pattern.number(&pattern.name(number.into())), Some(number.into()));
        }

        #[test]
        fn any_name_matches_itself_with_a_star_anywhere(name in "[a-z*?.]{0,12}", at in 0usize..13) {
            let at = at.min(name.len());
            let plain = name.replace(['*', '?'], "x");
            let glob = format!("{}*{}", &plain[..at], &plain[at..]);
            prop_assert!(matches(glob.as_bytes(), plain.as_bytes()));
            let with_more = format!("{plain}z");
            let without_star = !matches(plain.as_bytes(), with_more.as_bytes());
            prop_assert!(without_star);
        }
    }
}
