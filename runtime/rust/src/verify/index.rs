//! The index of logins: as many full slots as accounts, and each account is where its login is looked for.

use crate::error::{LoadError, Problem, ensure};
use crate::layout::{NONE, bucket, section};
use crate::login::{self, Bucket};
use crate::raw::Raw;

/// How many look-ups wait for one another. They lead to random places; together the machine fetches several at a time.
const BATCH: usize = 64;

/// Accounts that are still to be looked for in the index.
pub(super) struct Index<'t> {
    buckets: &'t [Bucket],
    probes: u32,
    /// The hash of a login, and the account.
    waiting: [(u32, u32); BATCH],
    count: usize,
}

/// Of the index by itself: full slots come first in a bucket, and there are as many as accounts.
pub(super) fn slots(raw: Raw<'_>, accounts: u32) -> Result<(), LoadError> {
    let mut full = 0;
    for (number, [hashes, slots]) in (0..).zip(login::buckets(raw)) {
        let mut here = 0;
        let mut wrong = 0;
        for (slot, (hash, account)) in hashes.iter().zip(slots).enumerate() {
            let is_empty = u32::from_le_bytes(*account) == NONE;
            wrong |= u32::from(if is_empty { u32::from_le_bytes(*hash) != 0 } else { slot != here });
            here += usize::from(!is_empty);
        }
        ensure(wrong == 0, section::BUCKETS, number, Problem::Value)?;
        full += here;
    }
    ensure(full == accounts as usize, section::BUCKETS, raw.count(section::BUCKETS), Problem::Mismatch)
}

impl<'t> Index<'t> {
    pub(super) fn new(raw: Raw<'t>) -> Self {
        let [_, _, probes, _]: [u32; 4] = raw.record(section::META, 0);
        Self { buckets: login::buckets(raw), probes, waiting: [(0, 0); BATCH], count: 0 }
    }

    /// An account whose login has this hash must be found.
    #[inline]
    pub(super) fn expect(&mut self, hash: u32, account: u32) -> Result<(), LoadError> {
        if self.count == BATCH {
            self.look()?;
        }
        if let Some(place) = self.waiting.get_mut(self.count) {
            *place = (hash, account);
            self.count += 1;
        }
        Ok(())
    }

    /// Looks for those that are left.
    pub(super) fn finish(mut self) -> Result<(), LoadError> {
        self.look()
    }

    fn look(&mut self) -> Result<(), LoadError> {
        let count = u32::try_from(self.buckets.len()).unwrap_or(u32::MAX);
        let waiting = self.waiting.get(..self.count).unwrap_or(&[]);
        // First a pass that decides nothing: a wrong guess about one look-up would keep the next from being fetched.
        let mut found = [false; BATCH];
        for (found, (hash, account)) in found.iter_mut().zip(waiting) {
            *found = self.holds(login::home(*hash, count), *hash, *account);
        }
        for ((hash, account), found) in waiting.iter().zip(found) {
            let leads = found || self.leads(login::home(*hash, count), *hash, *account);
            ensure(leads, section::ACCOUNTS, *account, Problem::Mismatch)?;
        }
        self.count = 0;
        Ok(())
    }

    /// Whether a bucket has this account under this hash.
    #[inline]
    fn holds(&self, at: u32, hash: u32, account: u32) -> bool {
        let Some([hashes, accounts]) = self.buckets.get(at as usize) else { return false };
        let slots = hashes.iter().zip(accounts);
        slots.fold(false, |found, (seen, own)| {
            found | ((u32::from_le_bytes(*seen) == hash) & (u32::from_le_bytes(*own) == account))
        })
    }

    /// Whether a look-up comes to this account. It cannot stop at another one before: logins are all different.
    fn leads(&self, home: u32, hash: u32, account: u32) -> bool {
        let mut at = home;
        for _ in 0..self.probes {
            if self.holds(at, hash, account) {
                return true;
            }
            let Some([_, accounts]) = self.buckets.get(at as usize) else { return false };
            if accounts[bucket::SLOTS - 1] == NONE.to_le_bytes() {
                return false;
            }
            at = if at as usize + 1 >= self.buckets.len() { 0 } else { at + 1 };
        }
        false
    }
}
