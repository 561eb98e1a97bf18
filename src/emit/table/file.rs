//! The file around the sections: header, directory, digest, checksum.

use bailiwick_table::crc;
use bailiwick_table::layout::{ALIGN, MAGIC, VERSION, header, section};
use xxhash_rust::xxh3::xxh3_128;

use super::Refused;

/// The sections while they are written.
#[derive(Debug)]
pub(super) struct Sections {
    bytes: Vec<Vec<u8>>,
}

impl Default for Sections {
    fn default() -> Self {
        Self { bytes: vec![vec![]; section::COUNT] }
    }
}

impl Sections {
    /// Adds words to a section.
    pub(super) fn push(&mut self, section: usize, words: &[u32]) {
        let bytes = &mut self.bytes[section];
        bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    }

    /// Adds bytes to a section.
    pub(super) fn push_bytes(&mut self, section: usize, bytes: &[u8]) {
        self.bytes[section].extend_from_slice(bytes);
    }

    /// Sets bits of a word.
    pub(super) fn mark(&mut self, section: usize, word: usize, bits: u32) {
        if let Some(place) = self.bytes[section].get_mut(4 * word..).and_then(<[u8]>::first_chunk_mut) {
            *place = (u32::from_le_bytes(*place) | bits).to_le_bytes();
        }
    }

    /// How many records a section has.
    pub(super) fn count(&self, section: usize) -> usize {
        self.bytes[section].len() / section::SIZES[section]
    }

    /// The number of the next record of a section; what does not fit makes the file too large, which is refused.
    pub(super) fn next(&self, section: usize) -> u32 {
        u32::try_from(self.count(section)).unwrap_or(u32::MAX)
    }

    /// The whole file.
    pub(super) fn into_file(self, revision: u64) -> Result<Vec<u8>, Refused> {
        let padded: usize = self.bytes.iter().map(|b| b.len().next_multiple_of(ALIGN)).sum();
        Refused::over("bytes", padded + header::SIZE, u32::MAX)?;
        let mut file = Vec::with_capacity(padded + header::SIZE);
        file.resize(header::SIZE, 0);
        let mut directory = vec![];
        for (number, bytes) in self.bytes.into_iter().enumerate() {
            directory.push([file.len(), bytes.len() / section::SIZES[number]]);
            file.extend_from_slice(&bytes);
            file.resize(file.len().next_multiple_of(ALIGN), 0);
        }
        let total = file.len() as u64;
        let digest = xxh3_128(&file[header::SIZE..]);
        let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, &MAGIC);
        put(header::VERSION, &VERSION.to_le_bytes());
        put(header::LENGTH, &word(header::SIZE));
        put(header::TOTAL, &total.to_le_bytes());
        put(header::REVISION, &revision.to_le_bytes());
        put(header::DIGEST, &digest.to_le_bytes());
        put(header::SECTIONS, &word(section::COUNT));
        for (number, [at, count]) in directory.into_iter().enumerate() {
            put(header::DIRECTORY + 8 * number, &word(at));
            put(header::DIRECTORY + 8 * number + 4, &word(count));
        }
        let sum = crc::of_table(&file);
        file[header::CRC..header::CRC + 4].copy_from_slice(&sum.to_le_bytes());
        Ok(file)
    }
}

/// A number as a word; the file's length was compared with the limit.
fn word(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes()
}
