//! The files that a replay leaves. Each is written under a provisional name and renamed when it is
//! whole, so that a reader never takes half a file for a whole one.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::digest::Digesting;
use crate::failure::Failure;

/// Names of the files, as the README lists them.
pub const VIOLATIONS: &str = "violations.jsonl";
/// Voids.
pub const VOIDS: &str = "voids.jsonl";
/// Observations.
pub const OBSERVATIONS: &str = "observations.binpb";
/// Counts.
pub const COUNTS: &str = "counts.json";
/// What ends of sections have to say, where the camera sees one.
pub const PASSAGES: &str = "passages.binpb";
/// The annotated video.
pub const ANNOTATED: &str = "annotated.mp4";
/// The report.
pub const REPORT: &str = "report.html";
/// The certificate.
pub const CERTIFICATE: &str = "certificate.json";

/// The folder for results.
#[derive(Debug)]
pub struct OutputFolder {
    path: PathBuf,
}

impl OutputFolder {
    /// Makes the folder, and removes what an earlier replay left in it, so that old and new results
    /// never stand side by side.
    pub fn prepare(path: &Path) -> Result<Self, Failure> {
        if path.exists() && !path.is_dir() {
            return Err(Failure::failed(format!(
                "{} is a file, and the results need a folder\n  hint: choose another --out",
                path.display()
            )));
        }
        fs::create_dir_all(path).map_err(|error| Failure::unwritable(path, &error))?;
        let names =
            [VIOLATIONS, VOIDS, OBSERVATIONS, PASSAGES, COUNTS, ANNOTATED, REPORT, CERTIFICATE];
        for name in names {
            for file in [path.join(name), partial(&path.join(name))] {
                match fs::remove_file(&file) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                        return Err(Failure::unwritable(&file, &error));
                    }
                    _ => {}
                }
            }
        }
        Ok(Self { path: path.to_owned() })
    }

    /// The final path of a file.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Starts a file that is written bit by bit.
    pub fn start(&self, name: &str) -> Result<OutputFile, Failure> {
        let path = self.file(name);
        let leftover = Leftover(partial(&path));
        let file = File::create(&leftover.0).map_err(|error| Failure::unwritable(&path, &error))?;
        Ok(OutputFile { path, writer: Digesting::new(BufWriter::new(file)), leftover })
    }

    /// Writes a whole file and returns its SHA-256.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<String, Failure> {
        let mut file = self.start(name)?;
        file.append(bytes)?;
        file.finish()
    }
}

/// A file on its way.
pub struct OutputFile {
    path: PathBuf,
    writer: Digesting<BufWriter<File>>,
    leftover: Leftover,
}

/// A file under its provisional name, removed where it never got the final one.
struct Leftover(PathBuf);

impl Drop for Leftover {
    fn drop(&mut self) {
        // After a rename there is nothing to remove.
        let _ = fs::remove_file(&self.0);
    }
}

impl OutputFile {
    /// Adds bytes.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.writer.write_all(bytes).map_err(|error| Failure::unwritable(&self.path, &error))
    }

    /// Flushes, gives the file its name and returns its SHA-256.
    pub fn finish(self) -> Result<String, Failure> {
        let failed = |error: std::io::Error| Failure::unwritable(&self.path, &error);
        let (writer, digest) = self.writer.finish().map_err(failed)?;
        let file = writer.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)?;
        fs::rename(&self.leftover.0, &self.path).map_err(failed)?;
        Ok(digest)
    }
}

fn partial(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    PathBuf::from(name)
}
