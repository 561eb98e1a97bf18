//! By login: open addressing, and the full key compared. Behind an administrator's login stand its rows, so that one place is read.

use super::rows::{Row, Sets, rows_of};
use crate::model::Model;
use crate::write::login;

/// Everything, by login.
#[derive(Debug, Clone)]
pub struct Logins {
    sets: Sets,
    /// Half of the hash, and where the block starts; three slots in four are full.
    slots: Vec<[u32; 2]>,
    /// For each administrator the bytes of the login and the number of rows, the login, the rows of three words.
    blocks: Vec<u32>,
    admins: usize,
}

const EMPTY: u32 = u32::MAX;

impl Logins {
    /// The rows of a model behind their logins.
    #[must_use]
    pub fn new(model: &Model) -> Self {
        let mut slots = vec![[0, EMPTY]; model.admins.len() * 4 / 3 + 1];
        let mut blocks = vec![];
        for admin in 0..model.admins.len() {
            let start = u32::try_from(blocks.len()).unwrap_or(EMPTY);
            let login = login(u32::try_from(admin).unwrap_or(EMPTY));
            let mut rows = vec![];
            for Row { set, first, length } in rows_of(model, admin) {
                rows.extend([set, first, length]);
            }
            blocks.push(u32::try_from(login.len() | (rows.len() / 3) << 16).unwrap_or(EMPTY));
            blocks.extend(login.as_bytes().chunks(4).map(word));
            blocks.extend(rows);
            let hash = hash(login.as_bytes());
            let mut at = home(hash, slots.len());
            while slots[at][1] != EMPTY {
                at = if at + 1 == slots.len() { 0 } else { at + 1 };
            }
            slots[at] = [hash, start];
        }
        blocks.shrink_to_fit();
        Self { sets: Sets::new(model), slots, blocks, admins: model.admins.len() }
    }

    /// Bytes for each administrator, permission sets not counted.
    #[must_use]
    pub fn bytes_each(&self) -> f64 {
        (self.slots.len() * 8 + self.blocks.len() * 4) as f64 / self.admins as f64
    }

    /// Whether who has this login may use a permission on something in a group.
    #[must_use]
    #[inline]
    pub fn allows(&self, login: &str, permission: u32, group: u32) -> bool {
        let rows = self.rows(login.as_bytes());
        rows.as_chunks::<3>().0.iter().any(|[set, first, length]| {
            let row = Row { set: *set, first: *first, length: *length };
            row.reaches(group) && self.sets.has(row.set, permission)
        })
    }

    /// The words of somebody's rows.
    #[inline]
    fn rows(&self, login: &[u8]) -> &[u32] {
        let hash = hash(login);
        let mut at = home(hash, self.slots.len());
        while let Some([seen, start]) = self.slots.get(at)
            && *start != EMPTY
        {
            if *seen == hash
                && let Some((head, rest)) = self.blocks.get(*start as usize..).and_then(<[u32]>::split_first)
                && (head & 0xffff) as usize == login.len()
                && let Some((own, rest)) = rest.split_at_checked(login.len().div_ceil(4))
                && own.iter().zip(login.chunks(4)).all(|(own, asked)| *own == word(asked))
            {
                return rest.get(..3 * (head >> 16) as usize).unwrap_or(&[]);
            }
            at = if at + 1 == self.slots.len() { 0 } else { at + 1 };
        }
        &[]
    }
}

/// Up to four bytes as a word.
#[inline]
fn word(bytes: &[u8]) -> u32 {
    if let Some(whole) = bytes.first_chunk() {
        return u32::from_le_bytes(*whole);
    }
    bytes.iter().rev().fold(0, |word, byte| word << 8 | u32::from(*byte))
}

/// A multiplication each eight bytes, and one at the end.
#[inline]
fn hash(bytes: &[u8]) -> u32 {
    const BY: u64 = 0x9e37_79b9_7f4a_7c15;
    let (words, rest) = bytes.as_chunks::<8>();
    let mut hash = bytes.len() as u64;
    for word in words {
        hash = (hash.rotate_left(29) ^ u64::from_le_bytes(*word)).wrapping_mul(BY);
    }
    for part in rest.chunks(4) {
        hash = (hash.rotate_left(29) ^ u64::from(word(part))).wrapping_mul(BY);
    }
    ((hash ^ hash >> 32).wrapping_mul(BY) >> 32) as u32
}

/// The slot where a hash belongs.
#[inline]
const fn home(hash: u32, slots: usize) -> usize {
    ((hash as u64 * slots as u64) >> 32) as usize
}
