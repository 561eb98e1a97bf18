//! Permission tables in mapped files: opened without a copy, and shared by all processes that map the same file.
//!
//! ```no_run
//! use std::path::Path;
//!
//! # fn main() -> Result<(), bailiwick_table_mmap::OpenError> {
//! // SAFETY: tables are only ever replaced by renaming another file over them, as `bailiwick build` does.
//! # #[allow(unsafe_code)]
//! let table = unsafe { bailiwick_table_mmap::open(Path::new("policy.bwt")) }?;
//! println!("{} accounts", table.account_count());
//! # Ok(()) }
//! ```
//!
//! # Why this is unsafe
//! What is mapped is the file itself. A program that writes into the file, or makes it shorter, changes bytes that were verified and that
//! the language takes for constant; one that makes it shorter can end this program with a signal. Nothing can be verified that would rule
//! it out, so whoever opens a table so has to know how its file is written. `bailiwick build` writes another file and renames it over the
//! table, which leaves what is mapped as it was: that is allowed, and so is removing the file.
//!
//! Where nobody can promise that, read the file: [`Aligned::read`](bailiwick_table::Aligned::read) is safe, and costs one copy.

#![deny(clippy::undocumented_unsafe_blocks, clippy::multiple_unsafe_ops_per_block)]

use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io;
use std::path::Path;

use bailiwick_table::{LoadError, Table};
use memmap2::{Mmap, MmapOptions};

/// The bytes of a mapped file. They begin where a page does, so that each account of a table lies in one line of a processor's cache.
#[derive(Debug)]
pub struct Mapped {
    map: Mmap,
}

impl Mapped {
    /// Maps a file for reading, all its pages at once where the system can do so.
    ///
    /// # Safety
    /// As long as the map is there nobody may write into this file or change its length. It may be replaced by a rename, or removed.
    ///
    /// # Errors
    /// As opening and mapping do: there is no such file, it must not be read, it is no regular file.
    #[expect(unsafe_code, reason = "the caller promises what mapping needs")]
    pub unsafe fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        // SAFETY: nobody changes the file while it is mapped, as the caller has promised; the map is only read.
        let map = unsafe { MmapOptions::new().populate().map(&file) }?;
        Ok(Self { map })
    }
}

impl AsRef<[u8]> for Mapped {
    #[inline]
    fn as_ref(&self) -> &[u8] {
        &self.map
    }
}

/// The table in a file, verified whole.
///
/// # Safety
/// As long as the table is there nobody may write into its file or change its length. It may be replaced by a rename, or removed.
///
/// # Errors
/// When the file cannot be mapped, and when what it holds is no table.
#[expect(unsafe_code, reason = "the caller promises what mapping needs")]
pub unsafe fn open(path: &Path) -> Result<Table<Mapped>, OpenError> {
    // SAFETY: nobody changes the file while it is mapped, as the caller has promised.
    let mapped = unsafe { Mapped::open(path) }.map_err(OpenError::Unreadable)?;
    Table::from_bytes(mapped).map_err(OpenError::Refused)
}

/// Why a file does not become a table.
#[derive(Debug)]
pub enum OpenError {
    /// The system does not open or map it.
    Unreadable(io::Error),
    /// It is mapped, and no table.
    Refused(LoadError),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreadable(_) => "the file cannot be mapped",
            Self::Refused(_) => "the file is no table",
        })
    }
}

impl Error for OpenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(match self {
            Self::Unreadable(error) => error,
            Self::Refused(error) => error,
        })
    }
}
