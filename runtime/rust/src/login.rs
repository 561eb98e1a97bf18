//! Logins: compared folded, found by one hash and one comparison.

use crate::block::Block;
use crate::card::Entries;
use crate::id::AccountId;
use crate::layout::{NONE, bucket, section};
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

/// The hash that the index of logins uses, ASCII capitals folded: eight bytes a step, the last eight perhaps once more; of fewer than
/// eight bytes a word filled up with zeros. A step is `(hash rotated left by 29 ^ word) * 0x9e3779b97f4a7c15`, from the length on; at
/// the end comes one more of the hash's upper half, and the upper half of that is the result.
#[must_use]
#[inline]
pub fn hash(login: &[u8]) -> u32 {
    const BY: u64 = 0x9e37_79b9_7f4a_7c15;
    let step = |hash: u64, word: u64| (hash.rotate_left(29) ^ folded(word)).wrapping_mul(BY);
    let start = login.len() as u64;
    let hash = match login.last_chunk::<8>() {
        Some(last) => {
            let (words, rest) = login.as_chunks::<8>();
            let hash = words.iter().fold(start, |hash, word| step(hash, u64::from_le_bytes(*word)));
            if rest.is_empty() { hash } else { step(hash, u64::from_le_bytes(*last)) }
        }
        None => step(start, short(login)),
    };
    ((hash ^ hash >> 32).wrapping_mul(BY) >> 32) as u32
}

/// Fewer than eight bytes as a word, filled up with zeros.
#[inline]
fn short(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// Eight bytes, their ASCII capitals folded.
#[inline]
const fn folded(word: u64) -> u64 {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let low = word & (0x7f * EACH);
    let from_a = low + (0x80 - b'A' as u64) * EACH;
    let past_z = low + (0x7f - b'Z' as u64) * EACH;
    let capitals = !word & (from_a ^ past_z) & (0x80 * EACH);
    word | (capitals >> 2)
}

/// Whether this login of the table is the one that was asked for.
#[inline]
fn same(own: &[u8], asked: &[u8]) -> bool {
    if own.len() != asked.len() {
        return false;
    }
    match (own.last_chunk::<8>(), asked.last_chunk::<8>()) {
        (Some(own_last), Some(asked_last)) => {
            let equal = |own: &[u8; 8], asked: &[u8; 8]| u64::from_le_bytes(*own) == folded(u64::from_le_bytes(*asked));
            let words = own.as_chunks::<8>().0.iter().zip(asked.as_chunks::<8>().0);
            equal(own_last, asked_last) && words.fold(true, |all, (own, asked)| all & equal(own, asked))
        }
        _ => short(own) == folded(short(asked)),
    }
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

/// The bucket where a hash belongs among `buckets`.
#[must_use]
#[inline]
pub fn home(hash: u32, buckets: u32) -> u32 {
    let wide = (u64::from(hash) * u64::from(buckets)) >> 32;
    wide as u32
}

/// Hashes and accounts, eight each.
pub(crate) type Bucket = [[[u8; 4]; bucket::SLOTS]; 2];

/// The account with this login.
#[inline]
pub(crate) fn find(raw: Raw<'_>, login: Login<'_>) -> Option<AccountId> {
    let asked = login.0.as_bytes();
    let hash = hash(asked);
    let buckets = buckets(raw);
    let mut at = home(hash, raw.count(section::BUCKETS)) as usize;
    let [hashes, accounts] = buckets.get(at)?;
    // At home nothing is decided slot by slot: only which of them the hash points out, a byte each.
    let like = core::array::from_fn(|slot| u8::from(u32::from_le_bytes(hashes[slot]) == hash));
    let slot = u64::from_le_bytes(like).trailing_zeros() / 8;
    if let Some(account) = accounts.get(slot as usize)
        && bears(raw, u32::from_le_bytes(*account), asked)
    {
        return Some(AccountId(u32::from_le_bytes(*account)));
    }
    let [_, _, probes, _]: [u32; 4] = raw.record(section::META, 0);
    for _ in 0..probes {
        let [hashes, accounts] = buckets.get(at)?;
        for (seen, account) in hashes.iter().zip(accounts) {
            let account = u32::from_le_bytes(*account);
            if account == NONE {
                return None;
            }
            if u32::from_le_bytes(*seen) == hash && bears(raw, account, asked) {
                return Some(AccountId(account));
            }
        }
        at = if at + 1 >= buckets.len() { 0 } else { at + 1 };
    }
    None
}

/// All buckets.
#[inline]
pub(crate) fn buckets(raw: Raw<'_>) -> &[Bucket] {
    raw.words_of(section::BUCKETS).as_chunks().0.as_chunks().0
}

/// Whether an account has this login.
#[inline]
fn bears(raw: Raw<'_>, account: u32, asked: &[u8]) -> bool {
    let Some(card) = raw.card(account).map(Entries::new) else { return false };
    let own = card.login();
    if own.is_empty() { same(Block::new(raw, account).login_bytes(), asked) } else { same(own, asked) }
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
    fn the_hash_looks_at_every_byte() {
        let text: std::vec::Vec<u8> = (0..40).map(|n| b'a' + n % 26).collect();
        for length in 0..text.len() {
            let login = &text[..length];
            assert_ne!(hash(login), hash(&text[..=length]));
            for at in 0..length {
                let mut other = login.to_vec();
                other[at] ^= 1;
                assert_ne!(hash(login), hash(&other), "{length} bytes, the one at {at}");
                assert!(!same(login, &other) && same(login, &login.to_ascii_uppercase()));
                assert!(!same(login, &text[..=length]));
            }
        }
    }

    #[test]
    fn the_hash_is_the_documented_one() {
        let logins = [&b"a"[..], b"abcdefgh", b"Abcdefghi"];
        assert_eq!(logins.map(hash), [2_932_095_749, 1_101_269_822, 3_421_423_974]);
    }

    #[test]
    fn homes_stay_inside() {
        for slots in [1, 2, 3, 1000, u32::MAX] {
            assert_eq!(home(0, slots), 0);
            assert!(home(u32::MAX, slots) < slots);
        }
    }
}
