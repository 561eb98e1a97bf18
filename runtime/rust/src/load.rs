//! From bytes to a table: the header, the checksum, the sections, then everything in them.

use crate::crc;
use crate::error::{LEAST, LoadError, Problem, ensure};
use crate::layout::{ALIGN, MAGIC, VERSION, header, section};
use crate::raw::{Raw, Sections, long_at, word_at};
use crate::verify;

/// What the header says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Loaded {
    pub(crate) sections: Sections,
    pub(crate) revision: u64,
    pub(crate) digest: [u8; 16],
}

/// Reads and verifies everything.
pub(crate) fn load(bytes: &[u8]) -> Result<Loaded, LoadError> {
    head(bytes)?;
    let total = long_at(bytes, header::TOTAL);
    let has = bytes.len() as u64;
    if has < total {
        return Err(LoadError::CutShort { has, of: total });
    }
    if has > total {
        return Err(LoadError::TooLong { has, of: total });
    }
    if word_at(bytes, header::CRC) != crc::of_table(bytes) {
        return Err(LoadError::Altered);
    }
    let sections = directory(bytes)?;
    verify::everything(Raw { bytes, sections: &sections })?;
    let digest = bytes.get(header::DIGEST..).and_then(<[u8]>::first_chunk).copied().unwrap_or_default();
    Ok(Loaded { sections, revision: long_at(bytes, header::REVISION), digest })
}

/// What a table is known by, before its length and checksum are looked at.
fn head(bytes: &[u8]) -> Result<(), LoadError> {
    let magic = bytes.get(..MAGIC.len()).unwrap_or(bytes);
    if magic.is_empty() || !MAGIC.starts_with(magic) {
        return Err(LoadError::NotATable);
    }
    let has = bytes.len() as u64;
    if bytes.len() < header::LENGTH {
        return Err(LoadError::CutShort { has, of: LEAST as u64 });
    }
    let version = word_at(bytes, header::VERSION);
    if version != VERSION {
        return Err(LoadError::UnknownVersion { version });
    }
    if bytes.len() < LEAST {
        let stated = if bytes.len() < header::CRC { 0 } else { long_at(bytes, header::TOTAL) };
        return Err(LoadError::CutShort { has, of: stated.max(LEAST as u64) });
    }
    let zeros = word_at(bytes, header::RESERVED) == 0 && word_at(bytes, header::RESERVED_2) == 0;
    let sized = word_at(bytes, header::LENGTH) as usize == header::SIZE;
    let sections = word_at(bytes, header::SECTIONS) as usize == section::COUNT;
    let total = long_at(bytes, header::TOTAL);
    let fits = total >= LEAST as u64 && total <= u64::from(u32::MAX);
    if zeros && sized && sections && fits { Ok(()) } else { Err(LoadError::Header) }
}

/// The sections: each begins where the one before ended, at the next multiple of sixty-four; zeros fill the gaps.
fn directory(bytes: &[u8]) -> Result<Sections, LoadError> {
    let mut sections = Sections { at: [0; section::COUNT], count: [0; section::COUNT], holders: 0 };
    let mut end = header::SIZE;
    for number in 0..section::COUNT {
        let entry = header::DIRECTORY + 8 * number;
        let (at, count) = (word_at(bytes, entry), word_at(bytes, entry + 4));
        let start = end.next_multiple_of(ALIGN);
        ensure(at as usize == start, number, 0, Problem::Place)?;
        let gap = bytes.get(end..start).ok_or(placed(number))?;
        ensure(gap.iter().all(|b| *b == 0), number, 0, Problem::Place)?;
        let size = u64::from(count) * section::SIZES[number] as u64;
        let room = (bytes.len() - start) as u64;
        ensure(size <= room, number, 0, Problem::Place)?;
        end = start + usize::try_from(size).map_err(|_| placed(number))?;
        sections.at[number] = at;
        sections.count[number] = count;
    }
    let rest = bytes.get(end..).ok_or(placed(section::COUNT - 1))?;
    ensure(rest.len() < ALIGN && rest.iter().all(|b| *b == 0), section::COUNT - 1, 0, Problem::Place)?;
    sections.holders = sections.count[section::ROLES].div_ceil(32);
    Ok(sections)
}

const fn placed(section: usize) -> LoadError {
    LoadError::Malformed { section, record: 0, problem: Problem::Place }
}
