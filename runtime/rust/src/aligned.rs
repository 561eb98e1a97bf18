//! Bytes that begin where a line of a processor's cache does: then every account of a table is in one line.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::vec::Vec;

use crate::layout::ALIGN;

/// The bytes of a table in memory of their own, placed so that decisions touch as few lines of a cache as can be.
///
/// A table in any other bytes gives the same answers; where they begin somewhere else, accounts lie across two lines.
#[derive(Debug)]
pub struct Aligned {
    bytes: Vec<u8>,
    start: usize,
}

impl Aligned {
    /// A file.
    ///
    /// # Errors
    /// As opening and reading do.
    pub fn read(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let size = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(size + ALIGN)?;
        let start = padding(&bytes);
        bytes.resize(start, 0);
        file.read_to_end(&mut bytes)?;
        if padding(&bytes) == start {
            return Ok(Self { bytes, start });
        }
        // The file grew meanwhile, and the bytes had to move.
        bytes.drain(..start);
        Ok(Self::from(bytes))
    }
}

impl From<Vec<u8>> for Aligned {
    /// These bytes; they are copied unless they begin in the right place.
    fn from(bytes: Vec<u8>) -> Self {
        if padding(&bytes) == 0 {
            return Self { bytes, start: 0 };
        }
        let mut copy = Vec::with_capacity(bytes.len() + ALIGN);
        let start = padding(&copy);
        copy.resize(start, 0);
        copy.extend_from_slice(&bytes);
        Self { bytes: copy, start }
    }
}

impl AsRef<[u8]> for Aligned {
    #[inline]
    fn as_ref(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or(&[])
    }
}

/// How many bytes to leave out so that the next one is where it should be.
fn padding(bytes: &[u8]) -> usize {
    bytes.as_ptr().align_offset(ALIGN).min(ALIGN)
}
