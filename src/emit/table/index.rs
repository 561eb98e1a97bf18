//! The index of logins: buckets of eight, at most four slots in five full, filled in the order of the hashes.

use bailiwick_table::layout::{NONE, bucket, limit};
use bailiwick_table::login::{hash, home};

use super::Refused;

/// The buckets, and how many of them a look-up may have to visit.
#[derive(Debug)]
pub(super) struct Index {
    /// Of each bucket eight hashes, then eight accounts.
    pub(super) words: Vec<u32>,
    pub(super) probes: u32,
}

/// The words of a bucket.
const WORDS: usize = 2 * bucket::SLOTS;

/// The index of these logins, which stand in the order of the accounts.
pub(super) fn of<'l>(logins: impl ExactSizeIterator<Item = &'l str>) -> Result<Index, Refused> {
    let mut hashes: Vec<(u32, u32)> =
        (0..).zip(logins).map(|(account, login)| (hash(login.as_bytes()), account)).collect();
    hashes.sort_unstable();
    let mut count = (hashes.len() * 5).div_ceil(4 * bucket::SLOTS);
    loop {
        Refused::over("buckets for logins", count, u32::MAX)?;
        let index = fill(&hashes, count);
        if index.probes <= limit::PROBE {
            return Ok(index);
        }
        if count > hashes.len() {
            return Err(Refused {
                what: "logins of nearly one hash".to_owned(),
                has: u64::from(index.probes),
                most: u64::from(limit::PROBE),
            });
        }
        count *= 2;
    }
}

fn fill(hashes: &[(u32, u32)], count: usize) -> Index {
    let size = u32::try_from(count).unwrap_or(u32::MAX);
    let mut words: Vec<u32> = [[0; bucket::SLOTS], [NONE; bucket::SLOTS]].concat().repeat(count);
    let mut full = vec![0; count];
    let mut probes = 0;
    for (hash, account) in hashes {
        let mut at = home(*hash, size) as usize;
        let mut visited = 1;
        while full[at] == bucket::SLOTS {
            at = if at + 1 == count { 0 } else { at + 1 };
            visited += 1;
        }
        let slot = WORDS * at + full[at];
        words[slot] = *hash;
        words[slot + bucket::SLOTS] = *account;
        full[at] += 1;
        probes = probes.max(visited);
    }
    Index { words, probes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_slots_in_five_are_full() -> Result<(), Refused> {
        let names: Vec<String> = (0..1000).map(|n| format!("user{n}")).collect();
        let index = of(names.iter().map(String::as_str))?;
        assert_eq!(index.words.len(), 157 * WORDS);
        let accounts = index.words.chunks(WORDS).flat_map(|bucket| &bucket[bucket::SLOTS..]);
        assert_eq!(accounts.filter(|account| **account != NONE).count(), 1000);
        assert!(index.probes < 8, "{}", index.probes);
        Ok(())
    }

    #[test]
    fn nobody_has_no_slots() -> Result<(), Refused> {
        let index = of([].into_iter())?;
        assert!(index.words.is_empty() && index.probes == 0);
        Ok(())
    }
}
