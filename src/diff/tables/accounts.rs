//! The accounts of both sides by their logins: those that surely are alike, and the others with all that is known of them.

use std::cmp::Ordering;
use std::ops::Range;

use bailiwick_table::parts::{PredId, RowId};
use bailiwick_table::{Account, AccountId};

use super::compare::Pair;
use super::joint::{Bytes, Joint, When};
use super::people::Person;
use super::rows::{Rows, Words};
use super::twins::{Judge, Twins};

/// Accounts that have the same ways to rights and the same facts on both sides, as runs whose numbers go side by side.
#[derive(Debug, Default)]
pub struct Quiet {
    /// The first of a run, before and after, and how many there are.
    runs: Vec<(u32, u32, u32)>,
}

impl Quiet {
    fn push(&mut self, [old, new]: [AccountId; 2]) {
        match self.runs.last_mut() {
            Some((first, other, count)) if *first + *count == old.0 && *other + *count == new.0 => *count += 1,
            _ => self.runs.push((old.0, new.0, 1)),
        }
    }

    /// Their numbers before and after, in the order of their logins.
    pub fn iter(&self) -> impl Iterator<Item = [AccountId; 2]> + '_ {
        let runs = self.runs.iter();
        runs.flat_map(|(old, new, count)| (0..*count).map(move |n| [AccountId(old + n), AccountId(new + n)]))
    }
}

/// All accounts.
#[derive(Debug, Default)]
pub(super) struct Merged {
    pub(super) quiet: Quiet,
    pub(super) pairs: Vec<Pair>,
    /// How many there are on either side.
    pub(super) count: usize,
}

/// The accounts of both sides by login.
pub(super) fn merged(words: &mut Words<'_, '_>, rows: &mut Rows) -> Merged {
    let mut found = Merged::default();
    for part in scan(words.joint, words.twins, rows) {
        found.count += part.count;
        found.quiet.runs.extend(part.quiet.runs);
        for ids in part.rest {
            compared(words, rows, ids, &mut found);
        }
    }
    found.quiet.runs.sort_unstable();
    found
}

/// Accounts next to one another, looked at by their numbers alone.
#[derive(Debug, Default)]
struct Part {
    quiet: Quiet,
    rest: Vec<[Option<AccountId>; 2]>,
    count: usize,
}

/// From how many accounts on two threads look at them.
const WORTH_A_THREAD: u32 = 50_000;

/// All accounts in parts; of many at the same time, where the system has threads.
fn scan(joint: &Joint<'_>, twins: &Twins, rows: &Rows) -> Vec<Part> {
    let [before, after] = joint.tables;
    let ends = [before.account_count(), after.account_count()];
    let whole = || vec![part(joint, twins, rows, [0..ends[0], 0..ends[1]])];
    if ends[0] < WORTH_A_THREAD {
        return whole();
    }
    let middle = ends[0] / 2;
    let from = before.account_of(AccountId(middle)).map_or(&[][..], Account::login_bytes);
    let (mut low, mut high) = (0, ends[1]);
    while low < high {
        let at = low + (high - low) / 2;
        let less = after.account_of(AccountId(at)).is_some_and(|account| account.login_bytes() < from);
        if less { low = at + 1 } else { high = at }
    }
    std::thread::scope(|scope| {
        let second = || part(joint, twins, rows, [middle..ends[0], low..ends[1]]);
        let Ok(beside) = std::thread::Builder::new().spawn_scoped(scope, second) else { return whole() };
        let first = part(joint, twins, rows, [0..middle, 0..low]);
        vec![first, beside.join().unwrap_or_else(|_| second())]
    })
}

