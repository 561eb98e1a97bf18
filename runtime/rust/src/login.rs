//! Logins: compared folded, found by one hash and one comparison.

use crate::block::Block;
use crate::id::AccountId;
use crate::layout::{NONE, section};
use crate::raw::Raw;

/// A login that may be compared with a table's.
///
/// Tables store logins folded: NFC, fully case-folded, NFC. A login that was not folded would not be found, and its bearer would pass
/// for somebody whom the table does not name. So there is no way to make one from any text: ASCII is folded on the fly, other text
/// must have been folded by the caller.
#[derive(Debug, Clone, Copy)]
pub struct Login<'a>(&'a str);

impl<'a> Login<'a> {
    /// A login of ASCII characters, in upper or lower case; none for other text.
    #[must_use]
    pub const fn ascii(login: &'a str) -> Option<Self> {
        if login.is_ascii() { Some(Self(login)) } else { None }
    }

    /// A login that the caller has folded: NFC, full case folding (Unicode's `CaseFolding.txt`, C and F), NFC again.
    ///
    /// None for text that is evidently not folded, because it has a character that folding would replace. That it is in NFC cannot be
    /// told here.
    #[must_use]
    pub fn folded(login: &'a str) -> Option<Self> {
        if login.chars().all(|c| c.is_ascii() || is_folded(c)) { Some(Self(login)) } else { None }
    }

    /// A login of the table itself.
    pub(crate) const fn of_table(login: &'a str) -> Self {
        Self(login)
    }

    /// The text; ASCII capitals are not folded in it.
    #[must_use]
    pub const fn as_str(self) -> &'a str {
        self.0
    }
}

impl PartialEq for Login<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }
}

impl Eq for Login<'_> {}

/// The hash that the index of logins uses: MurmurHash3 (x86, 32 bits, seed 0) of a login's bytes, ASCII capitals folded.
#[must_use]
#[inline]
pub fn hash(login: &[u8]) -> u32 {
    let (words, rest) = login.as_chunks::<4>();
    let mut hash = 0_u32;
    for word in words {
        hash = (hash ^ scrambled(u32::from_le_bytes(*word))).rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64);
    }
    if !rest.is_empty() {
        let last = match *rest {
            [a, b, c] => [a, b, c, 0],
            [a, b] => [a, b, 0, 0],
            _ => [rest.first().copied().unwrap_or(0), 0, 0, 0],
        };
        hash ^= scrambled(u32::from_le_bytes(last));
    }
    hash ^= login.len() as u32;
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

/// Four bytes, their ASCII capitals folded, as they go into the hash.
#[inline]
const fn scrambled(word: u32) -> u32 {
    const EACH: u32 = 0x0101_0101;
    let low = word & (0x7f * EACH);
    let from_a = low + (0x80 - b'A' as u32) * EACH;
    let past_z = low + (0x7f - b'Z' as u32) * EACH;
    let capitals = !word & (from_a ^ past_z) & (0x80 * EACH);
    (word | (capitals >> 2)).wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593)
}

/// Whether full case folding leaves a character alone, or it may be composed again afterwards, as `ǰ`.
fn is_folded(c: char) -> bool {
    match c {
        '\u{131}' | '\u{13a0}'..='\u{13f5}' => return true, // dotless i; Cherokee folds to its capitals
        '\u{13f8}'..='\u{13fd}' | '\u{ab70}'..='\u{abbf}' => return false,
        _ => {}
    }
    let mut upper = c.to_uppercase();
    let first = upper.next().unwrap_or(c);
    let marks = |mark: char| matches!(mark, '\u{300}'..='\u{344}');
    match upper.next() {
        None => first.to_lowercase().eq(core::iter::once(c)),
        Some(second) => marks(second) && upper.all(marks) && c.to_lowercase().eq(core::iter::once(c)),
    }
}

/// The slot where a hash belongs among `slots`.
#[must_use]
#[inline]
pub fn home(hash: u32, slots: u32) -> u32 {
    let wide = (u64::from(hash) * u64::from(slots)) >> 32;
    wide as u32
}

/// The account with this login.
#[inline]
pub(crate) fn find(raw: Raw<'_>, login: Login<'_>) -> Option<AccountId> {
    let slots: &[[[u8; 4]; 2]] = raw.words_of(section::SLOTS).as_chunks().0;
    let asked = login.0.as_bytes();
    let hash = hash(asked);
    let mut at = home(hash, raw.count(section::SLOTS)) as usize;
    let [_, _, probes, _]: [u32; 4] = raw.record(section::META, 0);
    for _ in 0..probes {
        let [seen, account] = slots.get(at)?;
        let account = u32::from_le_bytes(*account);
        if account == NONE {
            return None;
        }
        if u32::from_le_bytes(*seen) == hash && bears(raw, account, asked) {
            return Some(AccountId(account));
        }
        at = if at + 1 >= slots.len() { 0 } else { at + 1 };
    }
    None
}

/// Whether an account has this login.
#[inline]
fn bears(raw: Raw<'_>, account: u32, asked: &[u8]) -> bool {
    let own = Block::new(raw, account).login_bytes();
    own.len() == asked.len() && (own == asked || own.eq_ignore_ascii_case(asked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_is_folded_and_other_text_must_be() {
        assert_eq!(Login::ascii("Aino"), Login::ascii("aINO"));
        for n in 0..=u8::MAX {
            assert_eq!(hash(&[b'x', n, b'y']), hash(&[b'x', n.to_ascii_lowercase(), b'y']), "{n}");
        }
        assert!(Login::ascii("ä").is_none());
        assert!(Login::folded("ä").is_some());
        for unfolded in ["Ä", "straße", "ſ", "ΣΑΣ", "σας", "İ", "Ǆ", "ǅ", "ﬁ"] {
            assert!(Login::folded(unfolded).is_none(), "{unfolded}");
        }
        for folded in ["strasse", "ı", "i̇", "ǰ", "ΐ", "日本", "σασ", "Ꭰ"] {
            assert!(Login::folded(folded).is_some(), "{folded}");
        }
    }

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(hash(b""), 0);
        assert_eq!(hash(b"test"), 0xba6b_d213);
        assert_eq!(hash(b"hello"), 0x248b_fa47);
        assert_eq!(hash(b"Hello, World"), 0x149b_bb7f);
    }

    #[test]
    fn homes_stay_inside() {
        for slots in [1, 2, 3, 1000, u32::MAX] {
            assert_eq!(home(0, slots), 0);
            assert!(home(u32::MAX, slots) < slots);
        }
    }
}
