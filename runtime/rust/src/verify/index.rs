//! The index of logins: as many full slots as accounts, at most four in five, and each account is where its login is looked for.

use crate::error::{LoadError, Problem, ensure};
use crate::layout::{NONE, section};
use crate::login;
use crate::raw::Raw;

/// How many look-ups wait for one another. They lead to random places; together the machine fetches several at a time.
const BATCH: usize = 64;

/// Accounts that are still to be looked for in the index.
pub(super) struct Index<'t> {
    slots: &'t [[[u8; 4]; 2]],
    probes: u32,
    /// The hash of a login, and the account.
    waiting: [(u32, u32); BATCH],
    count: usize,
}

impl<'t> Index<'t> {
    pub(super) fn new(raw: Raw<'t>, accounts: u32) -> Result<Self, LoadError> {
        let slots = raw.count(section::SLOTS);
        let enough = u64::from(slots) * 4 >= u64::from(accounts) * 5;
        ensure(enough, section::SLOTS, slots, Problem::Count)?;
        let mut full = 0;
        for slot in 0..slots {
            let [hash, account] = raw.record(section::SLOTS, slot);
            ensure(account != NONE || hash == 0, section::SLOTS, slot, Problem::Value)?;
            full += u32::from(account != NONE);
        }
        ensure(full == accounts, section::SLOTS, slots, Problem::Mismatch)?;
        let [_, _, probes, _]: [u32; 4] = raw.record(section::META, 0);
        let slots = raw.words_of(section::SLOTS).as_chunks().0;
        Ok(Self { slots, probes, waiting: [(0, 0); BATCH], count: 0 })
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
        let count = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        let waiting = self.waiting.get(..self.count).unwrap_or(&[]);
        // First a pass that decides nothing: a wrong guess about one look-up would keep the next from being fetched.
        let mut at_home = [(0, 0, 0); BATCH];
        for (slot, (hash, _)) in at_home.iter_mut().zip(waiting) {
            let home = login::home(*hash, count);
            let (seen, found) = self.slot(home);
            *slot = (home, seen, found);
        }
        for ((hash, account), (home, seen, found)) in waiting.iter().zip(at_home) {
            let leads = if found == *account { seen == *hash } else { self.leads(home, *hash, *account) };
            ensure(leads, section::ACCOUNTS, *account, Problem::Mismatch)?;
        }
        self.count = 0;
        Ok(())
    }

    /// Hash and account of a slot; no account outside the index.
    #[inline]
    fn slot(&self, at: u32) -> (u32, u32) {
        let [hash, account] = self.slots.get(at as usize).copied().unwrap_or([[0xff; 4]; 2]);
        (u32::from_le_bytes(hash), u32::from_le_bytes(account))
    }

    /// Whether a look-up comes to this account. It cannot stop at another one before: logins are all different.
    #[inline]
    fn leads(&self, home: u32, hash: u32, account: u32) -> bool {
        let mut at = home;
        for _ in 0..self.probes {
            let (seen, found) = self.slot(at);
            if found == account {
                return seen == hash;
            }
            if found == NONE {
                return false;
            }
            at = if at as usize + 1 >= self.slots.len() { 0 } else { at + 1 };
        }
        false
    }
}