/// The accounts in these ranges, which hold the same logins as far as both sides have them.
fn part(joint: &Joint<'_>, twins: &Twins, rows: &Rows, [old, new]: [Range<u32>; 2]) -> Part {
    let [before, after] = joint.tables;
    let mut at = [old.start, new.start];
    let mut both = [known(before, at[0], old.end), known(after, at[1], new.end)];
    let mut found = Part::default();
    loop {
        while let [Some(one), Some(other)] = both
            && twins.is_stored_alike(&mut Numbers(rows), [one, other])
        {
            found.count += 1;
            found.quiet.push(at.map(AccountId));
            at = at.map(|id| id + 1);
            both = [known(before, at[0], old.end), known(after, at[1], new.end)];
        }
        let order = match both {
            [Some(one), Some(other)] => one.login_bytes().cmp(other.login_bytes()),
            [Some(_), None] => Ordering::Less,
            [None, Some(_)] => Ordering::Greater,
            [None, None] => return found,
        };
        found.count += 1;
        let ids = [order.is_le().then_some(AccountId(at[0])), order.is_ge().then_some(AccountId(at[1]))];
        match (both, ids) {
            ([Some(one), Some(other)], [Some(old), Some(new)])
                if twins.account(joint, &mut Numbers(rows), [one, other]) =>
            {
                found.quiet.push([old, new]);
            }
            _ => found.rest.push(ids),
        }
        if order.is_le() {
            at[0] += 1;
            both[0] = known(before, at[0], old.end);
        }
        if order.is_ge() {
            at[1] += 1;
            both[1] = known(after, at[1], new.end);
        }
    }
}

fn known<'t>(table: &'t Bytes<'_>, id: u32, end: u32) -> Option<Account<'t>> {
    if id < end { table.account_of(AccountId(id)) } else { None }
}

/// What is known of rows, and nothing more of predicates than their numbers tell.
struct Numbers<'r>(&'r Rows);

impl Judge for Numbers<'_> {
    #[inline]
    fn rows(&mut self, old: RowId, new: RowId) -> bool {
        self.0.is_pair(old, new)
    }

    #[inline]
    fn preds(&mut self, _: PredId, _: PredId) -> bool {
        false
    }
}

/// Everything, where it has to be taken apart.
struct Apart<'a, 'w, 't>(&'a mut Words<'w, 't>, &'a mut Rows);

impl Judge for Apart<'_, '_, '_> {
    fn rows(&mut self, old: RowId, new: RowId) -> bool {
        self.1.pair(self.0, old, new)
    }

    fn preds(&mut self, old: PredId, new: PredId) -> bool {
        let Words { joint, shapes, .. } = &mut *self.0;
        shapes.of(joint, When::Before, old) == shapes.of(joint, When::After, new)
    }
}

/// Takes an account apart.
fn compared(words: &mut Words<'_, '_>, rows: &mut Rows, ids: [Option<AccountId>; 2], found: &mut Merged) {
    if let [Some(old), Some(new)] = ids
        && let [before, after] = words.joint.tables
        && let (Some(one), Some(other)) = (before.account_of(old), after.account_of(new))
    {
        let (joint, twins) = (words.joint, words.twins);
        if twins.account(joint, &mut Apart(words, rows), [one, other]) {
            found.quiet.push([old, new]);
            return;
        }
    }
    let ways = When::BOTH.map(|when| match ids[when.index()] {
        Some(id) => rows.ways(words.joint, words.shapes, when, id),
        None => vec![],
    });
    let people = people(words.joint, ids);
    if let [Some(old), Some(new)] = ids
        && ways[0] == ways[1]
        && people[0] == people[1]
    {
        found.quiet.push([old, new]);
    } else {
        found.pairs.push(Pair { login: people[1].login.clone(), ids, people, ways });
    }
}

/// What both sides know of an account. Where only one names it, the other sees the same somebody, who was given nothing.
pub(super) fn people(joint: &Joint<'_>, ids: [Option<AccountId>; 2]) -> [Person; 2] {
    let of = |when: When| ids[when.index()].map(|id| Person::of(joint, when, id));
    match (of(When::Before), of(When::After)) {
        (Some(old), Some(new)) => [old, new],
        (Some(old), None) => {
            let new = old.stranger();
            [old, new]
        }
        (None, Some(new)) => [new.stranger(), new],
        (None, None) => [Person::default(), Person::default()],
    }
}
