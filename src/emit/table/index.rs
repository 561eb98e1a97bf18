//! The index of logins: open addressing, at most four slots in five full, filled in the order of the hashes.

use bailiwick_table::layout::{NONE, limit};
use bailiwick_table::login::{hash, home};

use super::Refused;

/// The slots, and how many of them a look-up may have to visit.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) slots: Vec<u32>,
    pub(super) probes: u32,
}

/// The index of these logins, which stand in the order of the accounts.
pub(super) fn of(logins: &[&str]) -> Result<Index, Refused> {
    let mut hashes: Vec<(u32, u32)> =
        (0..).zip(logins).map(|(account, login)| (hash(login.as_bytes()), account)).collect();
    hashes.sort_unstable();
    let mut count = (logins.len() * 5).div_ceil(4);
    loop {
        Refused::over("slots for logins", count, u32::MAX)?;
        let index = fill(&hashes, count);
        if index.probes <= limit::PROBE {
            return Ok(index);
        }
        if count / 16 > logins.len() {
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
    let mut slots: Vec<u32> = [0, NONE].repeat(count);
    let mut probes = 0;
    for (hash, account) in hashes {
        let mut at = home(*hash, size) as usize;
        let mut visited = 1;
        while slots[2 * at + 1] != NONE {
            at = if at + 1 == count { 0 } else { at + 1 };
            visited += 1;
        }
        slots[2 * at] = *hash;
        slots[2 * at + 1] = *account;
        probes = probes.max(visited);
    }
    Index { slots, probes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_slots_in_five_are_full() -> Result<(), Refused> {
        let names: Vec<String> = (0..1000).map(|n| format!("user{n}")).collect();
        let logins: Vec<&str> = names.iter().map(String::as_str).collect();
        let index = of(&logins)?;
        assert_eq!(index.slots.len(), 2 * 1250);
        let full = index.slots.chunks(2).filter(|slot| slot[1] != NONE).count();
        assert_eq!(full, 1000);
        assert!(index.probes < 64, "{}", index.probes);
        Ok(())
    }

    #[test]
    fn nobody_has_no_slots() -> Result<(), Refused> {
        let index = of(&[])?;
        assert!(index.slots.is_empty() && index.probes == 0);
        Ok(())
    }
}
