//! SHA-256 of what goes in and what comes out.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

/// The digest of bytes, in lower-case hex.
pub fn of_bytes(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes).as_slice())
}

/// The digest of a file; of an image sequence's folder the digest over its files in order of name.
pub fn of_path(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    if path.is_dir() {
        let mut files: Vec<_> = std::fs::read_dir(path)?
            .collect::<Result<Vec<_>, _>>()?
            .iter()
            .map(|e| e.path())
            .collect();
        files.sort();
        for file in files.iter().filter(|file| file.is_file()) {
            feed(&mut hash, file)?;
        }
    } else {
        feed(&mut hash, path)?;
    }
    Ok(hex(hash.finalize().as_slice()))
}

fn feed(hash: &mut Sha256, path: &Path) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(()),
            read => hash.update(&buffer[..read]),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A writer that digests what passes through it.
pub struct Digesting<W> {
    inner: W,
    hash: Sha256,
}

impl<W: Write> Digesting<W> {
    /// Digests what goes to `inner`.
    pub fn new(inner: W) -> Self {
        Self { inner, hash: Sha256::new() }
    }

    /// Flushes and returns the digest.
    pub fn finish(mut self) -> io::Result<(W, String)> {
        self.inner.flush()?;
        Ok((self.inner, hex(self.hash.finalize().as_slice())))
    }
}

impl<W: Write> Write for Digesting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_and_its_bytes_have_one_digest() {
        let mut writer = Digesting::new(Vec::new());
        writer.write_all(b"ab").expect("memory");
        writer.write_all(b"c").expect("memory");
        let (bytes, digest) = writer.finish().expect("memory");
        assert_eq!(digest, of_bytes(&bytes));
        assert!(digest.starts_with("ba7816bf"));
    }
}
