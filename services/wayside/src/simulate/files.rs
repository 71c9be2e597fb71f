//! Files: observations, signal reports, passages, truth, site files.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use prost::encoding::encode_varint;
use wayside_city::{Keyed, Truth};
use wayside_proto::RoadUserClass;

use super::source::Streams;
use crate::commands::simulate::SimulateArgs;
use crate::failure::Failure;

const TRUTH_HEAD: &str = "site,camera,rule,event_time,track,vehicle_class,value,certain\n";

/// The files that were asked for.
pub(super) struct Files {
    observations: Option<Output>,
    signals: Option<Output>,
    passages: Option<Output>,
    truth: Option<Output>,
}

struct Output {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Output {
    fn create(path: &Option<PathBuf>) -> Result<Option<Self>, Failure> {
        let Some(path) = path else { return Ok(None) };
        let file = File::create(path).map_err(|error| unwritable(path, &error))?;
        Ok(Some(Self { path: path.clone(), file: BufWriter::with_capacity(1 << 20, file) }))
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.file.write_all(bytes).map_err(|error| unwritable(&self.path, &error))
    }

    fn messages(&mut self, messages: &[Keyed]) -> Result<(), Failure> {
        let mut length = Vec::with_capacity(10);
        for message in messages {
            length.clear();
            encode_varint(message.value.len() as u64, &mut length);
            self.write(&length)?;
            self.write(&message.value)?;
        }
        Ok(())
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    let hint = match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => "check the path",
        std::io::ErrorKind::PermissionDenied => "check the folder's permissions",
        std::io::ErrorKind::StorageFull => "make room on the disk",
        _ => "check the path and the disk",
    };
    Failure::failed(format!("{} cannot be written: {error}\n  hint: {hint}", path.display()))
}

impl Files {
    pub(super) fn create(args: &SimulateArgs) -> Result<Self, Failure> {
        let mut files = Self {
            observations: Output::create(&args.observations)?,
            signals: Output::create(&args.signals)?,
            passages: Output::create(&args.passages)?,
            truth: Output::create(&args.truth)?,
        };
        if let Some(truth) = &mut files.truth {
            truth.write(TRUTH_HEAD.as_bytes())?;
        }
        Ok(files)
    }

    pub(super) fn observations(&mut self, messages: &[Keyed]) -> Result<(), Failure> {
        self.observations.as_mut().map_or(Ok(()), |output| output.messages(messages))
    }

    pub(super) fn signals(&mut self, messages: &[Keyed]) -> Result<(), Failure> {
        self.signals.as_mut().map_or(Ok(()), |output| output.messages(messages))
    }

    pub(super) fn passages(&mut self, messages: &[Keyed]) -> Result<(), Failure> {
        self.passages.as_mut().map_or(Ok(()), |output| output.messages(messages))
    }

    pub(super) fn truth(&mut self, truth: &Truth) -> Result<(), Failure> {
        let Some(output) = &mut self.truth else { return Ok(()) };
        let Truth { site, camera, rule, time, track, class, value, certain } = truth;
        let class = RoadUserClass::from(*class).as_str();
        let line = format!("{site},{camera},{rule},{time},{track},{class},{value:.3},{certain}\n");
        output.write(line.as_bytes())
    }

    pub(super) fn finish(&mut self) -> Result<(), Failure> {
        let Self { observations, signals, passages, truth } = self;
        let outputs = [observations, signals, passages, truth];
        for output in outputs.into_iter().flatten() {
            output.file.flush().map_err(|error| unwritable(&output.path, &error))?;
        }
        Ok(())
    }
}

/// Writes the file of each site into a folder, which is made where it does not exist.
pub(super) fn write_sites(dir: &Path, streams: &Streams) -> Result<(), Failure> {
    fs::create_dir_all(dir).map_err(|error| unwritable(dir, &error))?;
    for (name, text) in streams.site_files() {
        let path = dir.join(name);
        fs::write(&path, text?).map_err(|error| unwritable(&path, &error))?;
    }
    Ok(())
}
