//! Why bytes are refused as a table.

use core::fmt;

use crate::layout::{VERSION, header, section};

/// Why bytes are no usable table. A table is used whole or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadError {
    /// The bytes do not begin as a table does.
    NotATable,
    /// A version that this reader does not know.
    UnknownVersion {
        /// The table's.
        version: u32,
    },
    /// There are fewer bytes than the table has.
    CutShort {
        /// The bytes that are there.
        has: u64,
        /// The bytes that the table should have.
        of: u64,
    },
    /// There are more bytes than the table has.
    TooLong {
        /// The bytes that are there.
        has: u64,
        /// The bytes that the table should have.
        of: u64,
    },
    /// The bytes are not the ones that were written.
    Altered,
    /// The header contradicts itself.
    Header,
    /// A section is not built as the format demands.
    Malformed {
        /// The section's number.
        section: usize,
        /// The record (or word) that is wrong.
        record: u32,
        /// What is wrong with it.
        problem: Problem,
    },
}

/// What is wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// It lies outside the table, overlaps another section or is not aligned.
    Place,
    /// There are more or fewer records than there must be.
    Count,
    /// It names something that does not exist.
    Dangling,
    /// It does not stand in the order that the format demands.
    Order,
    /// It is no text.
    Text,
    /// A value that the format does not know.
    Value,
    /// It exceeds a limit of the format.
    Limit,
    /// It contradicts another record.
    Mismatch,
}

impl Problem {
    const fn words(self) -> &'static str {
        match self {
            Self::Place => "lies outside its place",
            Self::Count => "has the wrong number of records",
            Self::Dangling => "names something that does not exist",
            Self::Order => "is out of order",
            Self::Text => "is no text",
            Self::Value => "has a value that this version does not know",
            Self::Limit => "exceeds a limit",
            Self::Mismatch => "contradicts another record",
        }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NotATable => f.write_str("this is not a permission table"),
            Self::UnknownVersion { version } => {
                write!(f, "the table has format version {version}; this reader knows version {VERSION}")
            }
            Self::CutShort { has, of } => write!(f, "the table is cut short: {has} of {of} bytes are there"),
            Self::TooLong { has, of } => write!(f, "the table has {of} bytes, but {has} are there"),
            Self::Altered => f.write_str("the table was altered: its checksum does not match"),
            Self::Header => f.write_str("the table's header is malformed"),
            Self::Malformed { section, record, problem } => {
                let title = section::TITLES.get(section).unwrap_or(&"?");
                write!(f, "the table is malformed: section `{title}`, record {record} {}", problem.words())
            }
        }
    }
}

#[cfg(feature = "std")]
impl std::error::Error for LoadError {}

/// An error unless the condition holds.
#[inline]
pub(crate) const fn ensure(holds: bool, section: usize, record: u32, problem: Problem) -> Result<(), LoadError> {
    if holds { Ok(()) } else { Err(LoadError::Malformed { section, record, problem }) }
}

/// The number of bytes that even an empty table has.
pub(crate) const LEAST: usize = header::SIZE;
